package bot

import (
	"strings"
	"testing"
)

func TestEventsAreTakenOnce(t *testing.T) {
	var o seenEvents
	if !o.first("Ev1") || o.first("Ev1") || !o.first("Ev2") {
		t.Error("repetitions aren't told from first deliveries")
	}
}

func TestSeenEventsAreBounded(t *testing.T) {
	var o seenEvents
	for i := range 3 * remembered {
		o.first(strings.Repeat("x", i%7) + string(rune(0x4e00+i)))
	}
	if len(o.seen) > remembered {
		t.Errorf("%d events are remembered", len(o.seen))
	}
}
