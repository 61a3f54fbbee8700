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

// registerBatch is how many members nobody knew are remembered in one unit: few enough
// that nobody's click waits behind it.
const registerBatch = 100

// Register says who the members of a group are, by their accounts. Who was not known
// gets an id, by that account alone, unless the account turns out to be that of
// somebody known by other means.
func (s *Service) Register(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error) {
	out := make(map[string]access.PersonID, len(members))
	rest, err := s.borne(ctx, directory, members, out)
	if err != nil || len(rest) == 0 {
		return out, err
	}
	if rest, err = s.recognise(ctx, directory, rest, out); err != nil {
		return out, err
	}
	for some := range slices.Chunk(rest, registerBatch) {
		fresh := make([]access.PersonID, len(some))
		for i := range fresh {
			fresh[i] = s.newID()
		}
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			for i, m := range some {
				who, err := register(u, listed(directory, m), fresh[i])
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

// Beneficiary is Member for whom access is asked for. Guests and people of other
// organisations can have access, though they can't ask: they are met as whoever has
// this account, and no address names them.
func (s *Service) Beneficiary(ctx context.Context, slackID string) (access.Person, error) {
	m, err := s.Member(ctx, slackID)
	if err != nil || m.ID != "" || m.Kind != access.Guest && m.Kind != access.External || m.Standing != access.Active || m.Email == "" {
		return m, err
	}
	fresh := s.newID()
	var who access.PersonID
	err = s.units.Update(ctx, func(u *engine.Unit) (err error) {
		who, err = register(u, snapshotOf(m), fresh)
		return err
	})
	if err != nil {
		return m, err
	}
	return s.Person(ctx, who)
}

// borne adds those whose accounts are bound, and gives the others.
func (s *identities) borne(ctx context.Context, directory string, members []idp.Membership, out map[string]access.PersonID) (rest []idp.Membership, err error) {
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

// register is the person behind an account, who is remembered.
func register(u *engine.Unit, account access.AccountSnapshot, fresh access.PersonID) (access.PersonID, error) {
	q := access.IdentityQuestion{At: u.At, Account: account}
	if err := known(u.Tx, &q); err != nil {
		return "", err
	}
	if q.Bound != nil {
		return q.Bound.ID, nil
	}
	k, err := store.Identified(u.Tx, access.Register(q), fresh, u.At)
	if err != nil {
		return "", err
	}
	k.Kind, k.Standing = q.Account.Kind, q.Account.Standing
	return k.ID, store.PutPerson(u.Tx, &k)
}
