package query_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/query"
)

// past are the ids of what is over, in order.
func (w *world) past(who access.PersonID) (ids []string) {
	w.Helper()
	list, err := w.Past(w.Context(), who, 0, 0)
	if err != nil {
		w.Fatal(err)
	}
	for _, p := range list.Items {
		ids = append(ids, p.Request.ID)
	}
	return ids
}

// over puts into the store what was denied, lapsed or ended, of roles of its own.
func (w *world) over(id, role string, state access.RequestState, when time.Duration) access.Request {
	w.Helper()
	r := access.Request{ID: id, Requester: maya, Beneficiary: maya, App: "figma", Role: role, State: state, Decided: at(when)}
	w.put(func(tx store.Tx) error { return store.PutRequest(tx, &r) })
	if state == access.RequestApproved {
		w.grant(access.Grant{ID: r.GrantID(), Request: id, App: "figma", Role: role, State: access.GrantEnded, Started: at(when), Finished: at(when)})
	}
	return r
}

// What was denied, lapsed or ended in the last thirty days is there, the latest first: each
// role once, and not where it is asked for again.
func TestWhatWasOverLately(t *testing.T) {
	w := newWorld(t)
	w.over("AR-1", "a", access.RequestDenied, 0)
	w.over("AR-2", "b", access.RequestLapsed, time.Hour)
	w.over("AR-3", "c", access.RequestApproved, 2*time.Hour)
	w.over("AR-4", "d", access.RequestCancelled, 3*time.Hour)
	w.over("AR-5", "a", access.RequestLapsed, 4*time.Hour)
	w.over("AR-6", "e", access.RequestDenied, -30*catalog.Day)
	w.over("AR-7", "f", access.RequestDenied, -28*catalog.Day)
	w.grant(access.Grant{ID: "G-found", App: "figma", Role: "g", Source: access.SourceAdopted, State: access.GrantEnded, Finished: at(0)})
	if got := w.past(maya); !slices.Equal(got, []string{"AR-5", "AR-3", "AR-2", "AR-7"}) {
		t.Errorf("over are %v", got)
	}
	if got := w.past(noor); got != nil {
		t.Errorf("of somebody else are %v", got)
	}
	if list, err := w.Past(t.Context(), maya, 2, 2); err != nil || list.Total != 4 || len(list.Items) != 2 || list.Items[0].Request.ID != "AR-2" {
		t.Errorf("the second page is %+v, %v", list, err)
	}

	w.put(func(tx store.Tx) error {
		again := access.Request{ID: "AR-8", Requester: maya, Beneficiary: maya, App: "figma", Role: "a", State: access.RequestPending, Stages: []access.Stage{{}}}
		return store.PutRequest(tx, &again)
	})
	w.grant(access.Grant{ID: "G-9", App: "figma", Role: "c", State: access.GrantActive})
	if got := w.past(maya); !slices.Equal(got, []string{"AR-2", "AR-7"}) {
		t.Errorf("besides what is asked for again, or there again, are %v", got)
	}
	w.now = w.now.Add(10 * catalog.Day)
	if got := w.past(maya); !slices.Equal(got, []string{"AR-2"}) {
		t.Errorf("ten days later are %v", got)
	}
}

// What was asked for somebody else is over for both.
func TestWhatWasAskedForAnotherIsOverForBoth(t *testing.T) {
	w := newWorld(t)
	w.put(func(tx store.Tx) error {
		r := access.Request{ID: "AR-1", Requester: omar, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestDenied, Decided: at(0)}
		return store.PutRequest(tx, &r)
	})
	for _, who := range []access.PersonID{maya, omar} {
		if got := w.past(who); !slices.Equal(got, []string{"AR-1"}) {
			t.Errorf("for %s are %v", who, got)
		}
	}
}

// Those whose request it was may ask again, and nobody else reads what it was.
func TestWhoMayAskAgain(t *testing.T) {
	w := newWorld(t)
	w.put(func(tx store.Tx) error {
		r := access.Request{ID: "AR-1", Requester: omar, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestDenied, Decided: at(0)}
		return store.PutRequest(tx, &r)
	})
	for _, who := range []access.PersonID{maya, omar} {
		if got, err := w.Again(t.Context(), "AR-1", by(who)); err != nil || got.Request.ID != "AR-1" || got.For.ID != maya {
			t.Errorf("%s: %+v, %v", who, got, err)
		}
	}
	for _, who := range []access.Actor{by(noor), by(ines), operator(), {}} {
		if got, err := w.Again(t.Context(), "AR-1", who); !refused(err) || got.Request.ID != "" {
			t.Errorf("%v: %+v, %v", who, got, err)
		}
	}
	if _, err := w.Again(t.Context(), "AR-9", by(maya)); !refused(err) || err.Error() != query.UnknownRequest {
		t.Errorf("what isn't known: %v", err)
	}
}

// More time that came to nothing leads to the access it was for, as long as that is there.
func TestMoreTimeIsAskedForAgainWhereItWas(t *testing.T) {
	w := newWorld(t)
	w.request(access.Request{ID: "AR-1", State: access.RequestApproved})
	g := w.grant(access.Grant{ID: "G-1", Request: "AR-1", State: access.GrantActive})
	w.request(access.Request{ID: "AR-2", State: access.RequestDenied, Decided: at(0), Extends: "G-1"})
	if got, err := w.Again(t.Context(), "AR-2", by(maya)); err != nil || got.Running != "AR-1" {
		t.Errorf("%+v, %v", got, err)
	}
	if got := w.past(maya); got != nil {
		t.Errorf("it is over: %v", got)
	}
	w.put(func(tx store.Tx) error {
		g.State, g.Finished = access.GrantEnded, at(time.Hour)
		return store.PutGrant(tx, &g)
	})
	if got, err := w.Again(t.Context(), "AR-2", by(maya)); err != nil || got.Running != "" {
		t.Errorf("once it has ended: %+v, %v", got, err)
	}
	if got := w.past(maya); !slices.Equal(got, []string{"AR-1"}) {
		t.Errorf("over are %v", got)
	}
}
