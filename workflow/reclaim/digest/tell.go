package digest

import (
	"cmp"
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

// Words are what the IT channel reads. What decides comes first, since a phone shows five lines and folds the rest: what came back and
// what that is worth, what nobody uses now, then each app as it adds up with the directory, those with the most idle seats first, and
// last whose seats the figures are about.
func Words(s Summary) (title string, lines []string) {
	all, idle := s.All(), 0
	for _, a := range s.Apps {
		idle += a.Idle
	}
	title = fmt.Sprintf("Idle seats, %s to %s: %d came back", s.From.Format("2 January"), s.To.Format("2 January"), all.Came())
	if worth := worthOf(s.Apps, func(a App) int { return a.Period.Came() - a.Period.Restored }); worth != "" {
		title += ", " + worth
	}
	now := fmt.Sprintf("Nobody uses %s now", count(idle, "seat"))
	if idle == 0 {
		now = "No seat is known to be idle now"
	}
	if worth := worthOf(s.Apps, func(a App) int { return a.Idle }); worth != "" {
		now += ": " + worth
	}
	lines = append(lines, now+".", sentence("In that time", figures(all)))
	apps := slices.Clone(s.Apps)
	slices.SortStableFunc(apps, func(a, b App) int { return cmp.Compare(b.Idle, a.Idle) })
	for _, a := range apps {
		lines = append(lines, a.words(s.Read)...)
	}
	return title, append(append(lines, whose(s.Apps)...), "Seat by seat, and why: /access reclaim, or latchkey reclaim --dry-run")
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

// figure is one of a period.
type figure struct {
	what string
	of   func(Period) int
	who  string // in front of whose they are; empty: they aren't named
}

func allFigures() []figure {
	return []figure{
		{"taken away without an answer", func(p Period) int { return p.Removed }, "Taken away without an answer"},
		{"of them with a lower role in their place", func(p Period) int { return p.Lowered }, ""},
		{"given back", func(p Period) int { return p.Returned }, "Given back"},
		{"given back to their holders again", func(p Period) int { return p.Restored }, "Given back to their holders again"},
		{"still needed, their holders say", func(p Period) int { return p.Needed }, "Still needed, they say"},
		{"asked", func(p Period) int { return p.Asked }, ""},
		{"used again", func(p Period) int { return p.Used }, ""},
		{"left out", func(p Period) int { return p.LeftOut }, "Left out"},
	}
}

// figures are those of a period that aren't nought.
func figures(p Period) []string {
	var parts []string
	for _, f := range allFigures() {
		if n := f.of(p); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, f.what))
		}
	}
	return parts
}

// mostNamed is how many people a line names.
const mostNamed = 6

// whose are the lines that say whose seats the figures are about, with the ticket that says why.
func whose(apps []App) (lines []string) {
	for _, f := range allFigures() {
		var names []string
		for _, a := range apps {
			for _, b := range a.Became {
				if f.who != "" && f.of(b.Period) > 0 {
					names = append(names, strings.TrimSuffix(catalog.Isolated(b.Name)+", "+catalog.Isolated(a.Name)+", "+b.Issue, ", "))
				}
			}
		}
		if more := len(names) - mostNamed; more > 0 {
			names = append(names[:mostNamed], fmt.Sprintf("and %d more", more))
		}
		if len(names) > 0 {
			lines = append(lines, f.who+": "+strings.Join(names, "; ")+".")
		}
	}
	return lines
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
