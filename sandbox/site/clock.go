package site

import (
	"context"
	"errors"
	"fmt"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"
)

// Turn is something that the bot will do by itself.
type Turn struct {
	At      time.Time
	What    string
	Routine bool // it comes again and again, and may find nothing to do
}

const day = 24 * time.Hour

// jump is how far the clock can be moved with one press.
type jump struct {
	ID, Name, Long string
	By             time.Duration
}

func jumps() []jump {
	return []jump{{"1h", "+1 h", "an hour", time.Hour}, {"1d", "+1 d", "a day", day}, {"1w", "+1 w", "a week, day by day", 7 * day}, {"30d", "+30 d", "30 days, day by day", 30 * day}}
}

// ahead is what the bot will do next, of each kind of things a few.
func (s *Site) ahead() (all []Turn) {
	if s.Bot == nil {
		return nil
	}
	now := s.now()
	for _, t := range s.Bot.Ahead(context.Background()) {
		if t.At.After(now) && len(all) < mostAhead {
			all = append(all, t)
		}
	}
	return all
}

// mostAhead is how much of the calendar is listed.
const mostAhead = 12

// soonest is what is done next about somebody, or else what the calendar always does next.
func soonest(all []Turn) (first Turn, ok bool) {
	for _, t := range all {
		if !t.Routine {
			return t, true
		}
	}
	if len(all) > 0 {
		first, ok = all[0], true
	}
	return first, ok
}

// clock is the world's time and how to move it.
func (s *Site) clock(v look) []piece {
	now, zone := s.now(), v.client.Zone
	out := []piece{keyed("now", "time", h.DateTime(now.UTC().Format(time.RFC3339)), h.Strong(g.Text(now.In(zone).Format("15:04"))), h.Span(g.Text(now.In(zone).Format("Mon 2 Jan")), h.Span(h.Class("year"), g.Text(now.In(zone).Format(" 2006")))))}
	for _, one := range jumps() {
		out = append(out, keyed(one.ID, "button", h.Type("button"), h.Data("clock", one.ID), h.Title("Move the clock by "+one.Long), g.Text(one.Name)))
	}
	first, any := soonest(s.ahead())
	title := "Nothing is due yet"
	if any {
		title = "To " + first.At.In(zone).Format(momentLayout) + ": " + first.What
	}
	return append(out, keyed("next", "button", h.Type("button"), h.Data("clock", "next"), g.If(!any, h.Disabled()), h.Title(title), g.Text("Next")))
}

// momentLayout is how a moment of the calendar is written.
const momentLayout = "Mon 2 Jan, 15:04"

// calendar lists what is ahead, each with a button that moves the clock there.
func (s *Site) calendar(v look) (out []piece) {
	for _, t := range s.ahead() {
		at := t.At.UTC().Format(time.RFC3339Nano)
		out = append(out, keyed(at+" "+t.What, "li", g.If(t.Routine, h.Class("routine")),
			h.Button(h.Type("button"), h.Data("clock", at), h.Time(h.DateTime(at), g.Text(t.At.In(v.client.Zone).Format(momentLayout))), h.Span(g.Text(t.What)))))
	}
	if len(out) == 0 {
		said := "Nothing is due yet."
		if s.Bot != nil && !s.Bot.Running() {
			said = s.App + " is stopped: what falls due meanwhile is done once it runs again."
		}
		out = append(out, keyed("none", "li", h.Class("nothing"), g.Text(said)))
	}
	return out
}

// moveClock moves the world's time: by a step, to what is done next, or to a moment of the calendar.
func (s *Site) moveClock(ctx context.Context, by string) error {
	now := s.now()
	for _, one := range jumps() {
		if one.ID == by {
			return s.forward(ctx, one.By)
		}
	}
	at, err := time.Parse(time.RFC3339Nano, by)
	if by == "next" {
		first, any := soonest(s.ahead())
		if !any {
			return errors.New("nothing is due yet")
		}
		at, err = first.At, nil
	}
	switch {
	case err != nil:
		return fmt.Errorf("the clock can't be moved by %q", by)
	case !at.After(now):
		return errors.New("that is over already")
	case at.Sub(now) > mostMoved:
		return fmt.Errorf("%s is more than a year ahead", at.Format(time.DateOnly))
	}
	return s.forward(ctx, at.Sub(now).Truncate(time.Second)+time.Second)
}

// mostMoved is how far the clock moves at most.
const mostMoved = 400 * day

// forward moves the clock a day at a time, so that the bot does each day what belongs there. Whoever presses meanwhile is
// told to wait.
func (s *Site) forward(ctx context.Context, d time.Duration) error {
	if !s.moving.TryLock() {
		return errors.New("the clock is moving: wait until it stands")
	}
	defer s.moving.Unlock()
	s.record("clock +" + d.String())
	if d > day {
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	for d > 0 {
		by := min(d, day)
		s.world.Clock.Advance(by)
		s.touch()
		if d -= by; d <= 0 {
			break
		}
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

const (
	// quiet is for how long nobody calls a service once the bot has done what was due.
	quiet = 50 * time.Millisecond
	// settling is for how long that is waited for: whoever plays waits with it.
	settling = 4 * time.Second
)

// settle waits until the bot, if it runs, has done what is due; not for long. It fails if whoever asked for it has gone.
func (s *Site) settle(ctx context.Context) error {
	if s.Bot == nil || !s.Bot.Running() {
		return ctx.Err()
	}
	look := time.NewTicker(quiet)
	defer look.Stop()
	last := -1
	for range int(settling / quiet) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		now := s.world.Calls()
		if now == last && !s.Bot.Busy(ctx) {
			break
		}
		last = now
	}
	return nil
}
