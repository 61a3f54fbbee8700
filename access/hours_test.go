package access_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// zones are some with and without summer time, on both sides of the world, and one that
// is half an hour off.
func zones(t *testing.T) []*time.Location {
	t.Helper()
	var out []*time.Location
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "America/Santiago"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, zone)
	}
	return out
}

// someHours are somebody's working hours, somewhere. They begin and end at no time that a
// clock shows twice in a night in autumn.
func someHours(t *rapid.T, zones []*time.Location, around time.Time) access.Hours {
	h := access.OfficeHours(rapid.SampledFrom(zones).Draw(t, "zone"))
	if rapid.Bool().Draw(t, "other hours") {
		if !rapid.Bool().Draw(t, "from midnight") {
			h.From = time.Duration(rapid.IntRange(3*60, 21*60).Draw(t, "from")) * time.Minute
		}
		if h.To = 24 * time.Hour; !rapid.Bool().Draw(t, "to midnight") {
			h.To = time.Duration(rapid.IntRange(max(4*60, int(h.From/time.Minute)+60), 23*60).Draw(t, "to")) * time.Minute
		}
		h.Days = [7]bool{}
		for _, d := range rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 7, rapid.ID[int]).Draw(t, "days") {
			h.Days[d] = true
		}
	}
	if rapid.Bool().Draw(t, "away") {
		h.Away = around.Add(time.Duration(rapid.IntRange(-100, 1000).Draw(t, "until")) * time.Hour)
	}
	return h
}

// aMoment is one of several years, in all of which clocks are changed.
func aMoment(t *rapid.T) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 3*365*24*60).Draw(t, "minute")) * time.Minute)
}

// inHours tells of a moment whether it is in somebody's working hours, by the clock on
// their wall, computed another way.
func inHours(h access.Hours, at time.Time) bool {
	wall := at.In(h.Zone)
	since := time.Duration(wall.Hour())*time.Hour + time.Duration(wall.Minute())*time.Minute + time.Duration(wall.Second())*time.Second
	return h.Days[wall.Weekday()] && since >= h.From && since < h.To && !at.Before(h.Away)
}

// TestWhatIsCountedInWorkingHours: what comes after some time is in the working hours,
// never before, and the same time in between as the clock on the wall shows.
func TestWhatIsCountedInWorkingHours(t *testing.T) {
	all := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		from := aMoment(t)
		h := someHours(t, all, from)
		d := time.Duration(rapid.IntRange(0, 40*60).Draw(t, "minutes")) * time.Minute
		at := h.After(from, d)
		if !inHours(h, at) {
			t.Fatalf("%s and %s of working hours is %s: nobody works then", from, d, at.In(h.Zone))
		}
		worked := time.Duration(0)
		for m := from; m.Before(at); m = m.Add(time.Minute) {
			if inHours(h, m) {
				worked += time.Minute
			}
		}
		want := d/catalog.Day*(h.To-h.From) + d%catalog.Day
		if at.Before(from) || worked != want {
			t.Fatalf("from %s to %s people worked for %s, want %s", from, at, worked, want)
		}
		if next := h.Next(from); next.Before(from) || !inHours(h, next) || next.After(at) {
			t.Fatalf("the next moment from %s on is %s", from, next)
		}
	})
}

// chased is a request for so long that waits for people with such hours; it returns when
// they were told again and when that was escalated, until it lapses.
func chased(t *rapid.T, from time.Time, wanted time.Duration, hours ...access.Hours) (told, escalated []time.Time, lapses time.Time) {
	chase := &access.Chase{Hours: hours}
	r := requestIn(access.RequestPending)
	r.FollowUp, r.Wanted, r.Allowed, r.Lapses = access.FollowUp{}, wanted, wanted, from.Add(14*catalog.Day)
	move := func(e access.Event, now time.Time) {
		next, _, err := r.Apply(e, now)
		if err != nil {
			t.Fatalf("%s at %s: %v", e.Kind, now, err)
		}
		r = next
	}
	asked := r.Event(access.EventApproversAsked, access.System(), from)
	asked.Approvers, asked.Chase = []access.PersonID{"noor@acme.example"}, chase
	move(asked, from)
	for range 100 {
		r.Look = time.Time{}
		now := r.Due()
		e := r.Event(r.NextTold(now), access.System(), now)
		e.Chase, e.Approvers = chase, r.Awaited()
		switch e.Kind {
		case access.EventAskedAgain:
			told = append(told, now)
		case access.EventEscalated:
			escalated = append(escalated, now)
		case access.EventLapsed:
			return told, escalated, now
		}
		move(e, now)
	}
	t.Fatal("it never lapses")
	return nil, nil, time.Time{}
}

