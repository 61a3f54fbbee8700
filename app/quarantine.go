package app

import (
	"context"
	"log/slog"

	"latchkey/store"
)

// logQuarantines writes into the log of the process why nobody is added, if that is so.
func logQuarantines(ctx context.Context, s store.Store, log *slog.Logger) {
	err := s.View(ctx, func(tx store.Tx) error {
		all, err := store.Quarantines(tx)
		for _, h := range all {
			log.WarnContext(ctx, "new access waits; what comes due ends all the same", "cause", h.Cause, "since", h.Since, "why", h.Why)
		}
		return err
	})
	if err != nil {
		log.WarnContext(ctx, "why new access waits can't be read back", "error", err)
	}
}
