package people

import (
	"cmp"
	"context"
	"errors"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// HasLeft tells whether Slack or a directory says that somebody has left: of an
// account that is bound to them. One that has their address may be that of somebody
// who had it before, and one that can't be found may have been moved. What one says
// counts whether the others answer or not.
func (s *Service) HasLeft(ctx context.Context, who access.PersonID) (bool, error) {
	k, err := s.remembered(ctx, who)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	left, silent := s.leftSlack(ctx, k.Person)
	if left {
		return true, nil
	}
	for _, d := range s.dirs {
		if speaks, err := s.Speaks(ctx, d.ID(), who); k.Account(d.ID()) == "" || err != nil || !speaks {
			silent = cmp.Or(silent, err)
			continue
		}
		acc, err := s.Account(ctx, d, who)
		switch {
		case err == nil && acc.Status == idp.Left:
			return true, nil
		case err != nil && !errors.Is(err, idp.ErrNotFound) && !errors.Is(err, idp.ErrAmbiguous):
			silent = cmp.Or(silent, DirectoryFailure(d, "Look up "+k.Contact()+" in "+d.ID(), err))
		}
	}
	return false, silent
}

func (s *identities) leftSlack(ctx context.Context, p access.Person) (bool, error) {
	id := p.Account(access.SystemSlack)
	if id == "" {
		return false, nil
	}
	m, err := s.roster.Member(ctx, id)
	if err != nil {
		return false, Softly(err)
	}
	return m.Standing == access.Left, nil
}

// Whose is the person who is bound to an account of a system; "" if nobody is.
func (s *Service) Whose(ctx context.Context, system, id string) (access.PersonID, error) {
	if system == access.SystemSlack {
		if err := s.renumbered(ctx, id); err != nil {
			return "", err
		}
	}
	p, err := s.bearer(ctx, system, id)
	if err != nil || p == nil {
		return "", err
	}
	return p.ID, nil
}

// StillHere refuses somebody who is remembered to have left, or to have been offboarded. It is for the unit of
// work in which their word would count: they may have left since they were
// looked up.
func StillHere(u *engine.Unit, who access.PersonID) error {
	k, err := store.Person(u.Tx, who)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case k.Standing == access.Left, !k.Doubted.IsZero(), !k.Offboarded.IsZero():
		return k.MayAct()
	}
	return nil
}

// MarkLeft remembers that somebody has left. What they were known by stays.
func MarkLeft(u *engine.Unit, who access.PersonID) error {
	k, err := store.Person(u.Tx, who)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if k.Standing == access.Left {
		return nil
	}
	if err != nil {
		k.Person = Stranger(who)
		k.Kind = access.Employee
	}
	k.Standing = access.Left
	if k.Away.IsZero() {
		k.Away = u.At
	}
	return store.PutPerson(u.Tx, &k)
}

// MarkOffboarded remembers that IT ended everything somebody has: they neither ask nor
// decide until IT says that they are the same person as before (Corrections).
func MarkOffboarded(u *engine.Unit, who access.PersonID) error {
	k, err := store.Person(u.Tx, who)
	if err != nil || !k.Offboarded.IsZero() {
		return err
	}
	k.Offboarded = u.At
	return store.PutPerson(u.Tx, &k)
}
