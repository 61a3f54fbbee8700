package provision

import (
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// stickyAttempts: a removal that was accepted and did not stick is no passing matter.
const stickyAttempts = 3

// sticks tells that a removal was accepted several times and doesn't stick.
func sticks(_ *engine.Unit, t store.Task, f *access.Failure) (bool, error) {
	return t.Attempts == stickyAttempts && errors.Is(f, errBack), nil
}

// stuck makes the trouble of a change visible, as an event of its grant.
func (s *Service) stuck(u *engine.Unit, t store.Task, f *access.Failure) error {
	p, err := engine.ReadPayload[change](t)
	if err != nil {
		return err
	}
	g, err := u.Grant(p.Grant)
	if err != nil {
		return err
	}
	if g.State == access.GrantStuck && g.Problem == f.Sentence {
		return nil // told before
	}
	e := g.Event(access.EventStuck, access.System(), u.At)
	e.Group, e.Note = &p.Group, f.Sentence
	_, err = u.MoveGrant(g, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // the grant moved on meanwhile; there is nothing to be stuck about
	}
	return err
}
