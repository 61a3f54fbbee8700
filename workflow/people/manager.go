package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// boss is what a directory says of somebody's manager.
type boss struct {
	directory, account string // the manager's account there, if it says which
	address            access.Email
	known              bool // a directory kept silent, so the manager known last stands in
}

// managerIn is the manager as far as the store knows them; "" if it doesn't, or if
// there is none.
func managerIn(tx store.Tx, b boss, last access.PersonID) (access.PersonID, error) {
	if b.account != "" {
		k, err := store.PersonByAccount(tx, b.directory, b.account)
		if !errors.Is(err, store.ErrNotFound) {
			return k.ID, err
		}
	}
	if b.address != "" {
		k, err := store.PersonByAddress(tx, b.address)
		if !unnamed(err) {
			return k.ID, err
		}
	}
	if b.known && b.address == "" {
		return last, nil
	}
	return "", nil
}

// managed is somebody out of memory, whose manager may be known by now.
func (s *Service) managed(ctx context.Context, f freshPerson) (access.Person, error) {
	if f.person.Manager != "" || f.boss.address == "" {
		return f.person, nil
	}
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		f.person.Manager, err = managerIn(tx, f.boss, "")
		return err
	})
	return f.person, err
}

// Manager is the manager of somebody, who is met if nobody has known them yet. None
// without an error: there is none, or nobody in Slack is known to be them.
func (s *Service) Manager(ctx context.Context, who access.PersonID) (access.PersonID, error) {
	p, err := s.Person(ctx, who)
	if err != nil || p.Manager != "" {
		return p.Manager, Softly(err)
	}
	f, ok := s.memory.person(who)
	if !ok || f.boss.address == "" || f.missing {
		return "", nil
	}
	m, err := s.ByAddress(ctx, f.boss.address)
	if err != nil {
		if Softly(err) == nil {
			s.log.Warn("a manager is not known in Slack", "person", who, "manager", f.boss.address, "error", err)
			s.memory.noManager(who)
		}
		return "", Softly(err)
	}
	return m.ID, s.manages(ctx, who, m.ID)
}

// manages remembers whose manager somebody is.
func (s *Service) manages(ctx context.Context, who, manager access.PersonID) error {
	s.memory.change(who, func(p *access.Person) { p.Manager = manager })
	return s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, who)
		if err != nil || k.Manager == manager {
			return err
		}
		k.Manager = manager
		return store.PutPerson(u.Tx, &k)
	})
}
