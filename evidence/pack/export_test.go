package pack

import (
	"context"

	"latchkey/evidence"
)

// WriteLimited is Write with fewer rows on a page, and fewer printed, so that tests need fewer.
func WriteLimited(ctx context.Context, c Campaign, sign evidence.Sign, to Files, page, print int) error {
	_, err := write(ctx, c, sign, to, limits{page, print})
	return err
}
