// Package provisiontest is a small world for the tests of what changes memberships: a store, a
// clock, and a directory with one person and one group, of which the tests give and end grants.
package provisiontest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/backstop"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/lookahead"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision"
)

// Maya is the person.
func Maya() access.PersonID { return peopletest.ID("maya") }

// Editors is the group, by its name.
func Editors() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }

// World is a store, a clock and an identity provider with Maya and one group.
type World struct {
	*testing.T
	Clock  *clocktest.Clock
	Vendor *idptest.Vendor
	Units  *engine.Units
	*provision.Service
	Ahead    *lookahead.Service
	Backstop *backstop.Service

	Maya, Group string // ids

	Role      catalog.GroupRef // what the role opens; zero: editors
	Partial   catalog.Partial  // what becomes of a part
	Protected []catalog.GroupRef
	Told      []string // to IT
}

// New makes a world in which one is configured as change has it; nil: as usual. What change
// sets of Units, Catalog, Places, Ahead and Backstop counts for nothing.
func New(t *testing.T, change func(*World, *provision.Config)) *World {
	t.Helper()
	s := bolttest.Open(t)
	w := &World{T: t, Clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))}
	w.Vendor = idptest.NewVendor("okta", w.Clock)
	w.Maya, w.Group = w.Vendor.AddPerson(idptest.Person{Email: "maya@acme.example"}), w.Vendor.AddGroup("figma-editors", idptest.Plain)
	effects := Effects()
	for _, kind := range []access.EffectKind{access.EffectRecord, access.EffectShowCards, access.EffectLoseNeeds, access.EffectSettleReclaim} {
		effects[kind] = func(*engine.Unit, access.Event, access.Effect) error { return nil }
	}
	w.Units = engine.NewUnits(engine.UnitsConfig{Store: storetest.Twice(s), Clock: w.Clock, Owner: "test", Catalog: w.offers, Effects: effects})
	c := provision.Config{Units: w.Units, Catalog: catalogue, Directories: people.Directories{w.Vendor.Directory()}, Accounts: accounts{}}
	if change != nil {
		change(w, &c)
	}
	meant := people.NewGroups(people.GroupsConfig{Units: w.Units, Directories: c.Directories, Protected: w.Protected, Alarm: func(_ *engine.Unit, _, title string, lines ...string) error {
		w.Told = append(w.Told, title+": "+strings.Join(lines, " "))
		return nil
	}})
	w.Service, w.Ahead, w.Backstop = furnish(c, meant, accounts{})
	return w
}

// offers is the catalogue as the test has it.
func (w *World) offers() *catalog.Catalog {
	app, _ := catalogue().App("figma")
	app.Roles[0].Partial = w.Partial
	return catalog.New([]catalog.App{app}, nil)
}

func catalogue() *catalog.Catalog {
	return catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Roles: []catalog.Role{{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{Editors()}}}}}, nil)
}

// accounts finds everybody by their address.
type accounts struct{}

func (accounts) Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error) {
	return d.FindPerson(ctx, accounts{}.Contact(ctx, who))
}

func (accounts) Disowned(context.Context, access.PersonID, string, string) (bool, error) {
	return false, nil
}

func (accounts) Contact(context.Context, access.PersonID) string { return "maya@acme.example" }

func (w *World) opens() catalog.GroupRef {
	if w.Role != (catalog.GroupRef{}) {
		return w.Role
	}
	return Editors()
}

