package pack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// when writes a moment for people; empty for none. All times of a pack are UTC, and say so.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}

// stamp writes a moment for programs.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// says writes a fact: its value, or in square brackets what stands in its place.
func says[T any](f Fact[T], write func(T) string) string {
	if f.Known() {
		return write(f.Value)
	}
	return "[" + lacking(f.Knowledge(), f.Why) + "]"
}

// lacking says in words why there is no value.
func lacking(k Knowledge, why string) string {
	word := strings.ReplaceAll(string(k), "_", " ")
	if why == "" {
		return word
	}
	return word + ": " + why
}

// text writes a fact that is a text.
func text(f Fact[string]) string { return says(f, itself) }

// number writes a fact that is a whole number.
func number(f Fact[int]) string { return says(f, strconv.Itoa) }

// moment writes a fact that is a moment, for people.
func moment(f Fact[time.Time]) string { return says(f, when) }

// instant writes a fact that is a moment, for programs.
func instant(f Fact[time.Time]) string { return says(f, stamp) }

// decimal writes a fact that is a number.
func decimal(f Fact[float64]) string { return says(f, plain) }

// plain writes a number with no more digits than it has, one behind the point at most.
func plain(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// list writes facts that are lists, joined.
func list[T any](f Fact[[]T], write func(T) string) string {
	return says(f, func(all []T) string { return joined(all, write) })
}

// joined writes a list, a semicolon between two.
func joined[T any](all []T, write func(T) string) string {
	var out []string
	for _, v := range all {
		out = append(out, write(v))
	}
	return strings.Join(out, "; ")
}

// itself is a text as it is.
func itself(s string) string { return s }

// spoken is a constant of this package as people read it.
func spoken[T ~string](v T) string { return strings.ReplaceAll(string(v), "_", " ") }

func (l Link) String() string {
	switch {
	case l.URL == "" || l.Key == "":
		return l.Key + l.URL
	default:
		return l.Key + " " + l.URL
	}
}

// title is somebody's name, or what is known of them instead.
func (a Actor) title() string {
	switch {
	case a.Name != "":
		return a.Name
	case a.Person != "":
		return a.Person
	case a.Account != "":
		return a.Account
	}
	return "Latchkey"
}

func (p Peers) String() string { return fmt.Sprintf("%d of %d %s", p.Have, p.Of, p.Who) }

func (e Earlier) String() string {
	return fmt.Sprintf("%s: %s by %s, %s%s", e.Campaign, spoken(e.Answer), e.By, when(e.At), because(e.Reason))
}

func (c Change) String() string {
	return fmt.Sprintf("%s: %s from %q to %q", when(c.At), c.What, c.From, c.To)
}

func (c Conflict) String() string {
	if c.Solved == "" {
		return fmt.Sprintf("%s (%s): %s. Nothing was done about it", spoken(c.Kind), c.About, c.Words)
	}
	return fmt.Sprintf("%s (%s): %s. %s (%s, %s)", spoken(c.Kind), c.About, c.Words, c.Solved, c.By.title(), when(c.At))
}

func (d Delegation) String() string {
	return fmt.Sprintf("to %s from %s until %s, for %s, set by %s%s", d.To.title(), when(d.From), when(d.Until), d.Scope, d.By.title(), because(d.Reason))
}

func (r Reassignment) String() string {
	return fmt.Sprintf("%d to %s by %s, %s%s", r.Rows, r.To.title(), r.By.title(), when(r.At), because(r.Reason))
}

func (r Restore) String() string {
	return fmt.Sprintf("restored by %s, %s%s %s", r.By.title(), when(r.At), because(r.Reason), r.Issue)
}

func (r Reading) String() string {
	return fmt.Sprintf("%s to %s: %d pages, %d rows, directory counted %s, SHA-256 %s; read again: %s", when(r.First), when(r.Last), r.Pages, r.Received, number(r.Counted), r.Hash, r.Why)
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

// String is all of one answer.
func (a Answer) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "stage %d: %s by %s", a.Stage, spoken(a.Verdict), a.By.title())
	if a.For != "" {
		fmt.Fprintf(&b, " in place of %s", a.For)
	}
	fmt.Fprintf(&b, ", %s, %s, %s%s", when(a.At), a.Surface, a.took(), because(a.Reason))
	if a.Undone != nil {
		fmt.Fprintf(&b, " (taken back by %s, %s%s)", a.Undone.By.title(), when(a.Undone.At), because(a.Undone.Reason))
	}
	return b.String()
}

// took says how long an answer took, and with how many others it was given.
func (a Answer) took() string {
	took := says(a.Seconds, func(s float64) string { return plain(s) + " s" })
	if !a.Seconds.Known() {
		took = "time " + took
	}
	switch {
	case a.Bulk && a.Together > 1:
		took += fmt.Sprintf(", %d rows at once", a.Together)
	case a.Bulk:
		took += ", at once with others"
	}
	return took
}

// counting are the answers that count: those that were not taken back, and say more than
// that somebody else has to answer.
func (r Row) counting() []Answer {
	var out []Answer
	for _, a := range r.Answers {
		if a.Undone == nil && a.Verdict != NotMine {
			out = append(out, a)
		}
	}
	return out
}

// outcome says what came of a row in two words or three.
func (o Outcome) String() string {
	switch o.How {
	case StillOpen, "":
		return "open"
	case GoneMeanwhile:
		return "gone before an answer"
	case NobodySpoke:
		return "no answer: " + spoken(o.Verdict)
	case NobodyFound:
		return "no reviewer: " + spoken(o.Verdict)
	case ByAdvice:
		return "as recommended: " + spoken(o.Verdict)
	}
	return spoken(o.Verdict)
}

// day writes a date.
func day(t time.Time) string {
	if t.IsZero() {
		return "[not recorded]"
	}
	return t.UTC().Format("2 Jan 2006")
}

// brief writes a moment where it is said elsewhere that all times are UTC.
func brief(t time.Time) string { return strings.TrimSuffix(when(t), " UTC") }

// clock writes a moment to the second.
func clock(t time.Time) string {
	if t.IsZero() {
		return "[not recorded]"
	}
	return t.UTC().Format("2 Jan 2006 15:04:05")
}

// lacks says why there is no value.
func (f Fact[T]) lacks() string { return lacking(f.Knowledge(), f.Why) }

// yes writes whether something is so.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
