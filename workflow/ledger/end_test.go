package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

func (w *world) End(_ context.Context, c access.Case, e access.Event, since time.Time) error {
	return w.note("end", c.Request.ID, string(e.Kind), again(!since.IsZero()))
}

// befalls has something happen to the grant of AR-1.
func (w *world) befalls(kind access.EventKind, change func(*access.Grant)) (e access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		if change != nil {
			change(&g)
		}
		if err := engine.Save(u, engine.Grants(), &g); err != nil {
			return err
		}
		e, err = u.Append(g.Event(kind, access.System(), u.At), access.Effect{Kind: access.EffectRecord})
		return err
	})
	return e
}

// The end of access without an end of its own is told to an issue of its own, step by step; what
// an earlier step has made is looked for.
func TestTheEndIsToldApart(t *testing.T) {
	told := &world{T: t}
	w := newWorld(t, func(c *ledger.Config) { c.Ends = told })
	w.decided(access.Grant{State: access.GrantActive, Started: start(), Wanted: catalog.Forever}, nil)
	began := w.befalls(access.EventEnding, func(g *access.Grant) { g.State, g.Revoking = access.GrantEnding, true })
	over := w.befalls(access.EventMemberRemoved, func(g *access.Grant) { g.State = access.GrantEnded })
	for _, e := range []access.Event{began, over} {
		if err := w.work("end/"+e.ID, nil); err != nil {
			t.Fatal(err)
		}
	}
	told.expect("end AR-1 grant.ending afresh", "end AR-1 grant.member_removed again")
}

// Nothing is told apart of what ends by itself, was never given, or has no issue.
func TestWhatIsNotToldApart(t *testing.T) {
	for name, g := range map[string]access.Grant{
		"with an end":     {State: access.GrantActive, Started: start(), Wanted: time.Hour},
		"was never given": {State: access.GrantProvisioning, Wanted: catalog.Forever},
	} {
		w := newWorld(t, nil)
		w.decided(g, nil)
		e := w.befalls(access.EventEnding, func(g *access.Grant) { g.State, g.Revoking = access.GrantEnding, true })
		if _, err := w.task("end/" + e.ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: it is told: %v", name, err)
		}
	}
	told := &world{T: t}
	w := newWorld(t, func(c *ledger.Config) { c.Ends = told })
	w.decided(access.Grant{State: access.GrantActive, Started: start(), Wanted: catalog.Forever}, func(r *access.Request) { r.Issue.Gone = true })
	e := w.befalls(access.EventEnding, func(g *access.Grant) { g.State, g.Revoking = access.GrantEnding, true })
	if err := w.work("end/"+e.ID, nil); err != nil {
		t.Fatal(err)
	}
	told.expect()
}
