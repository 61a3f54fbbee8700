package ledger_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// decided is a request that was approved, with an issue and with a grant as it stands a
// while later.
func (w *world) decided(g access.Grant, change func(*access.Request)) (yes access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r := access.Request{ID: "AR-1", Requester: maya, Beneficiary: maya, State: access.RequestApproved, Issue: access.Issue{ID: "1", Key: "IT-1"}}
		if change != nil {
			change(&r)
		}
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		g := g // the function may run twice
		g.ID, g.Request, g.Person = r.GrantID(), r.ID, maya
		if err := store.PutGrant(u.Tx, &g); err != nil {
			return err
		}
		var err error
		yes, err = u.Append(r.Event(access.EventApproved, access.Actor{Person: maya, Via: access.ViaSlack}, u.At), access.Effect{Kind: access.EffectRecord})
		return err
	})
	return yes
}

// The customer is told of a decision by itself where nothing has come of it a minute
// later, and nobody else says so.
func TestWhatTakesItsTimeIsTold(t *testing.T) {
	for name, tc := range map[string]struct {
		grant  access.Grant
		change func(*access.Request)
		told   bool
	}{
		"it is being set up":     {grant: access.Grant{State: access.GrantProvisioning}, told: true},
		"it is stuck":            {grant: access.Grant{State: access.GrantStuck}, told: true},
		"it waits":               {grant: access.Grant{State: access.GrantWaiting}, told: true},
		"it is there":            {grant: access.Grant{State: access.GrantActive, Started: start()}},
		"it is over":             {grant: access.Grant{State: access.GrantEnded, Finished: start()}},
		"it is made by hand":     {grant: access.Grant{State: access.GrantManual, Manual: true}},
		"it is being taken away": {grant: access.Grant{State: access.GrantStuck, Revoking: true}},
		"there is no issue":      {grant: access.Grant{State: access.GrantWaiting}, change: func(r *access.Request) { r.Issue = access.Issue{} }},
		"the issue is gone":      {grant: access.Grant{State: access.GrantProvisioning}, change: func(r *access.Request) { r.Issue.Gone = true }},
	} {
		w := newWorld(t, nil)
		yes := w.decided(tc.grant, tc.change)
		look, err := w.task("late/" + yes.ID)
		if err != nil || !look.NotBefore.Equal(start().Add(time.Minute)) || look.Lane != "" {
			t.Fatalf("%s: looked for at %s in %q, %v", name, look.NotBefore, look.Lane, err)
		}
		if err := w.work(look.ID, nil); err != nil {
			t.Fatal(err)
		}
		tell, err := w.task("tell-" + look.ID)
		if told := err == nil; told != tc.told || err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: told %v, %v", name, told, err)
		}
		if !tc.told {
			continue
		}
		if tell.Lane != "issue/AR-1" {
			t.Errorf("%s: it is told in the lane %q", name, tell.Lane)
		}
		if err := w.work(tell.ID, begun); err != nil {
			t.Fatal(err)
		}
		w.expect("late AR-1 request.approved again")
	}
}

// Of several answers the last one decided.
func TestOnlyTheLastAnswerIsLate(t *testing.T) {
	w := newWorld(t, nil)
	first := w.decided(access.Grant{State: access.GrantProvisioning}, nil)
	w.do(func(u *engine.Unit) error {
		r, err := u.Request("AR-1")
		if err == nil {
			_, err = u.Append(r.Event(access.EventApproved, access.Actor{Person: maya, Via: access.ViaSlack}, u.At), access.Effect{Kind: access.EffectRecord})
		}
		return err
	})
	if err := w.work("late/"+first.ID, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.task("tell-late/" + first.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the first answer is told of: %v", err)
	}
}
