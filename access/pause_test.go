package access_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

var (
	ines = access.Actor{Person: "ines@acme.example", Via: access.ViaSlack}
	omar = access.Actor{Person: "omar@acme.example", Via: access.ViaSlack}
	root = access.Actor{Via: access.ViaCLI, Account: "root"}
)

func paused(t *testing.T, p access.Pause, by access.Actor, long time.Duration, now time.Time) access.Pause {
	t.Helper()
	p, e, err := p.Begin("PA-1", by, long, "An incident", now)
	if err != nil || e.Reason == "" || !e.Until.Equal(p.Until) {
		t.Fatalf("%v, %+v", err, e)
	}
	return p
}

func TestAPauseNeedsASecondPersonForMoreThanAnHour(t *testing.T) {
	short := paused(t, access.Pause{}, ines, time.Hour, at)
	if short.NeedsSecond(at) || !short.On(at.Add(59*time.Minute)) || short.On(at.Add(time.Hour)) {
		t.Errorf("an hour: %+v", short)
	}
	for _, by := range []access.Actor{ines, root} {
		long := paused(t, access.Pause{}, by, 3*time.Hour, at)
		if !long.NeedsSecond(at) || !long.On(at) || long.On(at.Add(time.Hour)) {
			t.Errorf("three hours, for now: %+v", long)
		}
		for _, same := range []access.Actor{by, root} {
			if _, _, err := long.Confirm(same, at); err == nil {
				t.Errorf("%+v confirms what %+v began", same, by)
			}
		}
		long, _, err := long.Confirm(omar, at.Add(30*time.Minute))
		if err != nil || long.NeedsSecond(at) || !long.On(at.Add(179*time.Minute)) || long.On(at.Add(3*time.Hour)) {
			t.Errorf("%v, confirmed: %+v", err, long)
		}
		if _, _, err := long.Confirm(omar, at.Add(31*time.Minute)); err == nil {
			t.Error("it was confirmed twice")
		}
	}
}

func TestAPauseEndsByItselfOrByHand(t *testing.T) {
	p := paused(t, access.Pause{}, ines, time.Hour, at)
	if _, _, err := p.Resume(access.System(), at.Add(time.Minute)); err == nil {
		t.Error("it ended by itself before its time")
	}
	for _, by := range []access.Actor{omar, root} {
		over, e, err := p.Resume(by, at.Add(time.Minute))
		if err != nil || over.Open(at.Add(time.Minute)) || e.Kind != access.EventResumed || !over.Due().IsZero() {
			t.Errorf("%v, %+v", err, over)
		}
	}
	over, _, err := p.Resume(access.System(), at.Add(9*time.Hour))
	if err != nil || !over.Over.Equal(at.Add(time.Hour)) {
		t.Errorf("%v, over %s", err, over.Over)
	}
	for name, c := range map[string]struct {
		long   time.Duration
		reason string
	}{"no end": {0, "x"}, "too long": {31 * catalog.Day, "x"}} {
		if _, _, err := over.Begin("PA-2", ines, c.long, c.reason, at.Add(20*time.Hour)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if _, _, err := p.Begin("PA-2", omar, time.Hour, "x", at); err == nil {
		t.Error("it was paused twice")
	}
}

// TestNobodyPausesForLongAlone: whatever IT do, of the time in which new access is
// paused without a second person no more than an hour lies together.
func TestNobodyPausesForLongAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p access.Pause
		var alone time.Duration // together, without an hour in between
		last, now := time.Time{}, at
		t.Repeat(map[string]func(*rapid.T){
			"begin": func(t *rapid.T) {
				if next, _, err := p.Begin("PA-1", ines, time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes"))*time.Minute, "x", now); err == nil {
					p = next
				}
			},
			"resume": func(t *rapid.T) {
				if next, _, err := p.Resume(root, now); err == nil {
					p = next
				}
			},
			"minutes": func(t *rapid.T) {
				for range rapid.IntRange(1, 90).Draw(t, "minutes") {
					if p.On(now) {
						if now.Sub(last) > access.PauseAlone {
							alone = 0
						}
						if alone, last = alone+time.Minute, now; alone > access.PauseAlone+time.Minute {
							t.Fatalf("paused for %s by one person", alone)
						}
					}
					now = now.Add(time.Minute)
					if due := p.Due(); !due.IsZero() && !now.Before(due) {
						p, _, _ = p.Resume(access.System(), now)
					}
				}
			},
			"": func(*rapid.T) {},
		})
	})
}
