package erasure_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// reviewed keeps what a review saw that was begun now: maya by her id, an account of hers
// that wasn't known to be hers, and noor.
func (w *world) reviewed(name string) {
	w.Helper()
	to, err := snapshot.Begin(w.Context(), w.store, name, w.clock.Now(), snapshot.Options{})
	if err != nil {
		w.Fatal(err)
	}
	account := ""
	w.view(func(tx store.Tx) error {
		k, err := store.Person(tx, maya)
		account = k.Person.Account(access.SystemSlack)
		return err
	})
	people := []snapshot.Person{
		{Directory: "okta", Account: "00u1", ID: maya, Name: "Maya Lindholm", Address: "maya@acme.test", Title: "Designer"},
		{Directory: "slack", Account: account, Name: "Maya L.", Department: "Design"},
		{Directory: "okta", Account: "00u3", ID: noor, Name: "Noor Haddad"},
	}
	if _, err := to.AddPeople(w.Context(), people...); err != nil {
		w.Fatal(err)
	}
	if err := to.BeginGroup(snapshot.Group{Ref: catalog.GroupRef{Directory: "okta", Group: "figma"}}); err != nil {
		w.Fatal(err)
	}
	if err := to.AddRows(w.Context(), snapshot.Row{Account: 0}, snapshot.Row{Account: 1}, snapshot.Row{Account: 2}); err != nil {
		w.Fatal(err)
	}
	if err := to.EndGroup(w.Context(), nil); err != nil {
		w.Fatal(err)
	}
	if _, err := to.Finish(w.Context(), w.clock.Now()); err != nil {
		w.Fatal(err)
	}
}

// names are those that a review's snapshot has, which still verifies.
func (w *world) names(name string) (all []string) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		r, err := snapshot.Open(tx, name)
		if err != nil {
			return err
		}
		all = nil
		for p, err := range r.People() {
			if err != nil {
				return err
			}
			all = append(all, p.Name+p.Title+p.Department+string(p.Address))
		}
		return r.Verify()
	})
	return all
}

// TestWhatReviewsSawOfSomebody goes, of those that were begun before, whether it was known
// then whose account it was or not; and nobody else's.
func TestWhatReviewsSawOfSomebody(t *testing.T) {
	w := newWorld(t)
	w.reviewed("RV-1")
	w.clock.Advance(48 * time.Hour)
	w.reviewed("RV-2")
	before := w.clock.Now().Add(-time.Hour)
	plan, err := w.Plan(t.Context(), maya, before, terminal())
	if err != nil || plan.Reviews != 1 {
		t.Errorf("the plan names %d reviews: %v", plan.Reviews, err)
	}
	if _, err := w.Erase(t.Context(), maya, before, terminal()); err != nil {
		t.Fatal(err)
	}
	if got := w.names("RV-1"); got[0] != "" || got[1] != "" || got[2] != "Noor Haddad" {
		t.Errorf("the first review still says %q", got)
	}
	if got := w.names("RV-2"); got[0] == "" || got[1] == "" {
		t.Errorf("the review that was begun since says %q", got)
	}
	if plan, err = w.Plan(t.Context(), maya, w.clock.Now().Add(time.Hour), terminal()); err != nil || plan.Reviews != 1 {
		t.Errorf("later the plan names %d reviews: %v", plan.Reviews, err)
	}
}
