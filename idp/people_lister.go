package idp

import (
	"context"
	"iter"
)

// PeopleLister goes through everybody in a directory.
type PeopleLister interface {
	// People goes through all accounts that have not left, page by page, without saying who their managers are. An error is the last
	// thing it yields, and what came before it is not everybody. Once through only.
	People(ctx context.Context) iter.Seq2[Person, error]
}
