package modals

import (
	"strings"
	"testing"
)

func TestNewestChoiceWins(t *testing.T) {
	var n latestActions
	for i, step := range []struct {
		ts   string
		want bool
	}{{"100.2", true}, {"100.1", false}, {"100.2", true}, {"100.3", true}} {
		if got := n.note("V1", step.ts); got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
	}
	if n.is("V1", "100.2") || !n.is("V1", "100.3") || !n.is("V2", "") {
		t.Error("the latestActions isn't known")
	}
	n.forget("V1")
	if !n.note("V1", "1.0") {
		t.Error("a closed form is remembered")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var n latestActions
	for i := range 3 * remembered {
		n.note(strings.Repeat("x", i%7)+string(rune(0x4e00+i)), "1")
	}
	if len(n.at) > remembered {
		t.Errorf("%d views are remembered", len(n.at))
	}
}
