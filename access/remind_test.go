package access_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

func TestReminders(t *testing.T) {
	for name, c := range map[string]struct {
		held time.Duration
		want []string
	}{
		"twenty minutes":               {20 * time.Minute, nil},
		"an hour":                      {time.Hour, []string{"Mon 23 Nov 09:50"}},
		"six hours":                    {6 * time.Hour, []string{"Mon 23 Nov 14:00"}},
		"two days":                     {2 * catalog.Day, []string{"Wed 25 Nov 01:00"}},
		"three days":                   {3 * catalog.Day, []string{"Wed 25 Nov 09:00"}},
		"ten days, ends on a Thursday": {10 * catalog.Day, []string{"Wed 2 Dec 09:00"}},
		"a week, ends on a Monday":     {catalog.Week, []string{"Fri 27 Nov 09:00"}},
		"thirty days, ends on a Wednesday": {30 * catalog.Day,
			[]string{"Wed 16 Dec 09:00", "Tue 22 Dec 09:00"}},
		"twenty days, ends on a Sunday": {20 * catalog.Day,
			[]string{"Fri 4 Dec 09:00", "Fri 11 Dec 09:00"}},
	} {
		var got []string
		for _, r := range access.Reminders(at, at.Add(c.held)) {
			got = append(got, r.Format("Mon 2 Jan 15:04"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// Whatever the length and the day, a reminder is between the start and the end,
// never at a weekend for notices of days, and each is later than the one before.
func TestRemindersAreInTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := at.Add(time.Duration(rapid.Int64Range(0, int64(30*catalog.Day)).Draw(t, "from")))
		ends := from.Add(time.Duration(rapid.Int64Range(int64(time.Minute), int64(400*catalog.Day)).Draw(t, "held")))
		last := from
		for _, r := range access.Reminders(from, ends) {
			if !r.After(last) || !r.Before(ends) {
				t.Fatalf("held from %s to %s, reminded at %s", from, ends, r)
			}
			weekend := r.Weekday() == time.Saturday || r.Weekday() == time.Sunday
			if weekend && ends.Sub(from) >= 3*catalog.Day {
				t.Fatalf("reminded on a %s", r.Weekday())
			}
			last = r
		}
	})
}

// held is an active grant of some days that was requested and approved.
func held(d time.Duration) access.Grant {
	g := grantIn(access.GrantProvisioning, false)
	g.Wanted = d
	e := g.Event(access.EventMemberAdded, access.System(), at)
	e.Group = &group
	next, _, err := g.Apply(e, at)
	if err != nil {
		panic(err)
	}
	return next
}

func remind(t *testing.T, g access.Grant, now time.Time) (access.Grant, error) {
	t.Helper()
	next, _, err := g.Apply(g.Event(access.EventReminded, access.System(), now), now)
	return next, err
}

func TestReminderIsSentOnceAlsoAfterDowntime(t *testing.T) {
	g := held(30 * catalog.Day)
	if want := at.Add(23 * catalog.Day); !g.Due().Equal(want) {
		t.Fatalf("due %s, want %s", g.Due(), want)
	}
	late := at.Add(29*catalog.Day + time.Hour) // both reminders came due while nobody ran
	g, err := remind(t, g, late)
	if err != nil {
		t.Fatal(err)
	}
	if !g.Due().Equal(g.Ends) {
		t.Errorf("due %s after the last reminder, want the end %s", g.Due(), g.Ends)
	}
	if _, err := remind(t, g, late); err == nil {
		t.Error("the same reminder went out twice")
	}
	if _, err := remind(t, held(30*catalog.Day), at.Add(31*catalog.Day)); err == nil {
		t.Error("a reminder went out after the end")
	}
}

func TestExtensionArmsTheReminderAgain(t *testing.T) {
	g := held(6 * time.Hour)
	g, err := remind(t, g, at.Add(5*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	e := g.Event(access.EventExtended, access.System(), at.Add(5*time.Hour))
	e.Until = g.Ends.Add(6 * time.Hour)
	g, _, err = g.Apply(e, e.At)
	if err != nil {
		t.Fatal(err)
	}
	if want := at.Add(10 * time.Hour); !g.Due().Equal(want) {
		t.Errorf("due %s, want %s", g.Due(), want)
	}
}
