package reading

import (
	"testing"
	"time"
)

// TestSeveralApplications: where a group lets into several, use of any counts, and nothing is known where one of them doesn't tell.
func TestSeveralApplications(t *testing.T) {
	early, late := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	a := used{last: map[string]time.Time{"maya": early}, reach: early, source: "a"}
	b := used{last: map[string]time.Time{"maya": late}, reach: late, source: "b"}
	if got := joined([]used{a, b}).of("maya"); !got.At.Equal(late) || !got.Reach.Equal(late) || got.Source != "a; b" {
		t.Errorf("two reports: %+v", got)
	}
	if got := joined([]used{a, {}}).of("maya"); got.Source != "" || !got.At.IsZero() {
		t.Errorf("one of two is unknown: %+v", got)
	}
}

// TestFewPeers: of few colleagues, and of a directory that wasn't listed, a share says nothing.
func TestFewPeers(t *testing.T) {
	few := peers{there: map[string]int{"design": 2}, all: &everyone{in: map[string]int{"design": 5}, whole: true}}
	if s := few.of(&account{department: "design"}); s.Known() {
		t.Errorf("of four colleagues: %+v", s)
	}
	few.all = &everyone{in: map[string]int{"design": 50}}
	if s := few.of(&account{department: "design"}); s.Known() {
		t.Errorf("of a directory that wasn't listed: %+v", s)
	}
}
