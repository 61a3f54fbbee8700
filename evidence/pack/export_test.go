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

// Cell is a text as a cell of a CSV holds it.
func Cell(text string) string { return cell(text) }

// Clean is a text as people see it.
func Clean(text string) string { return clean(text) }
