package people_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// The day until which somebody is on leave is one of their own calendar: where the sun rises
// sooner, it begins while it is the day before in UTC.
func TestALeaveEndsOnTheDayThatWasSaid(t *testing.T) {
	w := familiar(t, nil)
	for zone, want := range map[string]string{"Asia/Kolkata": "24 December 2026", "America/Chicago": "24 December 2026", "": "24 December 2026", "Nowhere/At all": "24 December 2026"} {
		at, err := time.LoadLocation(zone)
		if err != nil {
			at = time.UTC
		}
		if err := w.Away(t.Context(), noor, time.Date(2026, 12, 24, 0, 0, 0, 0, at)); err != nil {
			t.Fatal(err)
		}
		var said string
		err = w.units.Update(t.Context(), func(u *engine.Unit) error {
			k, err := store.Person(u.Tx, noor)
			if err != nil {
				return err
			}
			k.TimeZone = zone
			if err := store.PutPerson(u.Tx, &k); err != nil {
				return err
			}
			said, err = people.Absent(u, []access.PersonID{noor})
			return err
		})
		if err != nil || !strings.HasSuffix(said, "is on leave until "+want) {
			t.Errorf("in %q: %q, %v", zone, said, err)
		}
	}
}
