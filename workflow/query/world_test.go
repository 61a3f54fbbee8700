package query_test

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
)

var (
	maya = peopletest.ID("maya") // holds and asks; reports to noor
	noor = peopletest.ID("noor") // owns figma
	ines = peopletest.ID("ines") // IT
	omar = peopletest.ID("omar") // in maya's department
)

func start() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

func at(d time.Duration) time.Time { return start().Add(d) }

func by(who access.PersonID) access.Actor { return access.Actor{Person: who, Via: access.ViaSlack} }

func operator() access.Actor { return access.Actor{Via: access.ViaCLI} }

// world is a store with a reader of it. IT and the owner of Figma are known in it.
type world struct {
	*testing.T
	store.Store
	*query.Service
	now time.Time
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, Store: s, now: at(24 * time.Hour)}
	peopletest.Remember(t, s, nil, "noor", "ines")
	units := engine.NewUnits(engine.UnitsConfig{Store: s, Clock: w, Owner: "test"})
	who := people.New(people.Config{Units: units, Catalog: catalogue, Roster: peopletest.Members{"maya", "noor", "ines", "omar"}, Admins: []access.Email{"ines@acme.example"}})
	w.Service = query.New(query.Config{Units: units, Catalog: catalogue, People: who, Purpose: map[string]func(store.Tx, store.Task) string{
		"issue.open": func(store.Tx, store.Task) string { return "open the Jira issue" },
	}})
	return w
}

func catalogue() *catalog.Catalog {
	editors := catalog.GroupRef{Directory: "okta", Group: "editors"}
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Owners: []string{"noor@acme.example"}, Provisioning: catalog.Manual,
			Roles: []catalog.Role{{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{editors}}, {ID: "viewer", Name: "Viewer"}}},
		{ID: "suite", Name: "Suite", Status: catalog.Approved, Roles: []catalog.Role{{ID: "all", Name: "Everything", Groups: []catalog.GroupRef{editors}}}},
	}, nil)
}

// Now and Until make it a clock on which nobody waits.
func (w *world) Now() time.Time { return w.now }

func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }

// put writes into the store.
func (w *world) put(fn func(store.Tx) error) {
	w.Helper()
	if err := w.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) request(r access.Request) access.Request {
	w.Helper()
	if r.Requester == "" {
		r.Requester = maya
	}
	r.Beneficiary, r.App, r.Role = maya, "figma", cmp.Or(r.Role, "editor")
	w.put(func(tx store.Tx) error {
		r.Version = 0
		return store.PutRequest(tx, &r)
	})
	return r
}

func (w *world) grant(g access.Grant) access.Grant {
	w.Helper()
	if g.Person == "" {
		g.Person = maya
	}
	if g.App == "" {
		g.App, g.Role = "figma", "editor"
	}
	w.put(func(tx store.Tx) error {
		g.Version = 0
		return store.PutGrant(tx, &g)
	})
	return g
}

func (w *world) events(all ...access.Event) {
	w.Helper()
	w.put(func(tx store.Tx) error {
		for _, e := range all {
			if _, err := store.Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
}

// stick puts a stuck task into the store.
func (w *world) stick(t store.Task) {
	w.Helper()
	w.put(func(tx store.Tx) error {
		t.Queue, t.Created = "jira", at(time.Hour)
		if _, err := tx.Enqueue(t); err != nil {
			return err
		}
		t.State, t.Problem = store.Stuck, "Jira refuses the token"
		return tx.Requeue(t)
	})
}

// many notes on one request.
func notes(request string, n int) []access.Event {
	out := make([]access.Event, n)
	for i := range out {
		out[i] = access.Event{Kind: access.EventNote, At: at(0), Request: request, Person: maya, App: "figma", Note: fmt.Sprint(i)}
	}
	return out
}

func refused(err error) bool {
	_, yes := access.AsRefusal(err)
	return yes
}
