package respond

import (
	"testing"
	"time"
)

// TestNobodyIsToldWithoutEnd: who leans on a button reads the answer a few times a minute; others are told as ever.
func TestNobodyIsToldWithoutEnd(t *testing.T) {
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	told := tellLimit{now: func() time.Time { return now }}
	said := func(user string, times int) (n int) {
		for range times {
			if told.again(user) {
				n++
			}
		}
		return n
	}
	if n := said("U-TOM", 1000); n != tellMost {
		t.Errorf("told %d times", n)
	}
	if n := said("U-NOOR", 1); n != 1 {
		t.Error("somebody else is not told")
	}
	now = now.Add(tellWindow)
	if n := said("U-TOM", 1); n != 1 {
		t.Error("a minute later it is still silent")
	}
}
