package pack

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// When writes a moment for people; empty for none. All times of a pack are UTC, and say so.
func When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}

// Stamp writes a moment for programs.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Says writes a fact: its value, or in square brackets what stands in its place.
func Says[T any](f Fact[T], write func(T) string) string {
	if f.Known() {
		return write(f.Value)
	}
	return "[" + Lacking(f.Knowledge(), f.Why) + "]"
}

// Lacking says in words why there is no value.
func Lacking(k Knowledge, why string) string {
	word := strings.ReplaceAll(string(k), "_", " ")
	if why == "" {
		return word
	}
	return word + ": " + why
}

// Text writes a fact that is a text.
func Text(f Fact[string]) string { return Says(f, Itself) }

// Number writes a fact that is a whole number.
func Number(f Fact[int]) string { return Says(f, strconv.Itoa) }

// Instant writes a fact that is a moment, for programs.
func Instant(f Fact[time.Time]) string { return Says(f, Stamp) }

// Decimal writes a fact that is a number.
func Decimal(f Fact[float64]) string { return Says(f, Plain) }

// Plain writes a number with no more digits than it has, one behind the point at most.
func Plain(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}

// List writes facts that are lists, joined.
func List[T any](f Fact[[]T], write func(T) string) string {
	return Says(f, func(all []T) string { return Joined(all, write) })
}

// Joined writes a list, a semicolon between two.
func Joined[T any](all []T, write func(T) string) string {
	var out []string
	for _, v := range all {
		out = append(out, write(v))
	}
	return strings.Join(out, "; ")
}

// Itself is a text as it is.
func Itself(s string) string { return s }

// Spoken is a constant of this package as people read it.
func Spoken[T ~string](v T) string { return strings.ReplaceAll(string(v), "_", " ") }

func (l Link) String() string {
	switch {
	case l.URL == "" || l.Key == "":
		return l.Key + l.URL
	default:
		return l.Key + " " + l.URL
	}
}

// Title is somebody's name, or what is known of them instead.
func (a Actor) Title() string {
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
	return fmt.Sprintf("%s: %s by %s, %s%s", e.Campaign, Spoken(e.Answer), e.By, When(e.At), because(e.Reason))
}

func (c Change) String() string {
	return fmt.Sprintf("%s: %s from %q to %q", When(c.At), c.What, c.From, c.To)
}

// NoOthersAsked stands where no group is named that isn't under review: it isn't said that there is none.
const NoOthersAsked = "None is named: which other groups the directories have wasn't asked. The section above says what is not covered."

func (b Blind) String() string {
	if b.Kind == OtherBlind {
		return b.What + ": " + b.Why
	}
	return b.What + " (" + Spoken(b.Kind) + "): " + b.Why
}

func (c Conflict) String() string {
	if c.Solved == "" {
		return fmt.Sprintf("%s (%s): %s. Nothing was done about it", Spoken(c.Kind), c.About, strings.TrimSuffix(c.Words, "."))
	}
	return fmt.Sprintf("%s (%s): %s. %s (%s, %s)", Spoken(c.Kind), c.About, strings.TrimSuffix(c.Words, "."), c.Solved, c.By.Title(), When(c.At))
}

func (d Delegation) String() string {
	return fmt.Sprintf("to %s from %s until %s, for %s, set by %s%s", d.To.Title(), When(d.From), When(d.Until), d.Scope, d.By.Title(), because(d.Reason))
}

func (r Reassignment) String() string {
	return fmt.Sprintf("%d to %s by %s, %s%s", r.Rows, r.To.Title(), r.By.Title(), When(r.At), because(r.Reason))
}

func (r Restore) String() string {
	return fmt.Sprintf("restored by %s, %s%s %s", r.By.Title(), When(r.At), because(r.Reason), r.Issue)
}

// Some is how many there are of something, in words for people.
func Some(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (r Reading) String() string {
	return fmt.Sprintf("%s to %s: %s, %s, directory counted %s, SHA-256 %s; read again: %s", When(r.First), When(r.Last), Some(r.Pages, "page"), Some(r.Received, "row"), Number(r.Counted), r.Hash, r.Why)
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
	fmt.Fprintf(&b, "stage %d: %s by %s", a.Stage, Spoken(a.Verdict), a.By.Title())
	if a.For != "" {
		fmt.Fprintf(&b, " in place of %s", a.For)
	}
	fmt.Fprintf(&b, ", %s, %s, %s%s", When(a.At), a.Surface, a.Took(), because(a.Reason))
	if a.Undone != nil {
		fmt.Fprintf(&b, " (taken back by %s, %s%s)", a.Undone.By.Title(), When(a.Undone.At), because(a.Undone.Reason))
	}
	return b.String()
}

// Took says how long an answer took, and with how many others it was given.
func (a Answer) Took() string {
	took := Says(a.Seconds, func(s float64) string { return Plain(s) + " s" })
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

// Counting are the answers that count: those that were not taken back, and say more than
// that somebody else has to answer.
func (r Row) Counting() []Answer {
	var out []Answer
	for _, a := range r.Answers {
		if a.Undone == nil && a.Verdict != NotMine {
			out = append(out, a)
		}
	}
	return out
}

// String says what came of a row in two words or three.
func (o Outcome) String() string {
	switch o.How {
	case StillOpen, "":
		return "open"
	case GoneMeanwhile:
		return "gone before an answer"
	case NobodySpoke:
		return "no answer: " + Spoken(o.Verdict)
	case NobodyFound:
		return "no reviewer: " + Spoken(o.Verdict)
	case ByAdvice:
		return "as recommended: " + Spoken(o.Verdict)
	}
	return Spoken(o.Verdict)
}

// Day writes a date.
func Day(t time.Time) string {
	if t.IsZero() {
		return "[not recorded]"
	}
	return t.UTC().Format("2 Jan 2006")
}

// Brief writes a moment where it is said elsewhere that all times are UTC.
func Brief(t time.Time) string { return strings.TrimSuffix(When(t), " UTC") }

// Clock writes a moment to the second.
func Clock(t time.Time) string {
	if t.IsZero() {
		return "[not recorded]"
	}
	return t.UTC().Format("2 Jan 2006 15:04:05")
}

// Lacking says why there is no value.
func (f Fact[T]) Lacking() string { return Lacking(f.Knowledge(), f.Why) }

// YesNo writes whether something is so.
func YesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
