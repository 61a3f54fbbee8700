package access_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// Whatever happens to access that was asked for a moment to come, nothing of it begins before,
// and from then on it waits for its record alone.
func TestNothingBeginsBeforeItsTime(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ahead := time.Duration(rapid.IntRange(1, 48).Draw(rt, "hours")) * time.Hour
		r := requestIn(access.RequestApproved)
		r.Starts = at.Add(ahead)
		g, _, _, err := access.Start(r, catalog.App{}, catalog.Role{Groups: []catalog.GroupRef{group}}, at)
		if err != nil || !g.Planned() || !g.Due().Equal(r.Starts) {
			rt.Fatalf("%+v, %v", g, err)
		}
		now, begun := at, false
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 12).Draw(rt, "later")) * time.Hour)
			e := g.Event(rapid.SampledFrom([]access.EventKind{access.EventRecorded, access.EventStartDue, access.EventStuck, access.EventRetried, access.EventMemberAdded}).Draw(rt, "what"), access.System(), now)
			e.Group, e.Note = &group, "The token lost its rights"
			if e.Kind == access.EventMemberAdded && g.State == access.GrantWaiting || e.Kind == access.EventMemberAdded && g.State == access.GrantStuck && !g.Starts.IsZero() {
				continue // nothing was asked of a directory
			}
			next, effs, err := g.Apply(e, now)
			if _, refused := access.AsRefusal(err); refused {
				continue
			}
			if err != nil {
				rt.Fatal(err)
			}
			g = next
			for _, eff := range effs {
				begun = begun || eff.Kind == access.EffectAddMember
			}
			if early := now.Before(r.Starts); early && (begun || g.State == access.GrantProvisioning) {
				rt.Fatalf("it begins %s before its time, on %s", r.Starts.Sub(now), e.Kind)
			}
		}
	})
}

func TestWhenAccessCanBegin(t *testing.T) {
	for name, c := range map[string]struct {
		starts time.Time
		field  string
	}{
		"at once":      {time.Time{}, ""},
		"in a week":    {at.Add(catalog.Week), ""},
		"at the most":  {at.Add(access.StartsAhead), ""},
		"too far away": {at.Add(access.StartsAhead + time.Minute), "starts"},
		"past":         {at, "starts"},
	} {
		ask := ask()
		ask.Starts = c.starts
		r, e, _, err := access.Submit(testCatalog(), ask, access.Standings{}, at)
		refusal, refused := access.AsRefusal(err)
		switch {
		case refused != (c.field != ""), refused && refusal.Field != c.field, err != nil && !refused:
			t.Errorf("%s: %v", name, err)
		case !refused && (!r.Starts.Equal(c.starts) || !e.Opening.Starts.Equal(c.starts)):
			t.Errorf("%s: it begins %s", name, r.Starts)
		}
	}
}
