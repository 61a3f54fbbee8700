package stepup

import (
	"context"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: store.SignInKind, Do: s.due}}
}

// due lets go of a sign-in whose time is up.
func (s *Service) due(u *engine.Unit, id string) error {
	in, err := store.LoadSignIn(u.Tx, id)
	if err != nil {
		return err
	}
	return s.lapse(u, in)
}

// Begin lets go of the sign-ins with a code that were under way when Latchkey stopped: what asks for them is in
// memory alone. Whoever was to sign in is told. Links go on.
func (s *Service) Begin(ctx context.Context) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		all, err := store.OpenSignIns(u.Tx)
		if err != nil {
			return err
		}
		for _, in := range all {
			if in.Link == "" {
				if err := s.lapse(u, in); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
