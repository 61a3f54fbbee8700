package digest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Duty is the name of the room's duty in the calendar.
const Duty = "reclaim-digest"

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: s.tell}}
}

// tell tells the IT channel how the seats of the week came out; nothing where none comes back.
func (s *Service) tell(ctx context.Context, t store.Task) (engine.Outcome, error) {
	if !slices.ContainsFunc(s.catalog().Apps(), reclaims) {
		return nil, nil
	}
	last, err := s.toldLast(ctx)
	if err != nil {
		return nil, err
	}
	sum, err := s.Summary(ctx, last.At)
	if err != nil || len(sum.Apps) == 0 {
		return nil, err
	}
	title, lines := Words(sum)
	return func(u *engine.Unit) error {
		told := last
		told.At = sum.To
		return errors.Join(store.PutMark(u.Tx, &told), notify.Announce(u, t.ID, "", title, lines...))
	}, nil
}

// toldLast says until when it was told: from there on it is told next, however late a turn was. Before the first time that is a week.
func (s *Service) toldLast(ctx context.Context) (last store.Mark, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		last, err = store.LoadMark(tx, Duty)
		return err
	})
	if now := s.units.Now(); errors.Is(err, store.ErrNotFound) || err == nil && last.At.After(now) {
		return store.Mark{ID: Duty, Version: last.Version, At: now.Add(-catalog.Week)}, nil
	}
	return last, err
}

func reclaims(a catalog.App) bool {
	return slices.ContainsFunc(a.Roles, func(r catalog.Role) bool { return r.Reclaim.On() })
}

// Words are what the IT channel reads: what came back in the week and what that is worth, then each app, as it adds up with the
// directory.
func Words(s Summary) (title string, lines []string) {
	all, idle := s.All(), 0
	for _, a := range s.Apps {
		idle += a.Idle
	}
	title = fmt.Sprintf("Idle seats, %s to %s: %s came back", s.From.Format("2 January"), s.To.Format("2 January 2006"), count(all.Came(), "seat"))
	lines = append(lines, sentence("In that time", figures(all)))
	if worth := worthOf(s.Apps, func(a App) int { return a.Period.Came() - a.Period.Restored }); worth != "" {
		lines = append(lines, "What came back, less what was given back again, costs "+worth+".")
	}
	if worth := worthOf(s.Apps, func(a App) int { return a.Idle }); worth != "" {
		lines = append(lines, fmt.Sprintf("What nobody uses now, %s, costs %s.", count(idle, "seat"), worth))
	}
	for _, a := range s.Apps {
		lines = append(lines, a.words(s.Read)...)
	}
	return title, append(lines, "Seat by seat, and why: latchkey reclaim --dry-run")
}

// words are the lines of one app.
func (a App) words(at time.Time) []string {
	name := catalog.Isolated(a.Name)
	if a.Unread != "" {
		return []string{name + ": " + a.Unread + " Nothing is taken away there."}
	}
	line := name + ": " + a.Adds()
	if worth := a.Worth(); worth != "" {
		line += fmt.Sprintf(" Idle ones cost %s, at %s each.", worth, a.Price())
	}
	return append([]string{line}, a.Contract(at))
}

// figures are those of a period that aren't nought.
func figures(p Period) []string {
	var parts []string
	for _, f := range []struct {
		n    int
		what string
	}{
		{p.Asked, "asked"}, {p.Needed, "still needed, their holders say"}, {p.Returned, "given back"}, {p.Used, "used again"}, {p.LeftOut, "left out"},
		{p.Removed, "taken away without an answer"}, {p.Lowered, "of them with a lower role in their place"}, {p.Restored, "given back to their holders again"},
	} {
		if f.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", f.n, f.what))
		}
	}
	return parts
}

func sentence(lead string, parts []string) string {
	if len(parts) == 0 {
		return lead + ": nothing."
	}
	return lead + ": " + strings.Join(parts, ", ") + "."
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
