package recovery

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/store"
)

// Comments reads what Latchkey's own comments on an issue say to machines.
type Comments interface {
	Marks(ctx context.Context, issue string) ([]access.Mark, error)
}

// Found is what was read outside.
type Found struct {
	Issues   []access.RecordedIssue
	Reports  []access.RecordedReport
	Trust    note.Trust     // whose signatures count
	Heads    evidence.Heads // what anchors say that the issues held
	Comments Comments       // of the issues; nil: none can be read
}

// Recover fills an empty store with what the issues carry. In the directories nothing
// is changed, and nothing is going to be without a human. A store that is only partly
// filled, because this broke off, is not worked on: see MustBeComplete. With dry,
// nothing is written.
//
// A new log begins: its first event names the end of the one before, and the events of
// the issues follow as they were.
func (s *Service) Recover(ctx context.Context, found Found, dry bool) (Recovery, error) {
	if err := s.mustBeEmpty(ctx); err != nil {
		return Recovery{}, err
	}
	j, err := s.newJudge(ctx, found)
	if err != nil {
		return Recovery{}, err
	}
	cases, err := j.all(ctx)
	if err != nil {
		return Recovery{}, err
	}
	out := Recovery{Conflicts: j.listed, Unproven: j.unproven, anchor: found.Heads.Newest}
	people := reunite(cases, s.units.Now(), &out)
	out.pins = pinned(cases)
	seen, err := s.look(ctx, s.catalog(), cases, out.pins)
	if err != nil {
		return out, err
	}
	cases = decide(cases, table{catalog: s.catalog(), live: seen, people: people}, &out)
	for _, c := range cases {
		out.count(c, s.units.Now())
	}
	out.Conflicts = append(out.Conflicts, reviews(found.Reports)...)
	odd, left := seen.compare(cases, people)
	out.Conflicts, out.left = append(out.Conflicts, odd...), left
	entries := inOrder(cases)
	out.span(entries, cases)
	if out.Log, err = s.nextLog(ctx, j.epoch); err != nil {
		return out, err
	}
	out.sort()
	if dry {
		return out, nil
	}
	return out, s.rebuild(ctx, cases, entries, people.people, out)
}

// nextLog is the name of the log that begins: of the next epoch, where there was one
// before.
func (s *Service) nextLog(ctx context.Context, last int) (name string, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		name, err = store.LogName(tx)
		return err
	})
	family, _, bad := note.Epoch(name)
	if err != nil || last == 0 || bad != nil {
		return name, errors.Join(err, bad)
	}
	return note.InEpoch(family, last+1), nil
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
