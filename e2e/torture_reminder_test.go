package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// remindedAgain tells whether a message says once more what waits for somebody, as is due: an hour after the one before at the
// earliest, and three times at most (docs/reminders.md). said are when each such text was said.
func remindedAgain(text, ts string, said map[string][]string) bool {
	if !strings.HasPrefix(text, "1 request waits for you: ") && !strings.HasPrefix(text, "1 task waits for you: ") {
		return false
	}
	before := said[text]
	said[text] = append(before, ts)
	return len(before) > 0 && len(before) < 3 && secondsOf(ts)-secondsOf(before[len(before)-1]) >= time.Hour.Seconds()
}

func secondsOf(ts string) float64 {
	seconds, _ := strconv.ParseFloat(ts, 64) // Slack's own; what isn't one is no time
	return seconds
}

// A reminder that is due is no repetition; one that comes at once, or a fourth one, is.
func TestRemindersThatAreDueAreNoRepetition(t *testing.T) {
	const text = "1 request waits for you: Pat asks for Figma · Editor"
	for _, c := range []struct {
		at   []string
		want []bool
	}{
		{[]string{"1000.1", "4600.2", "8200.3", "11800.4"}, []bool{false, true, true, false}},
		{[]string{"1000.1", "1001.2"}, []bool{false, false}},
	} {
		said := map[string][]string{}
		for i, at := range c.at {
			if got := remindedAgain(text, at, said); got != c.want[i] {
				t.Errorf("%v: number %d is due: %t", c.at, i+1, got)
			}
		}
	}
	if remindedAgain("Done", "1.0", map[string][]string{"Done": {"0"}}) {
		t.Error("what is no reminder passes for one")
	}
}
