package lookahead_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision/provisiontest"
)

const noorsAccount = "U-NOOR"

// nearly puts a request of Maya's into the store to which only Noor's yes is missing.
func (w *world) nearly(id string) {
	w.Helper()
	noor := peopletest.Person("noor")
	noor.Bindings = []access.Binding{{System: access.SystemSlack, ID: noorsAccount, Level: access.AssuranceFirst}}
	holder := peopletest.Person("maya")
	holder.Bindings = []access.Binding{{System: "okta", ID: w.Maya, Level: access.AssuranceFirst}}
	r := access.Request{ID: id, Requester: provisiontest.Maya(), Beneficiary: provisiontest.Maya(), App: "figma", Role: "editor", State: access.RequestPending,
		Issue: access.Issue{ID: "1", Key: "IT-" + id}, Stages: []access.Stage{{Asked: []access.PersonID{noor.ID}}}}
	w.Do(func(u *engine.Unit) error {
		asked := r
		return errors.Join(
			store.PutPerson(u.Tx, &store.Known{Person: noor}), store.PutPerson(u.Tx, &store.Known{Person: holder}),
			store.PutGroupPin(u.Tx, &store.GroupPin{Ref: provisiontest.Editors(), GroupID: w.Group, Name: "figma-editors"}),
			engine.Save(u, engine.Requests(), &asked))
	})
}

// agreed lets the request be approved, and its grant begin.
func (w *world) agreed(id string) access.Grant {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		r, err := u.Request(id)
		if err != nil {
			return err
		}
		r.State = access.RequestApproved
		g := access.Grant{ID: r.GrantID(), Request: id, Person: provisiontest.Maya(), App: "figma", Role: "editor", State: access.GrantWaiting, Wanted: time.Hour, Created: u.At,
			Entitlements: []access.Entitlement{{Group: provisiontest.Editors(), State: access.EntitlementWanted}}}
		if err := errors.Join(engine.Save(u, engine.Requests(), &r), engine.Save(u, engine.Grants(), &g)); err != nil {
			return err
		}
		_, err = u.MoveGrant(g, g.Event(access.EventRecorded, access.System(), u.At))
		return err
	})
	return w.Now(access.Request{ID: id}.GrantID())
}

// What was looked at while it was found out whether a yes counts need not be looked at again by
// what follows at once: here the issue is gone and the person in the group since.
func TestAnAdditionGoesByWhatTheYesHadLookedAt(t *testing.T) {
	for name, c := range map[string]struct {
		by    string
		later time.Duration
		goes  bool
	}{
		"at once":                {noorsAccount, 2 * time.Second, true},
		"later":                  {noorsAccount, 6 * time.Second, false},
		"by who was not asked":   {"U-SLY", 0, false},
		"the clock was set back": {noorsAccount, -time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			w, j := newRecordedWorld(t)
			w.nearly("A")
			if err := w.Ahead.Prepare(t.Context(), "A", c.by); err != nil {
				t.Fatal(err)
			}
			j.Gone = true
			w.Clock.Advance(c.later)
			g := w.agreed("A")
			w.Work()
			if given := w.Now(g.ID).State == access.GrantActive; given != c.goes || w.Vendor.IsMember(w.Group, w.Maya) != c.goes {
				t.Errorf("it was given: %t, want %t", given, c.goes)
			}
		})
	}
}

// A membership that was there when the yes was said was there before.
func TestWhatTheYesHadSeenWasThereBefore(t *testing.T) {
	w, _ := newRecordedWorld(t)
	w.nearly("A")
	w.Vendor.SetMember(w.Group, w.Maya, true)
	if err := w.Ahead.Prepare(t.Context(), "A", noorsAccount); err != nil {
		t.Fatal(err)
	}
	g := w.agreed("A")
	w.Work()
	if e := w.Last(access.EventMemberAdded); !e.Before || w.Now(g.ID).State != access.GrantActive {
		t.Errorf("it was added by %+v", e)
	}
}

// Looking ahead is for requests that wait for one yes of somebody who was asked, and is no
// trouble for any other.
func TestNothingIsLookedAtAheadForOthers(t *testing.T) {
	w, j := newRecordedWorld(t)
	w.nearly("A")
	j.Err = errors.New("nobody is asked")
	for _, request := range []string{"A", "AR-NONE"} {
		if err := w.Ahead.Prepare(t.Context(), request, "U-SLY"); err != nil {
			t.Errorf("%s: %v", request, err)
		}
	}
	if err := w.Ahead.Prepare(t.Context(), "AR-NONE", noorsAccount); err != nil {
		t.Error(err)
	}
	if err := w.Ahead.Prepare(t.Context(), "A", noorsAccount); err != nil {
		t.Errorf("a look that fails: %v", err)
	}
	j.Err = nil
	g := w.agreed("A")
	w.Work()
	w.Expect("it is looked at again", w.Now(g.ID).State == access.GrantActive)
}
