package rest_test

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"latchkey/jira/rest"
)

// TestDatesAreReadInEachForm that Jira writes them in; what is none is no moment.
func TestDatesAreReadInEachForm(t *testing.T) {
	for raw, want := range map[string]time.Time{
		`"2026-11-23T10:30:00.250+0100"`: time.Date(2026, 11, 23, 9, 30, 0, 250_000_000, time.UTC),
		`"2026-11-23"`:                   {},
		`1795426200000`:                  time.UnixMilli(1795426200000).UTC(),
		`1795426200`:                     time.Unix(1795426200, 999_000_000).UTC(), // a second is taken for its end
		`-1`:                             {},
		`{}`:                             {},
	} {
		if got := rest.ParseAnyTime(json.RawMessage(raw)); !got.Equal(want) {
			t.Errorf("%s is read as %s, want %s", raw, got, want)
		}
	}
}

// TestWhatGoesIntoJQL is rounded up, and can't leave its quotes.
func TestWhatGoesIntoJQL(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Minute: "1m", 61 * time.Second: "2m", 99 * time.Hour: "5940m", 100*time.Hour + 1: "101h"} {
		if got := rest.Period(d); got != want {
			t.Errorf("%s is written %s, want %s", d, got, want)
		}
	}
	if got := rest.Quote(`a" OR project = "B\`); got != `"a\" OR project = \"B\\"` {
		t.Errorf("got %s", got)
	}
	for key, want := range map[string]int{"IT-42": 42, "IT-X": 0, "": 0} {
		if got := (rest.FoundIssue{Key: key}).Number(); got != want {
			t.Errorf("%s has number %d", key, got)
		}
	}
}

// TestACacheForgetsRatherThanGrows: what it holds can be asked for again.
func TestACacheForgetsRatherThanGrows(t *testing.T) {
	c := rest.NewCache[int]()
	for i := range 10_000 {
		c.Put(strconv.Itoa(i), i)
	}
	if v, known := c.Get("7"); v != 7 || !known {
		t.Errorf("got %d, %v", v, known)
	}
	c.Drop("7")
	if _, known := c.Get("7"); known {
		t.Error("what was dropped is known")
	}
	c.Put("7", 7)
	c.Put("new", 1)
	if _, known := c.Get("8"); known {
		t.Error("a full one keeps growing")
	}
	if v, _ := c.Get("new"); v != 1 {
		t.Errorf("what was put last is %d", v)
	}
}

// TestWhatIsWrongWithTheAddressOfJira is said before anything is called.
func TestWhatIsWrongWithTheAddressOfJira(t *testing.T) {
	for url, faults := range map[string]int{"https://acme.atlassian.net": 0, "http://127.0.0.1:8080": 0, "http://[::1]": 0, "http://acme.atlassian.net": 1, "": 1, "acme": 1} {
		n := 0
		for _, err := range (rest.Config{URL: url, Email: "bot@acme.example", Token: "t"}).Faults() {
			if err != nil {
				n++
			}
		}
		if n != faults {
			t.Errorf("%q has %d faults, want %d", url, n, faults)
		}
	}
}
