package access_test

import (
	"testing"
	"time"

	"latchkey/access"
)

// TestEachMoment: whatever stands around a moment stays, and what only looks like one, too.
func TestEachMoment(t *testing.T) {
	at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.FixedZone("", -3600))
	full := access.FullMoment(at)
	if full != "05:05 UTC on 3 February 2026" {
		t.Fatal(full)
	}
	for text, want := range map[string]string{
		"":                                      "",
		full:                                    "[05:05]",
		"From " + full + " on.":                 "From [05:05] on.",
		full + "5 and " + full + ", x":          "[05:05]5 and [05:05], x",
		" UTC on 3 February 2026":               " UTC on 3 February 2026",
		"5:05 UTC on 3 February 2026":           "5:05 UTC on 3 February 2026",
		"25:05 UTC on 3 February 2026, " + full: "25:05 UTC on 3 February 2026, [05:05]",
		"05:05 UTC on 30 February 2026":         "05:05 UTC on 30 February 2026",
		"05:05 UTC on 3 February 20":            "05:05 UTC on 3 February 20",
		"05:05 UTC on 3":                        "05:05 UTC on 3",
		"05:05 UTC on " + full:                  "05:05 UTC on [05:05]",
	} {
		if got := access.EachMoment(text, func(m time.Time) string {
			if !m.Equal(at.Truncate(time.Minute)) {
				t.Errorf("%q has the moment %s", text, m)
			}
			return "[" + m.Format("15:04") + "]"
		}); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}
