package clock_test

import (
	"testing"

	"latchkey/clock"
)

func TestZone(t *testing.T) {
	for name, want := range map[string]string{"": "UTC", "UTC": "UTC", "Local": "UTC", "Nowhere/At all": "UTC", "Europe/Berlin": "Europe/Berlin"} {
		if got := clock.Zone(name).String(); got != want {
			t.Errorf("the zone %q is %s, not %s", name, got, want)
		}
	}
}