// TestNobodyIsToldOutsideTheirHours, nor more than three times, nor once it has lapsed.
func TestNobodyIsToldOutsideTheirHours(t *testing.T) {
	all := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		from := aMoment(t)
		h := someHours(t, all, from)
		wanted := rapid.SampledFrom([]time.Duration{time.Hour, 6 * time.Hour, catalog.Day, 30 * catalog.Day, 365 * catalog.Day, catalog.Forever}).Draw(t, "wanted")
		told, escalated, lapses := chased(t, from, wanted, h)
		if len(told) > 3 || !lapses.Equal(from.Add(14*catalog.Day)) {
			t.Fatalf("told %d times, lapsed at %s", len(told), lapses)
		}
		if h.Away.After(from) { // others are asked at once
			if len(told) > 0 || !escalated[0].Equal(from) {
				t.Fatalf("on leave until %s, told at %v, escalated at %v", h.Away, told, escalated)
			}
			escalated = escalated[1:]
		}
		for _, at := range append(told, escalated...) {
			if !inHours(h, at) || at.After(lapses) {
				t.Fatalf("told at %s, lapsing at %s", at.In(h.Zone), lapses)
			}
		}
		if !h.Away.After(from) && len(escalated) > 0 && (len(told) == 0 || !told[len(told)-1].Before(escalated[0])) {
			t.Fatalf("escalated at %v, told at %v", escalated, told)
		}
	})
}

// TestWhatIsNeededTodayIsEscalatedToday: a request for six hours that comes on a working
// day, an hour and a half before it is over at the latest.
func TestWhatIsNeededTodayIsEscalatedToday(t *testing.T) {
	all := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		h := access.OfficeHours(rapid.SampledFrom(all).Draw(t, "zone"))
		y, m, d := aMoment(t).Date()
		from := time.Date(y, m, d, 0, rapid.IntRange(0, 15*60+30).Draw(t, "minute"), 0, 0, h.Zone)
		if wd := from.Weekday(); wd == time.Saturday || wd == time.Sunday {
			from = from.AddDate(0, 0, 2)
		}
		_, escalated, _ := chased(t, from, 6*time.Hour, h)
		if got := escalated[0].In(h.Zone); got.YearDay() != from.YearDay() || got.Before(from.Add(time.Hour)) {
			t.Fatalf("asked on %s, escalated on %s", from, got)
		}
	})
}

// TestTheFirstOfThemIsToldFirst: of two people in two zones, whoever works first.
func TestTheFirstOfThemIsToldFirst(t *testing.T) {
	all := zones(t)
	rapid.Check(t, func(t *rapid.T) {
		from := aMoment(t)
		one, other := someHours(t, all, from), someHours(t, all, from)
		told, _, _ := chased(t, from, 30*catalog.Day, one, other)
		for _, at := range told {
			if !inHours(one, at) && !inHours(other, at) {
				t.Fatalf("told at %s, when neither works", at)
			}
		}
	})
}

// TestLapses: what is needed sooner waits for a shorter time, in working days.
func TestLapses(t *testing.T) {
	friday := time.Date(2026, 11, 27, 16, 0, 0, 0, time.UTC)
	for wanted, want := range map[time.Duration]string{
		6 * time.Hour: "Tue 1 Dec 16:00", 30 * catalog.Day: "Tue 8 Dec 16:00", 91 * catalog.Day: "Thu 17 Dec 16:00", catalog.Forever: "Thu 17 Dec 16:00",
	} {
		after := access.Timetables{}.LapseAfter(wanted, friday, access.OfficeHours(time.UTC))
		if got := friday.Add(after).Format("Mon 2 Jan 15:04"); got != want {
			t.Errorf("for %s it waits until %s, want %s", wanted, got, want)
		}
	}
	never := access.DefaultTimetables()
	never.Brief.Lapse = 0
	if got := never.LapseAfter(time.Hour, friday, access.Hours{}); got != 0 {
		t.Errorf("it waits for %s, want for ever", got)
	}
}

// TestADayThatBeginsInAnHourThatIsLeftOut begins when the clock has been put forward.
func TestADayThatBeginsInAnHourThatIsLeftOut(t *testing.T) {
	for zone, c := range map[string][3]time.Time{ // noon of the day before, when work begins, and when it ends
		"Europe/Berlin":    {time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), time.Date(2026, 3, 29, 2, 0, 0, 0, time.UTC)},
		"America/Santiago": {time.Date(2026, 9, 5, 12, 0, 0, 0, time.UTC), time.Date(2026, 9, 6, 5, 30, 0, 0, time.UTC), time.Date(2026, 9, 6, 7, 0, 0, 0, time.UTC)},
	} {
		at, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		h := access.Hours{Zone: at, From: 2*time.Hour + 30*time.Minute, To: 4 * time.Hour, Days: [7]bool{time.Sunday: true}}
		if got := h.Next(c[0]); !got.Equal(c[1]) || h.Open(c[2]) || !h.Open(c[2].Add(-time.Minute)) {
			t.Errorf("%s: work begins at %s, want %s until %s", zone, got, c[1], c[2])
		}
	}
}
