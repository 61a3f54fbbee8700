package provision_test

import (
	"context"
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
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision"
)

var maya = peopletest.ID("maya")

func editors() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }

// world is a store, a clock and an identity provider with Maya and one group.
type world struct {
	*testing.T
	clock  *clocktest.Clock
	vendor *idptest.Vendor
	units  *engine.Units
	*provision.Service

	maya, group string // ids

	role      catalog.GroupRef // what the role opens; zero: editors
	partial   catalog.Partial  // what becomes of a part
	protected []catalog.GroupRef
	told      []string // to IT
}

func newWorld(t *testing.T) *world { return newWorldWith(t, nil) }

// newWorldWith makes a world whose room is configured otherwise.
func newWorldWith(t *testing.T, change func(*world, *provision.Config)) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))}
	w.vendor = idptest.NewVendor("okta", w.clock)
	w.maya, w.group = w.vendor.AddPerson(idptest.Person{Email: "maya@acme.example"}), w.vendor.AddGroup("figma-editors", idptest.Plain)
	effects := provision.Effects()
	for _, kind := range []access.EffectKind{access.EffectRecord, access.EffectShowCards, access.EffectLoseNeeds, access.EffectSettleReclaim} {
		effects[kind] = func(*engine.Unit, access.Event, access.Effect) error { return nil }
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: storetest.Twice(s), Clock: w.clock, Owner: "test", Catalog: w.offers, Effects: effects})
	c := provision.Config{Units: w.units, Catalog: catalogue, Directories: people.Directories{w.vendor.Directory()}, Accounts: accounts{}}
	if change != nil {
		change(w, &c)
	}
	c.Groups = people.NewGroups(people.GroupsConfig{Units: w.units, Directories: c.Directories, Protected: w.protected, Alarm: func(_ *engine.Unit, _, title string, lines ...string) error {
		w.told = append(w.told, title+": "+strings.Join(lines, " "))
		return nil
	}})
	w.Service = provision.New(c)
	return w
}

// offers is the catalogue as the test has it.
func (w *world) offers() *catalog.Catalog {
	app, _ := catalogue().App("figma")
	app.Roles[0].Partial = w.partial
	return catalog.New([]catalog.App{app}, nil)
}

func catalogue() *catalog.Catalog {
	return catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Roles: []catalog.Role{{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{editors()}}}}}, nil)
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

func (w *world) opens() catalog.GroupRef {
	if w.role != (catalog.GroupRef{}) {
		return w.role
	}
	return editors()
}

// do is one unit of work.
func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// grant is a request with its issue and a grant of it that has just begun: the
// addition waits to be made.
func (w *world) grant(id string) access.Grant {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r := access.Request{ID: id, Requester: maya, Beneficiary: maya, App: "figma", Role: "editor", State: access.RequestApproved, Issue: access.Issue{ID: "1", Key: "IT-" + id}}
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		g := access.Grant{ID: "G-" + id, Request: id, Person: maya, App: "figma", Role: "editor", State: access.GrantWaiting, Wanted: time.Hour, Created: u.At,
			Entitlements: []access.Entitlement{{Group: w.opens(), State: access.EntitlementWanted}}}
		if err := engine.Save(u, engine.Grants(), &g); err != nil {
			return err
		}
		_, err := u.MoveGrant(g, g.Event(access.EventRecorded, access.System(), u.At))
		return err
	})
	return w.now("G-" + id)
}

// active is a grant whose access is there.
func (w *world) active(id string) access.Grant {
	w.Helper()
	g := w.grant(id)
	w.work()
	if g = w.now(g.ID); g.State != access.GrantActive {
		w.Fatalf("the grant is %s: %s", g.State, g.Problem)
	}
	return g
}

// end begins the end of a grant.
func (w *world) end(id string) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
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

// now is a grant as it stands.
func (w *world) now(id string) (g access.Grant) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		g, err = u.Grant(id)
		return err
	})
	return g
}

// entitlement is what a grant knows of the one group.
func (w *world) entitlement(id string) access.Entitlement {
	w.Helper()
	return w.now(id).Entitlements[0]
}

// open are Maya's grants that have not ended.
func (w *world) open() (all []access.Grant) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		all, err = store.OpenGrantsOf(u.Tx, maya)
		return err
	})
	return all
}

// last is the newest event of a kind.
func (w *world) last(kind access.EventKind) (found access.Event) {
	w.Helper()
	var all []access.Event
	w.do(func(u *engine.Unit) (err error) {
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

// tasks are those that wait.
func (w *world) tasks() (all []store.Task) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		all, err = u.Tx.Tasks("", 0, 1000)
		return err
	})
	return all
}

// work carries out what waits. Nothing of it may fail.
func (w *world) work() {
	w.Helper()
	for _, t := range w.tasks() {
		if err := w.attempt(t); err != nil {
			w.Fatalf("%s: %v", t.ID, err)
		}
	}
}

// attempt is one at a task, which ends it if it works.
func (w *world) attempt(t store.Task) error {
	w.Helper()
	return enginetest.Attempt(w.Context(), w.units, w.Handlers(), t)
}

// fails expects the one task that waits to fail.
func (w *world) fails(class access.Class) *access.Failure {
	w.Helper()
	all := w.tasks()
	if len(all) != 1 {
		w.Fatalf("%d tasks wait", len(all))
	}
	err := w.attempt(all[0])
	if err == nil {
		w.Fatalf("%s worked", all[0].ID)
	}
	f := access.Classify(err)
	if f.Class != class {
		w.Errorf("%s: %q, want %q", f.Sentence, f.Class, class)
	}
	return f
}

func (w *world) expect(what string, ok bool) {
	w.Helper()
	if !ok {
		w.Errorf("expected: %s\ngrants: %+v", what, w.open())
	}
}
