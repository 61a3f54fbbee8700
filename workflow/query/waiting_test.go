package query_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/query"
)

// All that can wait for somebody is in one list, the oldest first.
func TestWhatWaitsForSomebody(t *testing.T) {
	w := newWorld(t)
	asked := func(id string, when time.Duration, change func(*access.Request)) {
		w.put(func(tx store.Tx) error {
			r := access.Request{ID: id, Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestPending, Stages: []access.Stage{{Asked: []access.PersonID{noor}, AskedAt: at(when)}}}
			change(&r)
			return store.PutRequest(tx, &r)
		})
	}
	asked("AR-1", 5*time.Hour, func(*access.Request) {})
	asked("AR-2", 4*time.Hour, func(r *access.Request) { r.Questioned = true })
	asked("AR-3", 0, func(r *access.Request) {
		r.State, r.Stages, r.BreakGlass, r.Decided, r.Review = access.RequestApproved, nil, true, at(3*time.Hour), &access.Review{Asked: []access.PersonID{noor}}
	})
	asked("AR-4", 0, func(r *access.Request) { r.State = access.RequestApproved })
	w.grant(access.Grant{ID: "G-4", Request: "AR-4", Manual: true, State: access.GrantManual, FollowUp: access.FollowUp{Since: at(2 * time.Hour)}})
	asked("AR-5", 0, func(r *access.Request) {
		r.Requester, r.Beneficiary, r.Questioned, r.FollowUp = noor, noor, true, access.FollowUp{Since: at(time.Hour)}
		r.Stages[0].Asked = []access.PersonID{ines}
	})
	asked("AR-6", 0, func(r *access.Request) { r.Requester, r.Beneficiary, r.State = noor, noor, access.RequestApproved })
	w.grant(access.Grant{ID: "G-6", Request: "AR-6", Person: noor, Manual: true, State: access.GrantManual}) // nobody makes their own

	got, err := w.Waiting(t.Context(), noor, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	want := []query.Waiting{
		{For: query.WaitsForAnswer, Request: access.Request{ID: "AR-5"}, Since: at(time.Hour)},
		{For: query.WaitsForTask, Request: access.Request{ID: "AR-4"}, Since: at(2 * time.Hour)},
		{For: query.WaitsForReview, Request: access.Request{ID: "AR-3"}, Since: at(3 * time.Hour)},
		{For: query.WaitsForDecision, Request: access.Request{ID: "AR-2"}, Since: at(4 * time.Hour), Idle: true},
		{For: query.WaitsForDecision, Request: access.Request{ID: "AR-1"}, Since: at(5 * time.Hour)},
	}
	if got.Total != len(want) {
		t.Fatalf("%d wait: %+v", got.Total, got.Items)
	}
	for i, g := range got.Items {
		if o := want[i]; g.For != o.For || g.Request.ID != o.Request.ID || !g.Since.Equal(o.Since) || g.Idle != o.Idle {
			t.Errorf("%d: %s of %s since %s, idle %t", i, g.For, g.Request.ID, g.Since, g.Idle)
		}
	}
	if page, err := w.Waiting(t.Context(), noor, 4, 2); err != nil || page.Total != 5 || len(page.Items) != 1 || page.Items[0].Request.ID != "AR-1" {
		t.Errorf("the last page is %+v, %v", page, err)
	}
	if none, err := w.Waiting(t.Context(), omar, 0, 10); err != nil || none.Total != 0 {
		t.Errorf("for somebody else wait %+v, %v", none, err)
	}
}

// A change by hand that somebody has taken on waits for them, whoever they are, and for nobody
// else unless they have left or are away.
func TestWhatSomebodyHasTakenOnWaitsForThem(t *testing.T) {
	w := newWorld(t)
	person := func(who access.PersonID, change func(*access.Person)) {
		w.put(func(tx store.Tx) error {
			k, err := store.Person(tx, who)
			if err != nil {
				k = store.Known{Person: access.Person{ID: who}}
			}
			change(&k.Person)
			return store.PutPerson(tx, &k)
		})
	}
	person(omar, func(*access.Person) {})
	w.request(access.Request{ID: "AR-4", Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestApproved})
	w.grant(access.Grant{ID: "G-4", Request: "AR-4", Manual: true, State: access.GrantManual, TakenBy: omar, TakenAt: at(0), FollowUp: access.FollowUp{Since: at(0)}})
	waits := func(who access.PersonID) (total int, idle bool) {
		all, err := w.Waiting(t.Context(), who, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all.Total, all.Total > 0 && all.Items[0].Idle
	}
	if n, idle := waits(omar); n != 1 || idle {
		t.Errorf("for who is on it: %d, idle %t", n, idle)
	}
	if n, idle := waits(noor); n != 1 || !idle {
		t.Errorf("for who makes such changes: %d, idle %t", n, idle)
	}
	person(omar, func(p *access.Person) { p.AwayUntil = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC) })
	if n, idle := waits(noor); n != 1 || idle {
		t.Errorf("once they are away: %d, idle %t", n, idle)
	}
}

// Who decides is told by what they are: a manager, an owner, one of those whom a route names,
// or asked at the moment.
func TestWhoDecides(t *testing.T) {
	w := newWorld(t)
	person := func(who access.PersonID) access.Person {
		p := access.Person{ID: who}
		w.put(func(tx store.Tx) error {
			if k, err := store.Person(tx, who); err == nil {
				p = k.Person
			}
			return nil
		})
		return p
	}
	decides := func(who access.PersonID) bool {
		yes, err := w.Decides(t.Context(), person(who))
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	if !decides(noor) || decides(omar) {
		t.Errorf("an owner: %t, somebody: %t", decides(noor), decides(omar))
	}
	w.put(func(tx store.Tx) error {
		return store.PutPerson(tx, &store.Known{Person: access.Person{ID: maya, Manager: omar}})
	})
	if !decides(omar) {
		t.Error("to whom somebody reports doesn't")
	}
	if decides(maya) {
		t.Error("who reports to somebody does")
	}
	w.request(access.Request{ID: "AR-1", Requester: omar, State: access.RequestPending, Stages: []access.Stage{{Asked: []access.PersonID{maya}}}})
	if !decides(maya) {
		t.Error("who is asked doesn't")
	}
}

// What the groups hold that no grant explains is for IT, with the time of the look.
func TestWhatTheLastComparisonFound(t *testing.T) {
	w := newWorld(t)
	if got, err := w.Compared(t.Context(), by(ines), 0, 5); err != nil || !got.At.IsZero() || got.Odd.Total != 0 {
		t.Errorf("before the first: %+v, %v", got, err)
	}
	var s access.Survey
	s.At, s.Problems = at(0), []string{"The group okta:gone can't be read"}
	for range 7 {
		s.Note(access.Mismatch{Person: noor, App: "figma", Role: "editor", Group: catalog.GroupRef{Directory: "okta", Group: "editors"}})
	}
	w.put(func(tx store.Tx) error { return store.PutSurvey(tx, &store.Survey{Survey: s}) })
	got, err := w.Compared(t.Context(), by(ines), 5, 5)
	if err != nil || !got.At.Equal(at(0)) || got.Odd.Total != 7 || len(got.Odd.Items) != 2 || got.Odd.Items[0].Who.Display() != "Noor" || len(got.Problems) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := w.Compared(t.Context(), by(noor), 0, 5); !refused(err) {
		t.Errorf("an owner of one app sees all: %v", err)
	}
}
