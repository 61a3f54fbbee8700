package query_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
)

func TestCase(t *testing.T) {
	w := newWorld(t)
	w.put(func(tx store.Tx) error {
		return store.PutPerson(tx, &store.Known{Person: peopletest.Person("maya")})
	})
	r := w.request(access.Request{ID: "AR-1", State: access.RequestApproved, Stages: []access.Stage{{Asked: []access.PersonID{noor}}}})
	w.grant(access.Grant{ID: r.GrantID(), Request: "AR-1", State: access.GrantActive})
	w.events(notes("AR-1", 2500)...)
	c, err := w.Case(t.Context(), "AR-1")
	if err != nil {
		t.Fatal(err)
	}
	if c.Grant == nil || c.App.Name != "Figma" || c.Role.Name != "Editor" || c.Requester.Name != "Maya" || len(c.Approvers) != 1 || c.Approvers[0].ID != noor {
		t.Errorf("got %+v", c)
	}
	if len(c.Story) != 2500 || c.Story[2499].Note != "2499" {
		t.Errorf("the story has %d events", len(c.Story))
	}
	if len(c.Fulfillers) != 1 || c.Fulfillers[0] != noor {
		t.Errorf("manually it is done by %v", c.Fulfillers)
	}
	if _, err := w.Case(t.Context(), "AR-9"); !refused(err) || err.Error() != query.UnknownRequest {
		t.Errorf("got %v", err)
	}
}

func TestCaseOfWhatIsNotInTheCatalogue(t *testing.T) {
	w := newWorld(t)
	for name, r := range map[string]access.Request{
		"gone":     {ID: "AR-1", App: "gone", Role: "some"},
		"A gadget": {ID: "AR-2", Unlisted: "A gadget"},
	} {
		w.put(func(tx store.Tx) error {
			c, err := query.CaseIn(tx, catalogue(), r)
			if c.App.Name != name || c.Role.Name == "" || len(c.Fulfillers) != 0 {
				t.Errorf("%s is called %+v", r.ID, c.App)
			}
			return err
		})
	}
}

func TestHappened(t *testing.T) {
	w := newWorld(t)
	w.events(append(notes("AR-1", 1200), access.Event{Kind: access.EventReplied, At: at(0), Request: "AR-1", Origin: "C1/1.2"})...)
	w.put(func(tx store.Tx) error {
		for want, e := range map[bool]access.Event{
			true:  {Kind: access.EventReplied, Request: "AR-1", Origin: "C1/1.2"},
			false: {Kind: access.EventQuestioned, Request: "AR-1", Origin: "C1/1.2"},
		} {
			if got, err := query.Happened(tx, e); err != nil || got != want {
				t.Errorf("%s: %v, %v", e.Kind, got, err)
			}
		}
		if got, err := query.Happened(tx, access.Event{Kind: access.EventReplied, Request: "AR-1"}); err != nil || got {
			t.Errorf("without an origin: %v, %v", got, err)
		}
		return nil
	})
}

func TestWhatSomebodyHas(t *testing.T) {
	w := newWorld(t)
	w.request(access.Request{ID: "AR-2", State: access.RequestApproved})
	w.grant(access.Grant{ID: "G-1", State: access.GrantActive})
	w.grant(access.Grant{ID: "G-2", Request: "AR-2", State: access.GrantActive, Ends: at(48 * time.Hour), Role: "viewer", App: "figma"})
	w.grant(access.Grant{ID: "G-3", Request: "AR-9", State: access.GrantActive, Ends: at(30 * time.Hour)})
	w.grant(access.Grant{ID: "G-4", State: access.GrantEnded})
	for _, c := range []struct {
		from, size int
		want       string
		total      int
	}{{0, 0, "G-3 G-2 G-1", 3}, {0, 2, "G-3 G-2", 3}, {2, 2, "G-1", 3}, {8, 2, "G-1", 3}} {
		got, err := w.Held(t.Context(), maya, c.from, c.size)
		if err != nil || ids(got.Items) != c.want || got.Total != c.total {
			t.Errorf("from %d: %s of %d, %v", c.from, ids(got.Items), got.Total, err)
		}
	}
	all, err := w.Held(t.Context(), maya, 0, 0)
	if err != nil || all.Items[1].Request.ID != "AR-2" || all.Items[0].Request.ID != "" || all.Items[1].Label(catalogue()) == "" {
		t.Errorf("got %+v, %v", all, err)
	}
	if none, err := w.Held(t.Context(), noor, 3, 5); err != nil || none.Total+len(none.Items)+none.From != 0 {
		t.Errorf("somebody who has nothing has %+v, %v", none, err)
	}
}

func ids(list []query.Holding) string {
	var out []string
	for _, h := range list {
		out = append(out, h.Grant.ID)
	}
	return strings.Join(out, " ")
}

func TestWhoHasAccessAndWhy(t *testing.T) {
	w := newWorld(t)
	w.grant(access.Grant{ID: "G-1", State: access.GrantActive})
	w.grant(access.Grant{ID: "G-2", State: access.GrantActive, Person: ines})
	w.grant(access.Grant{ID: "G-3", State: access.GrantActive, App: "suite", Role: "all",
		Entitlements: []access.Entitlement{{Group: catalogue().Groups()[0]}}})
	if got, err := w.Holders(t.Context(), by(noor), "figma", 0, 10); err != nil || ids(got.Items) != "G-2 G-1" {
		t.Errorf("holders: %s, %v", ids(got.Items), err)
	}
	if _, err := w.Holders(t.Context(), by(maya), "figma", 0, 10); !refused(err) {
		t.Errorf("anybody sees the holders: %v", err)
	}
	who := access.Person{ID: maya, Manager: noor}
	for _, reader := range []access.PersonID{maya, noor, ines} {
		if got, err := w.Why(t.Context(), by(reader), who, "figma"); err != nil || ids(got) != "G-1 G-3" {
			t.Errorf("why, for %s: %s, %v", reader, ids(got), err)
		}
	}
	if _, err := w.Why(t.Context(), by(omar), who, "figma"); !refused(err) {
		t.Errorf("anybody sees why: %v", err)
	}
}

func TestWhatWaits(t *testing.T) {
	w := newWorld(t)
	w.request(access.Request{ID: "AR-1", State: access.RequestPending, Created: at(time.Hour), Stages: []access.Stage{{Asked: []access.PersonID{noor}}}})
	w.request(access.Request{ID: "AR-2", State: access.RequestPending, Created: at(0), Requester: noor, Stages: []access.Stage{{Asked: []access.PersonID{ines}}}})
	w.request(access.Request{ID: "AR-3", State: access.RequestDenied, Created: at(0)})
	if got, err := w.Asked(t.Context(), maya, 0, 10); err != nil || got.Total != 2 || got.Items[0].ID != "AR-2" {
		t.Errorf("asked: %+v, %v", got, err)
	}
	if got, err := w.Asked(t.Context(), noor, 0, 10); err != nil || got.Total != 1 {
		t.Errorf("asked for others: %+v, %v", got, err)
	}
	w.put(func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "request", ID: "AR-0", Body: []byte("{"), Index: []string{"asks:" + string(noor), "state:pending"}})
		return err
	})
	if got, err := w.Awaiting(t.Context(), noor, 0, 10); err != nil || got.Total != 1 || got.Items[0].ID != "AR-1" {
		t.Errorf("awaiting: %+v, %v", got, err)
	}
}
