package recovery

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// Conflict is something that a human has to look at after a recovery.
type Conflict struct {
	About  string   // what it is about: a request's label, a group, an account, or the log
	Text   string   // cause and what can be done
	People []string `json:",omitempty"` // under which address people know those who are concerned, where it is about a group
}

// Recovery is what a rebuilt store holds.
type Recovery struct {
	Requests  int
	Waiting   int // of them, still to be decided
	Grants    int
	Live      int // of them, still a reason for access
	Overdue   int // of them, with an end that has passed: they end at the next run
	Events    int
	Missing   int          // events of the old log that the record does not hold
	Head      access.Entry // the last of those that it holds
	Conflicts []Conflict
}

// Recover fills an empty store with what the issues carry, and compares the
// result with the directories, in which nothing is changed. An issue whose record
// is not whole is named, and nothing follows from it. A store that is only partly
// filled, because this broke off, is not worked on: see MustBeComplete. With dry,
// nothing is written.
//
// The log starts anew: its first event names the end of the log that is gone, and
// the events of the issues follow as they were. Changes that were under way are
// taken up again; a message goes out only about cases that wait for somebody.
func (s *Service) Recover(ctx context.Context, issues []access.RecordedIssue, dry bool) (Recovery, error) {
	if err := s.mustBeEmpty(ctx); err != nil {
		return Recovery{}, err
	}
	var out Recovery
	cases := restoreAll(issues, s.units.Now(), &out)
	entries := inOrder(cases)
	out.span(entries)
	known := reunite(cases, s.units.Now(), &out)
	found, err := s.compare(ctx, s.catalog(), cases, known)
	if err != nil {
		return out, err
	}
	out.Conflicts = append(out.Conflicts, found...)
	if dry {
		return out, nil
	}
	return out, s.rebuild(ctx, cases, entries, known.people, out)
}

// mustBeEmpty refuses a store that knows anything already.
func (s *Service) mustBeEmpty(ctx context.Context) error {
	if err := s.MustBeComplete(ctx); err != nil {
		return err
	}
	return s.units.View(ctx, func(tx store.Tx) error {
		size, err := tx.Size()
		if err != nil {
			return err
		}
		some, err := store.AllRequests(tx, "", 1)
		if err == nil && (size > 0 || len(some) > 0) {
			err = &access.Failure{Class: access.Rejected,
				Sentence: "The store isn't empty, and a recovery would mix two histories: move it away or configure a new one, then try again"}
		}
		return err
	})
}

// MustBeComplete refuses a store that a recovery has begun to fill and not finished.
func (s *Service) MustBeComplete(ctx context.Context) error {
	return s.units.View(ctx, func(tx store.Tx) error {
		broken, err := store.Rebuilding(tx)
		if err == nil && broken {
			err = &access.Failure{Class: access.Rejected,
				Sentence: "A recovery of this store broke off, so it holds only a part of what there is: remove it, and run latchkey recover again"}
		}
		return err
	})
}
