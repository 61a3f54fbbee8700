package app

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// placesAgain is how soon it is looked again whether events get their places in the log.
const placesAgain = 30 * time.Second

// placed proves that events get their places in the log, where that takes a moment. It waits
// for as long as ctx allows: what waits for longer, IT is told of.
func placed(ctx context.Context, s store.Store) error {
	later, ok := s.(store.Sealer)
	if !ok {
		return nil
	}
	err := later.Sealed(ctx)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &access.Failure{
		Class: access.Denied, Err: err,
		Sentence: "Events have waited for a minute for their places in the log, and nothing of them is told in Jira before they have them: " +
			"see what the replicas' logs say of it, and what holds locks in the database",
	}
}
