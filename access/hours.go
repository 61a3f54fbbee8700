package access

import "time"

// Hours are somebody's working hours, by the clock on their wall. What waits for them is
// counted in these, and told in these. The zero value is round the clock.
type Hours struct {
	Zone     *time.Location // nil: UTC
	Days     [7]bool        // by time.Weekday
	From, To time.Duration  // of each such day
	Away     time.Time      // they are on leave until then; zero, or past: they aren't
}

// OfficeHours are the usual ones: nine to five, Monday to Friday.
func OfficeHours(zone *time.Location) Hours {
	h := Hours{Zone: zone, From: 9 * time.Hour, To: 17 * time.Hour}
	for d := time.Monday; d <= time.Friday; d++ {
		h.Days[d] = true
	}
	return h
}

// always tells that there are no hours at which nothing may be told.
func (h Hours) always() bool { return h.Days == [7]bool{} || h.To <= h.From }

// Open tells whether a moment is one of the working hours.
func (h Hours) Open(at time.Time) bool { return h.Next(at).Equal(at) }

// Next is the first moment of the working hours from one on.
func (h Hours) Next(at time.Time) time.Time {
	at = later(at, h.Away)
	if h.always() {
		return at.UTC()
	}
	for day := 0; ; day++ { // one of eight days is a working day, with no clock changed in the way
		if opens, shuts := h.span(at, day); opens.Before(shuts) && at.Before(shuts) {
			return later(at, opens).UTC()
		}
	}
}

// span is when a day opens and shuts, so many days after the one of a moment. A day on
// which nobody works is empty.
func (h Hours) span(at time.Time, days int) (opens, shuts time.Time) {
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := at.In(zone).Date()
	wall := func(of time.Duration) time.Time { return onWall(y, m, d+days, of, zone) }
	if !h.Days[time.Date(y, m, d+days, 12, 0, 0, 0, zone).Weekday()] {
		return at, at
	}
	return wall(h.From), wall(h.To)
}

// onWall is when a clock on the wall shows a time of a day. One that is left out, since the
// clock is put forward over it, is when that is done.
func onWall(y int, m time.Month, d int, of time.Duration, zone *time.Location) time.Time {
	hour, minute := int(of/time.Hour), int(of%time.Hour/time.Minute)
	at, want := time.Date(y, m, d, hour, minute, 0, 0, zone), time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
	_, offset := at.Zone()
	before, after := at.ZoneBounds()
	switch shows := at.Add(time.Duration(offset) * time.Second); {
	case shows.After(want):
		return before
	case shows.Before(want):
		return after
	}
	return at
}

// After is the moment at which so much of the working hours has passed since another.
// A day of it is a working day, however long that is.
func (h Hours) After(from time.Time, d time.Duration) time.Time { return h.pass(from, h.work(d)) }

// Between is the moment that is as long after another one as a later time of a
// timetable is after an earlier one.
func (h Hours) Between(from time.Time, earlier, later time.Duration) time.Time {
	return h.pass(from, h.work(later)-h.work(earlier))
}

// work is how much of the working hours a time of a timetable is.
func (h Hours) work(d time.Duration) time.Duration {
	if h.always() {
		return d
	}
	const day = 24 * time.Hour
	return d/day*(h.To-h.From) + d%day
}

// pass lets so much of the working hours pass.
func (h Hours) pass(from time.Time, d time.Duration) time.Time {
	if h.always() {
		return later(from, h.Away).Add(d).UTC()
	}
	at := h.Next(from)
	for {
		_, shuts := h.span(at, 0)
		left := shuts.Sub(at)
		if d < left {
			return at.Add(d)
		}
		d -= left
		at = h.Next(shuts)
	}
}

// sameDay is the last moment at which something that a day should bring can still be
// told on it; zero where the day of a moment is all but over, or has no end.
func (h Hours) sameDay(from time.Time) time.Time {
	if h.always() {
		return time.Time{}
	}
	at := h.Next(from)
	_, shuts := h.span(at, 0)
	if last := shuts.Add(-lastCall); last.Sub(at) >= leastDay {
		return last.UTC()
	}
	return time.Time{}
}

const (
	lastCall = 30 * time.Minute // of a working day are left to whoever is asked at its end
	leastDay = time.Hour        // from a question to that; less of a day counts as the next one
)
