package config

import (
	"time"
	_ "time/tzdata" // calendars name time zones, and a bare image has none

	"github.com/robfig/cron/v3"

	"latchkey/config/value"
)

// Schedules say when regular duties have their turns: a cron line of five fields,
// or a word like @daily; "" for never.
type Schedules struct {
	Zone        *time.Location
	Reconcile   string
	Anchor      string
	Birthrights string
	Reclaim     string

	ReclaimDigest string // when IT reads how the seats stand that come back
	Report        string // when IT reads the figures of the week before
	Retention     string // when old events are moved
}

// never in place of a line means that a duty has no turns.
const never = "never"

func schedules(v value.Node) Schedules {
	o := v.Object("time_zone", "reconcile", "anchor", "birthrights", "reclaim", "reclaim_digest", "report", "retention")
	return Schedules{Zone: zone(o.Get("time_zone")), Reconcile: line(o.Get("reconcile"), "0 6 * * *"), Anchor: line(o.Get("anchor"), "@every 24h"), Birthrights: line(o.Get("birthrights"), "0 5 * * *"), Reclaim: line(o.Get("reclaim"), "0 9 * * 1-5"), ReclaimDigest: line(o.Get("reclaim_digest"), "0 9 * * 1"), Report: line(o.Get("report"), "0 9 * * 1"), Retention: line(o.Get("retention"), "30 2 * * *")}
}

func zone(v value.Node) *time.Location {
	if !v.Present() {
		return time.UTC
	}
	name, _ := v.Text()
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		v.Fault("%s can't be %q: write a name like Europe/Berlin or UTC", v.Path(), name)
		return time.UTC
	}
	return zone
}

// line reads when one duty has its turns.
func line(v value.Node, fallback string) string {
	text := v.TextOr(fallback)
	if text == never {
		return ""
	}
	if _, err := cron.ParseStandard(text); err != nil {
		v.Fault("%s: %q is no calendar line: write minute, hour, day of the month, month and day of the week, for example \"0 6 * * 1-5\", or @daily, or never", v.Path(), text)
	}
	return text
}
