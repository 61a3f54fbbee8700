package write

import (
	"context"

	"latchkey/evidence"
	"latchkey/evidence/pack"
)

// PackLimited is Write with fewer rows on a page, and fewer printed, so that tests need fewer.
func PackLimited(ctx context.Context, c pack.Campaign, sign evidence.Sign, to Files, page, print int) error {
	_, err := write(ctx, c, sign, to, limits{page, print})
	return err
}
