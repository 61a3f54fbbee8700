package traffic_test

import (
	"slices"
	"testing"

	"latchkey/sandbox/traffic"
)

func TestTheLastCallsAreKept(t *testing.T) {
	l := traffic.New[int](3)
	for i := range 20 {
		l.Add(i)
		l.Count("all")
		l.Peak("largest", 20-i)
	}
	if got := l.Calls(); !slices.Equal(got, []int{17, 18, 19}) {
		t.Errorf("kept %v", got)
	}
	if s := l.Stats(); s["all"] != 20 || s["largest"] != 20 {
		t.Errorf("counted %v", s)
	}
	if l.Violate("shouted"); !slices.Equal(l.Violations(), []string{"shouted"}) {
		t.Errorf("violations: %v", l.Violations())
	}
}
