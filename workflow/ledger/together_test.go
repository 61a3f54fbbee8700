package ledger_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// given has the access be there that follows from a yes.
func (w *world) given() access.Event {
	w.Helper()
	var there access.Event
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant("G-1")
		if err != nil {
			return err
		}
		ref := catalog.GroupRef{Directory: "okta", Group: "figma-editors"}
		g.State, g.Started = access.GrantActive, start()
		g.Entitlements = []access.Entitlement{{Group: ref, State: access.EntitlementHeld}}
		if err := engine.Save(u, engine.Grants(), &g); err != nil {
			return err
		}
		e := g.Event(access.EventMemberAdded, access.System(), u.At)
		e.Group = &ref
		there, err = u.Append(e, access.Effect{Kind: access.EffectRecord})
		return err
	})
	return there
}

func (w *world) readyAt(e access.Event) time.Duration {
	w.Helper()
	t, err := w.task("record/" + e.ID)
	if err != nil {
		w.Fatal(err)
	}
	return t.NotBefore.Sub(start())
}

// A yes and the access that comes of it at once are told together, once.
func TestAYesAndItsAccessAreToldTogether(t *testing.T) {
	w := newWorld(t, nil)
	yes := w.decided(access.Grant{State: access.GrantProvisioning}, nil)
	if at := w.readyAt(yes); at != 2*time.Second {
		t.Errorf("the yes is told after %s", at)
	}
	there := w.given()
	if at := w.readyAt(yes); at != 0 {
		t.Errorf("the yes goes on waiting, for %s", at)
	}
	if err := w.work("record/"+yes.ID, nil); err != nil {
		t.Fatal(err)
	}
	w.expect("record AR-1 grant.member_added afresh with request.approved")
	if _, err := w.task("record/" + there.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the access is told once more: %v", err)
	}
}

// Where nobody has to say yes, that the issue is there waits for the access as well.
func TestAnIssueAndItsAccessAreToldTogether(t *testing.T) {
	for name, tc := range map[string]struct {
		stages []access.Stage
		waits  time.Duration
	}{"automatic": {nil, 2 * time.Second}, "somebody said yes": {[]access.Stage{{}}, 0}} {
		w := newWorld(t, nil)
		w.decided(access.Grant{State: access.GrantProvisioning}, func(r *access.Request) { r.Stages = tc.stages })
		var opened access.Event
		w.do(func(u *engine.Unit) error {
			r, err := u.Request("AR-1")
			if err == nil {
				opened, err = u.Append(r.Event(access.EventIssueOpened, access.System(), u.At), access.Effect{Kind: access.EffectRecord})
			}
			return err
		})
		if at := w.readyAt(opened); at != tc.waits {
			t.Errorf("%s: it waits for %s", name, at)
		}
		w.given()
		if at := w.readyAt(opened); at != 0 {
			t.Errorf("%s: it goes on waiting, for %s", name, at)
		}
	}
}

// What takes longer is told apart, and so is what is told of next by somebody else.
func TestWhatTakesLongerIsToldApart(t *testing.T) {
	w := newWorld(t, nil)
	yes := w.decided(access.Grant{State: access.GrantProvisioning}, nil)
	if err := w.work("record/"+yes.ID, nil); err != nil {
		t.Fatal(err)
	}
	there := w.given()
	if err := w.work("record/"+there.ID, nil); err != nil {
		t.Fatal(err)
	}
	w.expect("record AR-1 request.approved afresh", "record AR-1 grant.member_added afresh")
}

// A yes waits no longer once it is known that its access will: it is stuck, by hand, or held back.
func TestAYesWaitsNoLongerThanItHasTo(t *testing.T) {
	for _, kind := range []access.EventKind{access.EventStuck, access.EventRecorded, access.EventDeferred, access.EventEnding} {
		w := newWorld(t, nil)
		yes := w.decided(access.Grant{State: access.GrantProvisioning}, nil)
		w.befalls(kind, nil)
		if at := w.readyAt(yes); at != 0 {
			t.Errorf("%s: it waits for %s", kind, at)
		}
	}
	for name, change := range map[string]func(*access.Request){
		"more has to be said": func(r *access.Request) { r.State = access.RequestPending },
		"more time":           func(r *access.Request) { r.Extends = "G-0" },
		"it isn't listed":     func(r *access.Request) { r.Unlisted = "a tool" },
	} {
		w := newWorld(t, nil)
		if at := w.readyAt(w.decided(access.Grant{State: access.GrantWaiting}, change)); at != 0 {
			t.Errorf("%s: it waits for %s", name, at)
		}
	}
}
