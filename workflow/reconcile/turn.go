package reconcile

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// Duty is the name of the room's duty in the calendar.
const Duty = "reconcile"

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: s.turn}}
}

// turn is one run. A run that breaks off begins anew: what was resolved before is
// explained by then.
func (s *Service) turn(ctx context.Context, t store.Task) (engine.Outcome, error) {
	v := &survey{
		Service: s, task: t, catalog: engine.Offered(ctx, s.catalog), odd: map[access.PersonID][]member{}, left: map[access.PersonID]bool{}, in: places{},
		names: map[access.PersonID]string{}, hurt: map[string]bool{},
	}
	v.At = s.units.Now()
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		paused, held, err := store.PausedBy(tx, v.At)
		if v.held = held && paused.Until.IsZero(); v.held { // not by a pause, which has an end
			v.Problems = append(v.Problems, "What nothing explains was only reported: "+paused.Reason)
		}
		if err != nil {
			return err
		}
		v.last, err = store.LastSurvey(tx)
		return err
	})
	if v.First = errors.Is(err, store.ErrNotFound); err != nil && !v.First {
		return nil, err
	}
	v.known, v.Groups, v.before = v.last.Known(), v.readBefore(), map[catalog.GroupRef]bool{}
	for _, ref := range v.Groups {
		v.before[ref] = true
	}
	held := together{v}
	for _, step := range []func(context.Context) error{v.lookAtGroups, v.confirmMissing, held.lookForConflicts, v.lookForLeavers, v.learnNames, held.lookAtRights, v.resolve, held.noteConflicts, held.seeToLost} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return v.close, nil
}

// close remembers what was found and has IT told, if there is anything new.
func (v *survey) close(u *engine.Unit) error {
	kept, err := store.LastSurvey(u.Tx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err := ledger.LookNow(u, v.id()); err != nil {
		return err
	}
	kept.Survey = v.Survey
	said := summary{v}
	switch {
	case len(v.conflicts) == 0:
		kept.ConflictsTold = time.Time{}
	case said.worthTelling():
		kept.ConflictsTold = v.At
	default:
		kept.ConflictsTold = v.last.ConflictsTold
	}
	if err := store.PutSurvey(u.Tx, &kept); err != nil {
		return err
	}
	if !said.worthTelling() {
		return nil
	}
	title, lines := said.report()
	e := access.Event{Kind: access.EventNote, At: u.At, Actor: access.System(), Note: title + ": " + lines[0]}
	if v.issue.Key != "" {
		e.Issue = &v.issue
	}
	if _, err := u.Append(e); err != nil {
		return err
	}
	return notify.Announce(u, "survey/"+v.At.Format(time.RFC3339Nano), "", title, lines...)
}
