package birthright

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Duty is the name of the room's duty in the calendar: everybody is looked at.
const Duty = "birthrights"

// scanned marks for which rules everybody was looked at.
const scanned = "birthright.scan"

// scanTask has everybody looked at because the rules have changed.
func scanTask() store.Task {
	return store.Task{ID: "birthright/scan", Queue: engine.HouseQueue, Kind: ScanTask, Priority: store.Notices}
}

// ScanTask is the kind of task that looks at everybody.
const ScanTask = "birthright.everybody"

// Begin has everybody looked at where the rules are others than at the last look.
func (s *Service) Begin(ctx context.Context) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		m, err := store.LoadMark(u.Tx, scanned)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if m.After == s.version() {
			return nil
		}
		_, err = u.Enqueue(scanTask())
		return err
	})
}

// version names the rules, with the roles and policy they lead to; "" where there are none.
func (s *Service) version() string {
	known := s.catalog()
	if len(known.Birthrights().Rules) == 0 {
		return ""
	}
	return known.Version()
}

// scan looks at everybody there is in the directories: whose account shows that something may change is looked at by it. A list
// that breaks off moves nothing for those it doesn't name.
func (s *Service) scan(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	version := s.version()
	var faults []error
	for _, d := range s.dirs {
		lister, able := idp.As[idp.PeopleLister](d)
		if !able {
			continue
		}
		if err := s.scanOne(ctx, d, lister); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			faults = append(faults, people.DirectoryFailure(d, "List the accounts in "+d.ID()+", for what comes with who people are", err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		m, err := store.LoadMark(u.Tx, scanned)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		m.ID, m.At, m.After = scanned, u.At, version
		return store.PutMark(u.Tx, &m)
	}, nil
}

// scanBatch is how many accounts are compared with what their owners have in one transaction.
const scanBatch = 100

func (s *Service) scanOne(ctx context.Context, d idp.Directory, lister idp.PeopleLister) error {
	var some []idp.Person
	flush := func() error {
		if len(some) == 0 {
			return nil
		}
		batch := some
		some = nil
		return s.units.Update(ctx, func(u *engine.Unit) error {
			for _, p := range batch {
				changes, err := s.hinted(u.Tx, d.ID(), p)
				if err == nil && changes {
					err = lookAt(u, account{d.ID(), p.ID})
				}
				if err != nil {
					return fmt.Errorf("account %s in %s: %w", p.ID, d.ID(), err)
				}
			}
			return nil
		})
	}
	for p, err := range lister.People(ctx) {
		if err != nil {
			return errors.Join(err, flush())
		}
		if some = append(some, p); len(some) == scanBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// hinted tells whether the account of somebody, as a list shows it, is a reason to look at them.
func (s *Service) hinted(tx store.Tx, directory string, p idp.Person) (bool, error) {
	v, has, err := s.listed(tx, directory, p)
	if err != nil || !v.counts() {
		return false, err
	}
	waits, err := store.BirthrightsOf(tx, v.person.ID)
	if err != nil {
		return false, err
	}
	seen := v.known.Entitled(v.named, s.plainly(v))
	f := access.Follow(nil, seen, has, v.known.Birthrights(), s.units.Now())
	return len(f.Changes) > 0 || len(waits.Changes) > 0 || s.further(v, seen), nil
}

// listed is somebody as a list shows them, with all they have or had.
func (s *Service) listed(tx store.Tx, directory string, p idp.Person) (view, []access.Grant, error) {
	v := view{known: s.catalog(), dir: directory, account: p}
	k, err := store.PersonByAccount(tx, directory, p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return v, nil, nil
	}
	if err != nil {
		return v, nil, err
	}
	v.person = k.Person
	if err := v.load(tx); err != nil {
		return v, nil, err
	}
	has, err := grantsOf(tx, k.ID)
	return v, has, err
}

// plainly is asking without calling anybody.
func (s *Service) plainly(v view) func(catalog.RoleRef) catalog.Attributes {
	quiet := *s
	quiet.around = nobodyKnows{}
	return quiet.asking(context.Background(), v)
}

type nobodyKnows struct{}

// Around implements Attributes.
func (nobodyKnows) Around(context.Context, access.Person, access.Person, catalog.RoleRef) access.Circumstances {
	return access.Circumstances{}
}

// further tells whether a rule wants to know something that a list doesn't show.
func (s *Service) further(v view, seen []catalog.Entitlement) bool {
	for _, e := range seen {
		if q := v.known.Asks(e.Role); e.Truth == catalog.Unknown && (len(q.Groups) > 0 || q.Manager) {
			return true
		}
	}
	return false
}
