package blocks

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"latchkey/access"
	"latchkey/catalog"
)

// midSentence stands before a moment in a sentence and can't be seen. Slack begins what
// a moment is written as with a capital, as in "until Today", unless something comes first.
const midSentence = "\u200b"

// When shows a moment in the reader's own time zone, within a sentence. The fallback is
// for clients that can't.
func When(t time.Time) string { return moment(t, midSentence) }

// Told is Escape for what Latchkey says itself: the moments in it are shown in the reader's own time zone.
func Told(text string, limit int) string {
	plain := Escape(text, limit)
	if told := access.EachMoment(plain, When); Units(told) <= limit {
		return told
	}
	return plain
}

// Stamp is When at the beginning of a line.
func Stamp(t time.Time) string { return moment(t, "") }

func moment(t time.Time, before string) string {
	return fmt.Sprintf("<!date^%d^%s{date_short_pretty} at {time}|%s>", t.Unix(), before, t.UTC().Format("2 Jan 2006 at 15:04 UTC"))
}

// Day is the day of a moment in the reader's own time zone.
func Day(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short}|%s>", t.Unix(), t.UTC().Format("2 Jan 2006"))
}

// Paused says that new access is paused, until when and why; that it waits, where
// nobody can say until when.
func Paused(until time.Time, reason string) string {
	if until.IsZero() {
		return "New access waits: " + Sentence(Told(reason, 600))
	}
	return "New access is paused until " + When(until) + ": " + Sentence(Told(reason, 600))
}

// Count counts things. Nouns that don't take an s bring their own plural.
func Count(n int, noun string, many ...string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case len(many) > 0:
		return strconv.Itoa(n) + " " + many[0]
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// Agree chooses the verb that goes with a number.
func Agree(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Exactly is a length of time to the second, for figures.
func Exactly(d time.Duration) string {
	if d < time.Second {
		return "less than a second"
	}
	return catalog.FormatDuration(d.Round(time.Second))
}

// Bullets are lines below a heading, all escaped already: as many as a section holds,
// and how many more there are.
func Bullets(head string, lines []string) string {
	for i, l := range lines {
		if Units(head)+Units(l) > MaxSection-40 {
			return head + "\nand " + strconv.Itoa(len(lines)-i) + " more"
		}
		head += "\n• " + l
	}
	return head
}

// List joins words as people do, and counts those beyond most.
func List(words []string, most int) string {
	if len(words) > most {
		rest := len(words) - most
		return strings.Join(words[:most], ", ") + " and " + strconv.Itoa(rest) + " more"
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// Length writes a duration the way it is chosen: with a capital letter.
func Length(d time.Duration) string { return Capital(catalog.FormatDuration(d)) }

// Capital begins a text with a capital letter.
func Capital(s string) string {
	first, width := utf8.DecodeRuneInString(s)
	if width == 0 || first == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(first)) + s[width:]
}

// ForHow is how long, as the rest of a sentence.
func ForHow(d time.Duration) string {
	if d == catalog.Forever {
		return "with no end"
	}
	return "for " + catalog.FormatDuration(d)
}

// Sentence ends a sentence that may have its full stop already.
func Sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// Roughly is a length of time in its largest unit.
func Roughly(d time.Duration) string {
	units := []struct {
		size time.Duration
		name string
	}{{catalog.Day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}}
	for _, u := range units {
		if d >= 2*u.size-u.size/4 {
			return Count(int((d+u.size/2)/u.size), u.name)
		}
	}
	return "less than 2 minutes"
}

// Or is a, or b where a is blank.
func Or(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

// NonBlank leaves out what is blank.
func NonBlank(list ...string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// Dotted puts texts into one line, with a dot between them; a blank one takes none.
func Dotted(parts ...string) string { return strings.Join(NonBlank(parts...), "  ·  ") }

// Lines puts two texts into lines of their own; a blank one takes none.
func Lines(lines ...string) string { return strings.Join(NonBlank(lines...), "\n") }
