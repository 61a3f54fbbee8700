package people

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Account is somebody's account in one directory, from memory where it is fresh
// enough: the one that is bound to them, read by its id. Where none is bound, it is
// the one with their address, unless it is somebody else's.
func (s *Service) Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error) {
	key := accountKey{d.ID(), who}
	if a, ok := s.memory.account(key); ok {
		return a, nil
	}
	l := s.memory.begin()
	k, err := s.remembered(ctx, who)
	if err != nil {
		return idp.Person{}, err
	}
	found, err := s.accountOf(ctx, d, k.Person)
	if err == nil {
		s.memory.keepAccount(key, found, l)
	}
	return found, err
}

func (s *Service) accountOf(ctx context.Context, d idp.Directory, p access.Person) (idp.Person, error) {
	if id := p.Account(d.ID()); id != "" {
		return d.Person(ctx, id)
	}
	found, err := idp.Person{}, fmt.Errorf("%s has no address by which an account could be found: %w", p.Display(), idp.ErrNotFound)
	for _, a := range addressesFor(p) {
		if found, err = d.FindPerson(ctx, string(a)); !errors.Is(err, idp.ErrNotFound) {
			break
		}
	}
	if err != nil {
		return found, err
	}
	bearer, err := s.bearer(ctx, d.ID(), found.ID)
	if err == nil && bearer != nil && bearer.ID != p.ID {
		err = fmt.Errorf("the account with the address of %s is known as that of %s: %w", p.Display(), bearer.Display(), idp.ErrAmbiguous)
	}
	return found, err
}

// addressesFor are those by which a person's account is looked for: what names
// them, and of guests what is shown.
func addressesFor(p access.Person) []access.Email {
	all := p.Addresses()
	if len(all) == 0 && p.Kind != access.Employee && p.Email != "" {
		return []access.Email{p.Email}
	}
	return all
}

// enlisting is how many members nobody knew are remembered in one unit: few enough
// that nobody's click waits behind it.
const enlisting = 100

// Enlist says who the members of a group are, by their accounts. Who was not known
// gets an id, by that account alone, unless the account turns out to be that of
// somebody known by other means.
func (s *Service) Enlist(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error) {
	out := make(map[string]access.PersonID, len(members))
	rest, err := s.borne(ctx, directory, members, out)
	if err != nil || len(rest) == 0 {
		return out, err
	}
	if rest, err = s.recognise(ctx, directory, rest, out); err != nil {
		return out, err
	}
	for some := range slices.Chunk(rest, enlisting) {
		fresh := make([]access.PersonID, len(some))
		for i := range fresh {
			fresh[i] = s.newID()
		}
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			for i, m := range some {
				who, err := enlist(u, listed(directory, m), fresh[i])
				if err != nil {
					return err
				}
				out[m.PersonID] = who
			}
			return nil
		})
		if err != nil {
			return out, fmt.Errorf("remember who is in a group: %w", err)
		}
	}
	return out, nil
}

// borne adds those whose accounts are bound, and gives the others.
func (s *Service) borne(ctx context.Context, directory string, members []idp.Membership, out map[string]access.PersonID) (rest []idp.Membership, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		rest = nil
		for _, m := range members {
			k, err := store.PersonByAccount(tx, directory, m.PersonID)
			switch {
			case err == nil:
				out[m.PersonID] = k.ID
			case !errors.Is(err, store.ErrNotFound):
				return err
			case m.PersonID != "":
				rest = append(rest, m)
			}
		}
		return nil
	})
	return rest, err
}

// recognise looks anew at people who have the address of a member and no account
// in the directory yet: it may have been made since. It gives the members that are
// still nobody's.
func (s *Service) recognise(ctx context.Context, directory string, members []idp.Membership, out map[string]access.PersonID) ([]idp.Membership, error) {
	var named []access.PersonID
	err := s.units.View(ctx, func(tx store.Tx) error {
		named = nil
		for _, m := range members {
			k, err := store.PersonByAddress(tx, access.NewEmail(m.Email))
			if err != nil && !unnamed(err) {
				return err
			}
			if err == nil && m.Status == idp.Active && k.Account(directory) == "" {
				named = append(named, k.ID)
			}
		}
		return nil
	})
	if err != nil || len(named) == 0 {
		return members, err
	}
	sideBySide(len(named), func(i int) {
		s.Forget(named[i])
		if _, err := s.Person(ctx, named[i]); err != nil {
			s.log.Warn("somebody with the address of a member can't be looked up", "person", named[i], "error", err)
		}
	})
	return s.borne(ctx, directory, members, out)
}

// listed is what a list of members shows of one of them.
func listed(directory string, m idp.Membership) access.AccountSnapshot {
	return access.AccountSnapshot{
		System: directory, ID: m.PersonID, Kind: access.Employee, Standing: standingOf(m.Status), Address: access.NewEmail(m.Email), Level: access.AssuranceShown,
	}
}

// enlist is the person behind an account, who is remembered.
func enlist(u *engine.Unit, account access.AccountSnapshot, fresh access.PersonID) (access.PersonID, error) {
	q := access.IdentityQuestion{At: u.At, Account: account}
	if err := known(u.Tx, &q); err != nil {
		return "", err
	}
	if q.Bound != nil {
		return q.Bound.ID, nil
	}
	k, err := store.Identified(u.Tx, access.Enlist(q), fresh, u.At)
	if err != nil {
		return "", err
	}
	k.Kind, k.Standing = q.Account.Kind, q.Account.Standing
	return k.ID, store.PutPerson(u.Tx, &k)
}
