package birthright

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Plan is what would be done if everybody was looked at now. Nothing is changed.
type Plan struct {
	Looked  int             // accounts
	DryRun  bool            // nothing would be done, for birthrights.dry_run is true
	Asks    bool            // so much would be done at once that IT would be asked first
	People  []PlannedPerson // for whom something would be done, or of whom something isn't known
	Skipped []string        // what couldn't be looked at, and why
}

// PlannedPerson is what would be done for one.
type PlannedPerson struct {
	Contact string
	Gets    []string // roles, with the rule of each
	Loses   []string
	Unknown []string // roles of which it isn't known, and for want of what
}

// Plan looks at everybody and says what would be done. What is under way already, and waits to count, is in it.
func (s *Service) Plan(ctx context.Context, by access.Actor) (p Plan, err error) {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return p, err
	}
	if err := s.authority.May(caller, people.ActBirthrights, people.Matter{}); err != nil {
		return p, err
	}
	known := s.catalog()
	p.DryRun = known.Birthrights().DryRun
	var all []planned
	for _, d := range s.dirs {
		lister, able := idp.As[idp.PeopleLister](d)
		if !able {
			p.Skipped = append(p.Skipped, d.ID()+": this kind of directory can't be listed")
			continue
		}
		for account, err := range lister.People(ctx) {
			if err != nil {
				return p, people.DirectoryFailure(d, "List the accounts in "+d.ID(), err)
			}
			p.Looked++
			one, changes, err := s.planOne(ctx, d, account)
			if err != nil {
				return p, err
			}
			if len(changes.changes) > 0 {
				all = append(all, changes)
			}
			if len(one.Gets)+len(one.Loses)+len(one.Unknown) > 0 {
				p.People = append(p.People, one)
			}
		}
	}
	slices.SortFunc(p.People, func(a, b PlannedPerson) int { return strings.Compare(a.Contact, b.Contact) })
	return p, s.units.View(ctx, func(tx store.Tx) error {
		p.Asks, err = tooMuch(tx, known.Birthrights().Brake, len(all), all)
		return err
	})
}

// planOne is what would be done for whoever has an account.
func (s *Service) planOne(ctx context.Context, d idp.Directory, account idp.Person) (one PlannedPerson, all planned, err error) {
	var v view
	var has []access.Grant
	look := func() error {
		return s.units.View(ctx, func(tx store.Tx) error {
			v, has, err = s.listed(tx, d.ID(), account)
			return err
		})
	}
	if err := look(); err != nil || !v.counts() {
		return one, all, err
	}
	seen := v.known.Entitled(v.named, s.plainly(v))
	if s.further(v, seen) {
		if account, err = d.Person(ctx, account.ID); errors.Is(err, idp.ErrNotFound) {
			return one, all, nil
		}
		if err != nil {
			return one, all, people.DirectoryFailure(d, "Read an account in "+d.ID(), err)
		}
		if err := look(); err != nil {
			return one, all, err
		}
		seen = v.known.Entitled(v.named, s.asking(ctx, v))
	}
	f := access.Follow(nil, seen, has, v.known.Birthrights(), s.units.Now())
	one.Contact, all = idp.FoldAddress(account.Email), planned{access.PersonID(account.ID), f.Changes}
	for _, c := range f.Changes {
		line := catalog.RoleRef{App: c.App, Role: c.Role}.String() + " (" + c.Rule + ")"
		if c.Gives {
			one.Gets = append(one.Gets, line)
		} else {
			one.Loses = append(one.Loses, line+": "+c.Why)
		}
	}
	for _, e := range seen {
		if e.Truth == catalog.Unknown {
			one.Unknown = append(one.Unknown, fmt.Sprintf("%s (%s): for want of %s", e.Role, e.Rule, strings.Join(e.Missing, ", ")))
		}
	}
	return one, all, nil
}
