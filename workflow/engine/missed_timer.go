package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// sweepLine is how often the timer is looked after.
const sweepLine = "* * * * *"

// sweep looks, by the calendar and apart from the timer, whether the timer missed
// something. What was due at one look and still is at the next, while the timer sleeps
// past it, has been missed: it is counted and logged for the operator, and carried out
// from here. A timer that is at work, or about to wake as after a jump of the clock, has
// missed nothing, however much is due at once.
type sweep struct {
	units    *Units
	dues     *dues
	timer    *timer
	calendar cron.Schedule
	counters *counters

	overdue time.Time // the earliest due time at the last look, if it had passed
}

func sweepCalendar(line string) (cron.Schedule, error) {
	if line == "" {
		line = sweepLine
	}
	return ParseLine(line)
}

func (s *sweep) goOn(ctx context.Context) {
	for ctx.Err() == nil {
		due, stop := s.units.clock.Until(s.calendar.Next(s.units.Now()))
		select {
		case <-due:
			if err := s.look(ctx); err != nil && ctx.Err() == nil {
				s.units.log.Error("look after the timer", "error", err)
			}
		case <-ctx.Done():
		}
		stop()
	}
}

func (s *sweep) look(ctx context.Context) error {
	now := s.units.Now()
	earliest, err := s.dues.earliest(ctx, now.Add(idleLook))
	if err != nil {
		return err
	}
	before := s.overdue
	s.overdue = time.Time{}
	switch {
	case earliest.After(now), !s.timer.sleepsPast(earliest, now):
		return nil
	case !earliest.Equal(before):
		s.overdue = earliest // the timer may be about to see to it
		return nil
	}
	s.counters.missed.Add(1)
	s.units.log.Error("the timer missed something that was due; it is carried out now", "due", earliest, "late", now.Sub(earliest))
	if _, err := s.dues.round(ctx); err != nil {
		return fmt.Errorf("carry out what the timer missed: %w", err)
	}
	return nil
}
