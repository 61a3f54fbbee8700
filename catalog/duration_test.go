package catalog_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"

	"pgregory.net/rapid"
)

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "30m": 30 * time.Minute, "6h": 6 * time.Hour, "14d": 14 * catalog.Day, "2w": 2 * catalog.Week,
		"1d12h": 36 * time.Hour, " 1d 12h ": 36 * time.Hour, "6H": 6 * time.Hour, "forever": catalog.Forever, "Permanent": catalog.Forever,
		"0d5m": 5 * time.Minute,
	} {
		if got, err := catalog.ParseDuration(text); err != nil || got != want {
			t.Errorf("%q: got %v (%v), want %v", text, got, err, want)
		}
	}
}

func TestParseDurationRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "missing", "  ": "missing", "6": "is not a duration", "h": "is not a duration", "6y": "is not a duration", "-6h": "is not a duration",
		"6h-": "is not a duration", "1.5h": "is not a duration", "٦h": "is not a duration", "0h": "no time at all", "0m0s": "no time at all", "6h 30d": "is not a duration",
		"99999999999999999999h": "is not a duration", "9999999999999w": "too long", "15250w1w": "too long",
	} {
		if got, err := catalog.ParseDuration(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v (%v), want …%s…", text, got, err, want)
		}
	}
}

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		catalog.Forever:                    {"no end", "forever"},
		6 * time.Hour:                      {"6 hours", "6h"},
		time.Hour:                          {"1 hour", "1h"},
		90 * time.Second:                   {"1 minute 30 seconds", "1m30s"},
		36 * time.Hour:                     {"1 day 12 hours", "1d12h"},
		8 * catalog.Day:                    {"8 days", "8d"},
		14 * catalog.Day:                   {"2 weeks", "2w"},
		30 * catalog.Day:                   {"30 days", "30d"},
		catalog.Week + time.Hour:           {"7 days 1 hour", "7d1h"},
		catalog.Day + 30*time.Minute:       {"1 day 30 minutes", "1d30m"},
		25*time.Hour + 61*time.Second:      {"1 day 1 hour", "1d1h1m1s"},
		300 * time.Millisecond:             {"less than a second", "300ms"},
		-time.Hour:                         {"less than a second", "-1h0m0s"},
		time.Duration(math.MaxInt64) / 1e9: {"9 seconds", "9s"},
	} {
		if got := catalog.FormatDuration(d); got != want[0] {
			t.Errorf("%v is formatted as %q, want %q", d, got, want[0])
		}
		if got := catalog.ShortDuration(d); got != want[1] {
			t.Errorf("%v is typed as %q, want %q", d, got, want[1])
		}
	}
}

func TestDurationRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(math.MaxInt64/time.Second)).Draw(t, "seconds")) * time.Second
		got, err := catalog.ParseDuration(catalog.ShortDuration(d))
		if err != nil || got != d {
			t.Fatalf("%v is typed as %q and read as %v (%v)", d, catalog.ShortDuration(d), got, err)
		}
	})
}

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"6h", "forever", "1d12h", "0d", "", "9223372036s", "15250w2d", "99999999999999999999s", "h6", "１h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := catalog.ParseDuration(text)
		switch {
		case err != nil && d != 0:
			t.Errorf("%q: both %v and %v", text, d, err)
		case err == nil && d < 0:
			t.Errorf("%q is negative: %v", text, d)
		case err == nil:
			if again, err := catalog.ParseDuration(catalog.ShortDuration(d)); err != nil || again != d {
				t.Errorf("%q is %v, typed as %q, read as %v (%v)", text, d, catalog.ShortDuration(d), again, err)
			}
		}
	})
}

func TestAllows(t *testing.T) {
	bounded := catalog.Durations{Choices: []time.Duration{time.Hour, 8 * time.Hour}, Max: 8 * time.Hour}
	open := catalog.Durations{Choices: []time.Duration{time.Hour, catalog.Forever}}
	ending := catalog.Durations{Choices: []time.Duration{time.Hour, catalog.Day}, Required: true}
	for _, c := range []struct {
		name string
		of   catalog.Durations
		ask  time.Duration
		want string // "" when allowed
	}{
		{"up to the bound", bounded, 8 * time.Hour, ""},
		{"between choices", bounded, 2 * time.Hour, ""},
		{"over the bound", bounded, 9 * time.Hour, "8 hours at most"},
		{"without end under a bound", bounded, catalog.Forever, "The longest it can be held is 8 hours"},
		{"negative", bounded, -1, "can't be negative"},
		{"without end", open, catalog.Forever, ""},
		{"very long", open, 10000 * catalog.Day, ""},
		{"without end where one is required", ending, catalog.Forever, "This role needs an end. The longest it can be held is 1 day."},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.of.Allows(c.ask)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
