package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"latchkey/access"
	"latchkey/store"
)

// dutyTimeout bounds one turn of a duty. Its calls to vendors wait for their
// limits, so a big company takes its time.
const dutyTimeout = 30 * time.Minute

// Reconcile is the duty that compares memberships with grants.
const Reconcile = "reconcile"

// Calendar says when regular duties have their turns: a cron line of five
// fields, or a word like @daily, by the duty's name.
type Calendar struct {
	Zone  *time.Location // UTC when nil
	Lines map[string]string
}

// ParseLine reads one line of a calendar.
func ParseLine(line string) (cron.Schedule, error) {
	s, err := cron.ParseStandard(line)
	if err != nil {
		return nil, fmt.Errorf("%q is no calendar line: write minute, hour, day of the month, month and day of the week, for example \"0 6 * * 1-5\", or @daily", line)
	}
	return s, nil
}

// after is the next turn of a line after a moment; zero for never.
func (c Calendar) after(line string, at time.Time) (time.Time, error) {
	s, err := ParseLine(line)
	if err != nil {
		return time.Time{}, err
	}
	zone := c.Zone
	if zone == nil {
		zone = time.UTC
	}
	next := s.Next(at.In(zone))
	if next.IsZero() {
		return next, nil
	}
	return next.UTC(), nil
}

// duties are what the calendar can name.
func (s *Service) duties() map[string]handler {
	return map[string]handler{Reconcile: s.reconcile}
}

type dutyPayload struct{ Name string }

// A duty has one task at a time: a turn that comes while the last one is still
// under way is that one.
func dutyTask(name string) store.Task {
	return store.Task{ID: "duty/" + name, Queue: houseQueue, Kind: doDuty, Priority: store.Notices, Payload: payload(dutyPayload{name})}
}

// doDuty has one turn of a duty. Of several processes the one that claimed the
// task does it; the lease outlasts the claim for as long as the turn goes on.
func (s *Service) doDuty(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[dutyPayload](t)
	if err != nil {
		return nil, err
	}
	do, ok := s.duties()[p.Name]
	if !ok {
		return nil, rejected("This version of Latchkey doesn't know the duty %q", p.Name)
	}
	if err := s.holdDuty(ctx, t.ID); err != nil {
		return nil, err
	}
	return do(ctx, t)
}

// holdDuty takes or renews the right to go on with a duty.
func (s *Service) holdDuty(ctx context.Context, id string) error {
	if s.Store.Exclusive() {
		return nil // nobody else can have it
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		now := s.Clock.Now().UTC()
		_, mine, err := tx.Lease(id, s.Owner, now, now.Add(claimFor))
		if err == nil && !mine {
			err = &access.Failure{Class: access.Limited, After: claimFor, Sentence: "Another process is at it"}
		}
		return err
	})
}

// plan brings the stored turns in line with the calendar. A turn that was missed
// while nobody ran stays due; a new or changed line starts from now.
func (s *Service) plan(ctx context.Context) error {
	return s.update(ctx, func(st *step) error {
		known, err := store.Duties(st.tx)
		if err != nil {
			return err
		}
		for _, d := range known {
			if s.Calendar.Lines[d.Name] == "" {
				if err := store.DropDuty(st.tx, d.Name); err != nil {
					return err
				}
			}
		}
		for name, line := range s.Calendar.Lines {
			if err := st.planDuty(name, line); err != nil {
				return err
			}
		}
		return nil
	})
}

func (st *step) planDuty(name, line string) error {
	if line == "" {
		return nil
	}
	if _, ok := st.s.duties()[name]; !ok {
		return fmt.Errorf("the calendar names %q, which is no regular duty", name)
	}
	d, err := store.LoadDuty(st.tx, name)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	spec := line
	if st.s.Calendar.Zone != nil {
		spec += " " + st.s.Calendar.Zone.String()
	}
	if d.Spec == spec {
		return nil
	}
	next, err := st.s.Calendar.after(line, st.at)
	if err != nil {
		return err
	}
	d.Name, d.Spec, d.Next = name, spec, next
	return store.PutDuty(st.tx, &d)
}

// startDuties makes tasks of the duties whose turn has come.
func (st *step) startDuties() error {
	due, err := store.DueDuties(st.tx, st.at, batch)
	if err != nil {
		return err
	}
	for _, d := range due {
		line := st.s.Calendar.Lines[d.Name]
		if line == "" { // another process runs on an older configuration
			d.Next = time.Time{}
		} else if d.Next, err = st.s.Calendar.after(line, st.at); err != nil {
			return err
		} else if err := st.enqueue(dutyTask(d.Name)); err != nil {
			return err
		}
		d.Last = st.at
		if err := store.PutDuty(st.tx, &d); err != nil {
			return err
		}
	}
	return nil
}