// Do is one unit of work.
func (w *World) Do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.Units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// Grant is a request with its issue and a grant of it that has just begun: the
// addition waits to be made.
func (w *World) Grant(id string) access.Grant {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		r := access.Request{ID: id, Requester: Maya(), Beneficiary: Maya(), App: "figma", Role: "editor", State: access.RequestApproved, Issue: access.Issue{ID: "1", Key: "IT-" + id}}
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		g := access.Grant{ID: "G-" + id, Request: id, Person: Maya(), App: "figma", Role: "editor", State: access.GrantWaiting, Wanted: time.Hour, Created: u.At,
			Entitlements: []access.Entitlement{{Group: w.opens(), State: access.EntitlementWanted}}}
		if err := engine.Save(u, engine.Grants(), &g); err != nil {
			return err
		}
		_, err := u.MoveGrant(g, g.Event(access.EventRecorded, access.System(), u.At))
		return err
	})
	return w.Now("G-" + id)
}

// Active is a grant whose access is there.
func (w *World) Active(id string) access.Grant {
	w.Helper()
	g := w.Grant(id)
	w.Work()
	if g = w.Now(g.ID); g.State != access.GrantActive {
		w.Fatalf("the grant is %s: %s", g.State, g.Problem)
	}
	return g
}

// End begins the end of a grant.
func (w *World) End(id string) {
	w.Helper()
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant(id)
		if err != nil {
			return err
		}
		e := g.Event(access.EventEnding, access.System(), u.At)
		e.End = access.EndRevoked
		_, err = u.MoveGrant(g, e)
		return err
	})
}

// Now is a grant as it stands.
func (w *World) Now(id string) (g access.Grant) {
	w.Helper()
	w.Do(func(u *engine.Unit) (err error) {
		g, err = u.Grant(id)
		return err
	})
	return g
}

// Entitlement is what a grant knows of the one group.
func (w *World) Entitlement(id string) access.Entitlement {
	w.Helper()
	return w.Now(id).Entitlements[0]
}

// Open are Maya's grants that have not ended.
func (w *World) Open() (all []access.Grant) {
	w.Helper()
	w.Do(func(u *engine.Unit) (err error) {
		all, err = store.OpenGrantsOf(u.Tx, Maya())
		return err
	})
	return all
}

// Last is the newest event of a kind.
func (w *World) Last(kind access.EventKind) (found access.Event) {
	w.Helper()
	var all []access.Event
	w.Do(func(u *engine.Unit) (err error) {
		all, err = store.Events(u.Tx, store.Filter{}, 0, 1000)
		return err
	})
	for _, e := range slices.Backward(all) {
		if e.Kind == kind {
			return e
		}
	}
	return found
}

// Tasks are those that wait.
func (w *World) Tasks() (all []store.Task) {
	w.Helper()
	w.Do(func(u *engine.Unit) (err error) {
		all, err = u.Tx.Tasks("", 0, 1000)
		return err
	})
	return all
}

// Work carries out what waits. Nothing of it may fail.
func (w *World) Work() {
	w.Helper()
	for _, t := range w.Tasks() {
		if err := w.Attempt(t); err != nil {
			w.Fatalf("%s: %v", t.ID, err)
		}
	}
}

// Handlers carry out every task there is.
func (w *World) Handlers() map[string]engine.Handler {
	out := w.Service.Handlers(nil)
	maps.Copy(out, w.Backstop.Handlers())
	return out
}

// Attempt is one at a task, which ends it if it works.
func (w *World) Attempt(t store.Task) error {
	w.Helper()
	return enginetest.Attempt(w.Context(), w.Units, w.Handlers(), t)
}

// Fails expects the one task that waits to fail.
func (w *World) Fails(class access.Class) *access.Failure {
	w.Helper()
	all := w.Tasks()
	if len(all) != 1 {
		w.Fatalf("%d tasks wait", len(all))
	}
	err := w.Attempt(all[0])
	if err == nil {
		w.Fatalf("%s worked", all[0].ID)
	}
	f := access.Classify(err)
	if f.Class != class {
		w.Errorf("%s: %q, want %q", f.Sentence, f.Class, class)
	}
	return f
}

func (w *World) Expect(what string, ok bool) {
	w.Helper()
	if !ok {
		w.Errorf("expected: %s\ngrants: %+v", what, w.Open())
	}
}
