package ledger

import (
	"context"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// sealed has what is written into Jira wait until all that it tells of has its place in
// the log.
func (s *Service) sealed(do func(context.Context, store.Task) (engine.Outcome, error)) func(context.Context, store.Task) (engine.Outcome, error) {
	return func(ctx context.Context, t store.Task) (engine.Outcome, error) {
		if err := s.units.Sealed(ctx); err != nil {
			return nil, err
		}
		return do(ctx, t)
	}
}
