package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Day and Week are calendar-free: access that lasts a day lasts 24 hours.
const (
	Day  = 24 * time.Hour
	Week = 7 * Day
)

// Forever is the duration of access that has no end of its own.
const Forever time.Duration = 0

// Durations is how long a role may be held.
type Durations struct {
	Choices  []time.Duration // offered in the modal, ascending; Forever allowed unless Required
	Default  time.Duration   // preselected
	Max      time.Duration   // Forever: no upper bound
	Required bool            // an end must be chosen
}

// Allows tells whether d may be asked for, and if not, why, in a sentence for the person.
func (p Durations) Allows(d time.Duration) error {
	switch {
	case d < 0:
		return errors.New("A duration can't be negative.")
	case d == Forever && (p.Required || p.Max > 0):
		return fmt.Errorf("This role needs an end. The longest it can be held is %s.", FormatDuration(p.longest()))
	case p.Max > 0 && d > p.Max:
		return fmt.Errorf("This role can be held for %s at most.", FormatDuration(p.Max))
	}
	return nil
}

// longest is the upper bound to tell a person about; Forever if there is none.
func (p Durations) longest() time.Duration {
	if p.Max > 0 || len(p.Choices) == 0 {
		return p.Max
	}
	return slices.Max(p.Choices)
}

// ParseDuration reads "90s", "30m", "6h", "14d", "2w", sums such as "1d12h",
// and "forever" (also "permanent") for access without an end.
func ParseDuration(s string) (time.Duration, error) {
	text := strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), " ", ""))
	switch text {
	case "forever", "permanent":
		return Forever, nil
	case "":
		return 0, errors.New("a duration is missing: write for example 6h, 14d or forever")
	}
	var sum, before time.Duration
	for text != "" {
		n, unit, rest, err := cutUnit(text)
		if err != nil || before > 0 && unit > before { // "6h 30d" is two of them, for want of a comma
			return 0, fmt.Errorf("%q is not a duration: %s", s, withUnit(text))
		}
		if n > int64((1<<63-1)/unit) || sum > 1<<63-1-time.Duration(n)*unit {
			return 0, fmt.Errorf("%q is too long to be a duration", s)
		}
		sum, text, before = sum+time.Duration(n)*unit, rest, unit
	}
	if sum == 0 {
		return 0, fmt.Errorf("%q is no time at all: write for example 8h; access without an end is forever", s)
	}
	return sum, nil
}

// withUnit says how a duration is written, of a number how it is with a unit.
func withUnit(text string) string {
	if strings.Trim(text, "0123456789") == "" && len(text) < 5 {
		return fmt.Sprintf("it needs a unit, as in %sm, %sh or %sd", text, text, text)
	}
	return "write for example 30m, 6h, 14d, 2w or forever"
}

func cutUnit(s string) (n int64, unit time.Duration, rest string, err error) {
	i := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if i <= 0 {
		return 0, 0, "", errors.New("no number and unit")
	}
	if n, err = strconv.ParseInt(s[:i], 10, 64); err != nil {
		return 0, 0, "", err
	}
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': Day, 'w': Week}
	unit, ok := units[s[i]]
	if !ok {
		return 0, 0, "", fmt.Errorf("unknown unit %q", s[i])
	}
	return n, unit, s[i+1:], nil
}

// FormatDuration writes a duration as people say it: "6 hours", "2 weeks",
// "1 day 12 hours", "no end".
func FormatDuration(d time.Duration) string {
	if d == Forever {
		return "no end"
	}
	units := []struct {
		size time.Duration
		name string
	}{{Week, "week"}, {Day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}}
	var parts []string
	for _, u := range units {
		if u.size == Week && d%Week != 0 {
			continue
		}
		if n := d / u.size; n > 0 && len(parts) < 2 {
			parts = append(parts, plural(int64(n), u.name))
			d %= u.size
		}
	}
	if len(parts) == 0 {
		return "less than a second"
	}
	return strings.Join(parts, " ")
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.FormatInt(n, 10) + " " + noun + "s"
}

// ShortDuration writes a duration as it is typed: "6h", "2w", "1d12h", "forever".
func ShortDuration(d time.Duration) string {
	if d == Forever {
		return "forever"
	}
	var b strings.Builder
	for _, u := range []struct {
		size time.Duration
		sign byte
	}{{Week, 'w'}, {Day, 'd'}, {time.Hour, 'h'}, {time.Minute, 'm'}, {time.Second, 's'}} {
		if u.size == Week && d%Week != 0 {
			continue // 30d, not 4w2d
		}
		if n := d / u.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10))
			b.WriteByte(u.sign)
			d %= u.size
		}
	}
	if b.Len() == 0 { // negative, or less than a second: never configured, but never silent
		return d.String()
	}
	return b.String()
}

// Within is the same with an upper bound, if that is shorter; no bound is none.
func (p Durations) Within(most time.Duration) Durations {
	if most == Forever || p.Max != Forever && p.Max <= most {
		return p
	}
	p.Max = most
	p.Choices = slices.DeleteFunc(slices.Clone(p.Choices), func(d time.Duration) bool { return d == Forever || d > most })
	if len(p.Choices) == 0 {
		p.Choices = []time.Duration{most}
	}
	if !slices.Contains(p.Choices, p.Default) {
		p.Default = p.Choices[len(p.Choices)-1]
	}
	return p
}
