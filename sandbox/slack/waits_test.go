package slack_test

import (
	"testing"
	"time"

	"latchkey/sandbox/slack"
)

// TestHowLongSlackWaitsIsSet: an app that doesn't answer is blamed after the time that was set last.
func TestHowLongSlackWaitsIsSet(t *testing.T) {
	d := newDesk(t, slack.Config{AckTimeout: time.Hour})
	d.dial()
	d.Waits(20 * time.Millisecond)
	if out := <-d.slash(); out.Error != "operation_timeout" {
		t.Errorf("after an hour that became 20 ms: %+v", out)
	}
	wantViolation(t, d, "no acknowledgement of slash_commands within 20ms")
}
