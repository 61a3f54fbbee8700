package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// date writes a moment by a format with tokens, as in <!date^…>, in the reader's zone.
// Clocks show twelve hours, which is what Slack does unless somebody chose otherwise.
func (c Client) date(unix int64, format string, zone *time.Location) string {
	at, now := time.Unix(unix, 0).In(zone), c.Now.In(zone)
	var b strings.Builder
	for rest := format; rest != ""; {
		begin := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		if begin < 0 || end < begin {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:begin])
		said, ok := token(rest[begin+1:end], at, now)
		if !ok {
			said = rest[begin : end+1]
		}
		if b.Len() == 0 && (said == "today" || said == "yesterday" || said == "tomorrow") {
			said = strings.ToUpper(said[:1]) + said[1:]
		}
		b.WriteString(said)
		rest = rest[end+1:]
	}
	return b.String()
}

// token is what stands in place of one token.
func token(name string, at, now time.Time) (said string, ok bool) {
	if plain, pretty := strings.CutSuffix(name, "_pretty"); pretty {
		if near := nearby(at, now); near != "" {
			return near, true
		}
		if plain == "day_divider" {
			plain = "date_long"
		}
		return token(plain, at, now)
	}
	switch name {
	case "date_num":
		return at.Format("2006-01-02"), true
	case "date_slash":
		return at.Format("02/01/2006"), true
	case "date_long_full":
		return at.Format("January 2, 2006"), true
	case "date":
		return at.Format("January ") + ordinal(at.Day()) + year(at, now), true
	case "date_short":
		return at.Format("Jan 2") + year(at, now), true
	case "date_long":
		return at.Format("Monday, January ") + ordinal(at.Day()) + year(at, now), true
	case "time":
		return at.Format("3:04 PM"), true
	case "time_secs":
		return at.Format("3:04:05 PM"), true
	case "ago":
		return ago(now.Sub(at)), true
	}
	return "", false
}

// nearby is the day's name if it is today or next to it.
func nearby(at, now time.Time) string {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	switch day(at).Sub(day(now)) {
	case 0:
		return "today"
	case 24 * time.Hour:
		return "tomorrow"
	case -24 * time.Hour:
		return "yesterday"
	}
	return ""
}

// year is left out of dates less than six months away.
func year(at, now time.Time) string {
	if at.After(now.AddDate(0, -6, 0)) && at.Before(now.AddDate(0, 6, 0)) {
		return ""
	}
	return ", " + strconv.Itoa(at.Year())
}

func ordinal(day int) string {
	switch {
	case day%10 == 1 && day != 11:
		return strconv.Itoa(day) + "st"
	case day%10 == 2 && day != 12:
		return strconv.Itoa(day) + "nd"
	case day%10 == 3 && day != 13:
		return strconv.Itoa(day) + "rd"
	}
	return strconv.Itoa(day) + "th"
}

func ago(d time.Duration) string {
	format := "%d %s ago"
	if d < 0 {
		d, format = -d, "in %d %s"
	}
	for _, unit := range []struct {
		name string
		long time.Duration
	}{{"year", 365 * 24 * time.Hour}, {"month", 30 * 24 * time.Hour}, {"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		if n := int(d / unit.long); n == 1 {
			return fmt.Sprintf(format, n, unit.name)
		} else if n > 1 {
			return fmt.Sprintf(format, n, unit.name+"s")
		}
	}
	return "just now"
}

// when draws a moment; link is where it leads, "" if nowhere.
func (d *drawing) when(unix int64, format, link string, zone *time.Location) {
	d.link(link, func() {
		d.say("time", "", d.date(unix, format, zone), "datetime", time.Unix(unix, 0).UTC().Format(time.RFC3339))
	})
}
