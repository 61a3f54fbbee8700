package access_test

import (
	"testing"
	"time"

	"latchkey/access"
)

// TestWhereSomebodyStood is known for as long as a move may be seen bit by bit.
func TestWhereSomebodyStood(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	first := access.Person{Department: "Design", Manager: "noor"}
	for name, p := range map[string]access.Person{
		"in other letters": {Department: "DESIGN", Manager: "noor"}, "nothing is shown": {}, "the same": first,
	} {
		if got := p.MovedFrom(first, day); got.Stood != nil {
			t.Errorf("%s: %+v", name, got.Stood)
		}
	}
	if got := first.MovedFrom(access.Person{}, day); got.Stood != nil {
		t.Errorf("who wasn't known has moved from %+v", got.Stood)
	}
	moved := access.Person{Department: "Sales", Manager: "noor"}.MovedFrom(first, day)
	led := moved
	led.Manager = "lena"
	led = led.MovedFrom(moved, day.Add(time.Hour)) // the same move, and the rest of it
	if is := led.StoodAt(day.Add(-time.Hour)); is.Department != "Design" || is.Manager != "noor" {
		t.Errorf("before both: %+v", is)
	}
	if is := led.StoodAt(day.Add(2 * time.Hour)); is.Department != "Sales" || is.Manager != "lena" {
		t.Errorf("after both: %+v", is)
	}
	later := led
	later.Department = "Finance"
	if is := later.MovedFrom(led, day.AddDate(0, 1, 0)).StoodAt(day); is.Department != "Sales" || is.Manager != "lena" {
		t.Errorf("a month later: %+v", is)
	}
	if led.Erase(day, true).Stood != nil {
		t.Error("it stays when they are erased")
	}
}
