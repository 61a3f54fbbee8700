package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"latchkey/store"
)

// ParseLine reads one line of a calendar: a cron line of five fields, or a word
// like @daily. "CRON_TZ=Europe/Zurich " before it sets its zone.
func ParseLine(line string) (cron.Schedule, error) {
	s, err := cron.ParseStandard(line)
	if err != nil {
		return nil, fmt.Errorf("%q is no calendar line: write minute, hour, day of the month, month and day of the week, for example \"0 6 * * 1-5\", or @daily", line)
	}
	return s, nil
}

// dutyKind is the kind of the records of duties.
const dutyKind = "duty"

// schedule starts duties by the calendar. When each has its next turn is stored,
// with the line it follows, so that any process can start any duty.
type schedule struct {
	units  *Units
	duties map[string]Duty
	zone   *time.Location
}

func newSchedule(units *Units, zone *time.Location, duties []Duty) (*schedule, error) {
	if zone == nil {
		zone = time.UTC
	}
	s := &schedule{units: units, duties: map[string]Duty{}, zone: zone}
	for _, d := range duties {
		if _, listed := s.duties[d.Name]; listed {
			return nil, fmt.Errorf("the table of duties names %q twice: give one of them another name", d.Name)
		}
		s.duties[d.Name] = d
		if d.Line == "" {
			continue
		}
		if _, err := ParseLine(s.specOf(d.Line)); err != nil {
			return nil, fmt.Errorf("duty %s: %w", d.Name, err)
		}
	}
	return s, nil
}

// specOf is a line with its zone, as it is stored.
func (s *schedule) specOf(line string) string {
	return "CRON_TZ=" + s.zone.String() + " " + line
}

// nextTurn is the next turn of a stored line; zero for never.
func nextTurn(spec string, at time.Time) (time.Time, error) {
	line, err := ParseLine(spec)
	if err != nil {
		return time.Time{}, err
	}
	turn := line.Next(at)
	if turn.IsZero() {
		return turn, nil
	}
	return turn.UTC(), nil
}

// plan brings the stored turns in line with the table. A turn that was missed
// while nobody ran stays due; a new or changed line starts from now. What the
// table doesn't know is left to the processes that know it, if there can be any.
func (s *schedule) plan(ctx context.Context) {
	if err := s.dropUnlisted(ctx); err != nil {
		s.units.log.Error("forget duties that are not listed any more", "error", err)
	}
	for _, d := range s.duties {
		err := s.units.Update(ctx, func(u *Unit) error { return s.planOne(u, d) })
		if err != nil {
			s.units.log.Error("plan a duty", "duty", d.Name, "error", err)
		}
	}
}

func (s *schedule) dropUnlisted(ctx context.Context) error {
	return s.units.Update(ctx, func(u *Unit) error {
		known, err := u.Tx.Find(dutyKind, "", "", 1000)
		if err != nil {
			return err
		}
		for _, d := range known {
			if _, listed := s.duties[d.ID]; listed || !s.units.store.Exclusive() {
				continue
			}
			if err := store.DropDuty(u.Tx, d.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// planOne plans one duty. A record of it that can't be read is begun anew: there
// is nothing in it that the calendar doesn't say.
func (s *schedule) planOne(u *Unit, duty Duty) error {
	if duty.Line == "" {
		return store.DropDuty(u.Tx, duty.Name)
	}
	d, err := store.LoadDuty(u.Tx, duty.Name)
	if err != nil {
		d = store.Duty{}
		if err := store.DropDuty(u.Tx, duty.Name); err != nil {
			return err
		}
	}
	spec := s.specOf(duty.Line)
	if d.Spec == spec {
		return nil
	}
	turn, err := nextTurn(spec, u.At)
	if err != nil {
		return err
	}
	d.Name, d.Spec, d.Next = duty.Name, spec, turn
	return store.PutDuty(u.Tx, &d)
}

// TurnBy has a duty that is in the calendar have its next turn at a moment, unless that comes
// earlier anyhow.
func TurnBy(u *Unit, duty string, at time.Time) error {
	d, err := store.LoadDuty(u.Tx, duty)
	if errors.Is(err, store.ErrNotFound) || err == nil && !d.Next.IsZero() && !d.Next.After(at) {
		return nil
	}
	if err != nil {
		return err
	}
	d.Next = at
	return store.PutDuty(u.Tx, &d) // the timer hears of every unit
}

// start makes a task of a duty whose turn has come. A turn that comes while the
// last one is still under way is that one; one that waits for a human is tried
// again.
func (s *schedule) start(u *Unit, name string) error {
	d, err := store.LoadDuty(u.Tx, name)
	if err != nil {
		return err
	}
	if d.Next, err = nextTurn(d.Spec, u.At); err != nil {
		return err
	}
	d.Last = u.At
	if err := store.PutDuty(u.Tx, &d); err != nil {
		return err
	}
	body, err := Payload(dutyPayload{name})
	if err != nil {
		return err
	}
	id := "duty/" + name
	added, err := u.Enqueue(store.Task{ID: id, Queue: HouseQueue, Kind: DutyTask, Priority: store.Notices, Payload: body})
	if err != nil || added {
		return err
	}
	if t, err := u.Tx.Task(id); err != nil || t.State != store.Stuck {
		return err
	}
	return u.Expedite(id)
}
