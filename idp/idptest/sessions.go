package idptest

import (
	"context"
	"errors"
	"fmt"

	"latchkey/idp"
)

// OpenSession has a person sign in to the vendor itself.
func (v *Vendor) OpenSession(personID string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.open[personID]++
}

// Sessions counts what a person has open there.
func (v *Vendor) Sessions(personID string) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.open[personID]
}

// EndSessions implements idp.SessionEnder.
func (d directory) EndSessions(ctx context.Context, personID string) error {
	return d.v.writes(ctx, func() error {
		if d.v.person(personID) == nil {
			return fmt.Errorf("%s: no account has the id %q: %w", d.ID(), personID, idp.ErrNotFound)
		}
		delete(d.v.open, personID)
		return nil
	})
}

// endsSessions: all of one account's, whether there are any or not, and nobody else's.
func endsSessions(w world) {
	ender, able := idp.As[idp.SessionEnder](w.Directory)
	if !able {
		return
	}
	maya, noor := w.AddPerson(Person{Email: "maya@x.com"}), w.AddPerson(Person{Email: "noor@x.com"})
	w.OpenSession(maya)
	w.OpenSession(maya)
	w.OpenSession(noor)
	for range 2 {
		if err := ender.EndSessions(w.ctx, maya); err != nil {
			w.Fatal(err)
		}
		if mine, others := w.Sessions(maya), w.Sessions(noor); mine != 0 || others != 1 {
			w.Errorf("maya has %d sessions, noor %d", mine, others)
		}
	}
	if err := ender.EndSessions(w.ctx, "nobody"); !errors.Is(err, idp.ErrNotFound) {
		w.Errorf("of nobody: %v", err)
	}
	w.Fail(Denied)
	if err := ender.EndSessions(w.ctx, noor); !errors.Is(err, idp.ErrDenied) {
		w.Errorf("without the right: %v", err)
	}
}
