package world

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// date binds the date fields. Values without an offset are read in the
// caller's time zone and to the minute.
func (b binder) date(c clause) (expr, error) {
	get := dateOf(c.field)
	if c.op == "is" || c.op == "is not" || c.values[0].empty() {
		return c.emptiness(func(d doc) bool { return get(d).IsZero() })
	}
	at, err := b.moment(c, c.values[0])
	if err != nil {
		return nil, err
	}
	test := compareTimes(c.op)
	if test == nil {
		return nil, c.badOperator()
	}
	return predicate(func(d doc) bool { return !get(d).IsZero() && test(get(d), at) }), nil
}

func dateOf(field string) func(doc) time.Time {
	switch field {
	case "created", "createddate":
		return func(d doc) time.Time { return d.created }
	case "updated", "updateddate":
		return func(d doc) time.Time { return d.updated }
	}
	return func(d doc) time.Time { return d.resolved }
}

func compareTimes(op string) func(v, at time.Time) bool {
	switch op {
	case "=":
		return func(v, at time.Time) bool { return v.Truncate(time.Minute).Equal(at.Truncate(time.Minute)) }
	case "!=":
		return func(v, at time.Time) bool { return !v.Truncate(time.Minute).Equal(at.Truncate(time.Minute)) }
	case "<":
		return time.Time.Before
	case ">":
		return time.Time.After
	case "<=":
		return func(v, at time.Time) bool { return !v.After(at) }
	case ">=":
		return func(v, at time.Time) bool { return !v.Before(at) }
	}
	return nil
}

func (b binder) zone() *time.Location {
	if b.who == nil {
		return time.UTC
	}
	return b.who.Zone
}

func (b binder) moment(c clause, o operand) (time.Time, error) {
	if o.call {
		return b.dateFunction(c, o)
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006/01/02 15:04", "2006-01-02", "2006/01/02"} {
		if t, err := time.ParseInLocation(layout, o.text, b.zone()); err == nil {
			return t, nil
		}
	}
	if ms, err := strconv.ParseInt(o.text, 10, 64); err == nil && ms > 1e11 {
		return time.UnixMilli(ms), nil
	}
	if d, ok := period(o.text); ok {
		return b.w.Now().Add(d), nil
	}
	return time.Time{}, invalid("Date value '%s' for field '%s' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "+
		"'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.", o.text, c.field)
}

func (b binder) dateFunction(c clause, o operand) (time.Time, error) {
	now := b.w.Now().In(b.zone())
	var at time.Time
	switch strings.ToLower(o.text) {
	case "now":
		at = now
	case "startofday":
		at = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	case "endofday":
		at = time.Date(now.Year(), now.Month(), now.Day(), 23, 59, 59, 0, now.Location())
	default:
		return at, invalid("Unable to find JQL function '%s()'.", o.text)
	}
	if len(o.args) == 0 {
		return at, nil
	}
	d, ok := period(o.args[0])
	if !ok {
		return at, invalid("The increment '%s' of function '%s' for field '%s' is invalid.", o.args[0], o.text, c.field)
	}
	return at.Add(d), nil
}

// periodShape is a sign and one or more counts of weeks, days, hours, minutes.
const periodShape = `^([-+]?)((?:\d{1,5}[wdhm]\s*)+)$`

// period reads "-5m", "4w 2d" and the like.
func period(s string) (time.Duration, bool) {
	m := regexp.MustCompile(periodShape).FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, false
	}
	units := map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute}
	var sum time.Duration
	n := 0
	for i := 0; i < len(m[2]); i++ {
		switch ch := m[2][i]; {
		case ch >= '0' && ch <= '9':
			n = n*10 + int(ch-'0')
		case units[ch] > 0:
			sum += time.Duration(n) * units[ch]
			n = 0
		}
	}
	if m[1] == "-" {
		sum = -sum
	}
	return sum, true
}
