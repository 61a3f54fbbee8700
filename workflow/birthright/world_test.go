package birthright

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision/provisiontest"
)

// world is a store, a clock, a directory and one rule: whoever is in Design views Kit.
type world struct {
	*testing.T
	*Service
	clock  *clocktest.Clock
	vendor *idptest.Vendor
	rules  catalog.Birthrights
	known  *people.Service
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC))}
	w.vendor = idptest.NewVendor("okta", w.clock)
	viewer := catalog.RoleRef{App: "kit", Role: "viewer"}
	w.rules = catalog.Birthrights{Settle: time.Minute, Grace: time.Hour, Brake: catalog.Brake{People: 3}, Rules: []catalog.Birthright{
		{ID: "design", If: catalog.Condition{Departments: []string{"Design"}}, Roles: []catalog.RoleRef{viewer}},
	}}
	kit := func() *catalog.Catalog {
		role := catalog.Role{ID: "viewer", Name: "Viewer", Risk: catalog.Low, Groups: []catalog.GroupRef{{Directory: "okta", Group: "kit"}}}
		return catalog.New([]catalog.App{{ID: "kit", Name: "Kit", Status: catalog.Approved, Roles: []catalog.Role{role}}}, nil).WithBirthrights(w.rules)
	}
	effects := provisiontest.Effects()
	for kind, do := range notify.Effects(nil, 0) {
		effects[kind] = do
	}
	for kind, do := range ledger.Effects() {
		effects[kind] = do
	}
	units := engine.NewUnits(engine.UnitsConfig{Store: bolttest.Open(t), Clock: w.clock, Owner: "test", Catalog: kit, Effects: effects})
	dirs := people.Directories{w.vendor.Directory()}
	w.known = people.New(people.Config{Units: units, Catalog: kit, Roster: peopletest.Members{}, Directories: dirs})
	w.Service = New(Config{Units: units, Catalog: kit, Directories: dirs, People: w.known, Attributes: people.AttributesOf(w.known), Authority: everybody{}})
	return w
}

// everybody may do anything.
type everybody struct{}

func (everybody) CallerNow(_ context.Context, by access.Actor) (people.Caller, error) {
	return people.Caller{Actor: by}, nil
}
func (everybody) May(people.Caller, people.Act, people.Matter) error { return nil }

func (w *world) hire(handle, department string) string {
	return w.vendor.AddPerson(idptest.Person{Email: handle + "@acme.example", Name: handle, Department: department})
}

func (w *world) move(account, department string) {
	w.vendor.Edit(account, func(p *idp.Person) { p.Department = department })
}

// everybodyIsSeen looks at everybody and does what is ready, as often as there is something ready.
func (w *world) everybodyIsSeen() {
	w.Helper()
	if done, err := w.scan(w.Context(), store.Task{}); err != nil {
		w.Fatal(err)
	} else if err := w.units.Update(w.Context(), done); err != nil {
		w.Fatal(err)
	}
	w.work()
}

// work carries out what is due and the room's tasks, until nothing of it is ready.
func (w *world) work() {
	w.Helper()
	for range 20 {
		w.fallDue()
		some := w.tasks(func(t store.Task) bool {
			_, mine := w.Handlers()[t.Kind]
			return mine && !t.NotBefore.After(w.clock.Now())
		})
		if len(some) == 0 {
			return
		}
		for _, t := range some {
			if err := enginetest.Attempt(w.Context(), w.units, w.Handlers(), t); err != nil {
				w.Logf("%s: %v", t.ID, err)
			}
		}
	}
}

func (w *world) fallDue() {
	w.Helper()
	err := w.units.Update(w.Context(), func(u *engine.Unit) error {
		for _, scan := range DueScans() {
			rows, err := u.Tx.Due(scan.Kind, u.At, 100)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := scan.Do(u, r.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) tasks(which func(store.Task) bool) []store.Task {
	w.Helper()
	var all []store.Task
	err := w.units.View(w.Context(), func(tx store.Tx) (err error) {
		all, err = tx.Tasks("", 0, 1000)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return slices.DeleteFunc(all, func(t store.Task) bool { return !which(t) })
}

// pass lets time go by, with what falls due meanwhile.
func (w *world) pass(d time.Duration) {
	w.Helper()
	for end := w.clock.Now().Add(d); w.clock.Now().Before(end); {
		w.clock.Advance(min(30*time.Second, end.Sub(w.clock.Now())))
		w.work()
	}
}

// reported lets the issues exist that are waited for.
func (w *world) reported() {
	w.Helper()
	for _, t := range w.tasks(func(t store.Task) bool { return t.Kind == ledger.ReportTask }) {
		err := enginetest.Attempt(w.Context(), w.units, ledger.New(ledger.Config{Units: w.units, Reports: issues{}, Reported: Reported()}).Handlers(), t)
		if err != nil {
			w.Fatal(err)
		}
	}
	w.work()
}

type issues struct{}

func (issues) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	return access.Issue{ID: r.ID, Key: r.ID}, nil
}

// states are how the grants stand that came by a birthright, by department of whoever has them.
func (w *world) states() (out []string) {
	w.Helper()
	err := w.units.View(w.Context(), func(tx store.Tx) error {
		for _, s := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantActive, access.GrantEnding, access.GrantEnded} {
			all, err := store.GrantsIn(tx, s, "", 100)
			if err != nil {
				return err
			}
			for _, g := range all {
				name, err := people.ContactIn(tx, g.Person)
				if err != nil {
					return err
				}
				out = append(out, cmp.Or(name, string(g.Person))+" "+string(s))
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func (w *world) want(what string, states ...string) {
	w.Helper()
	if got := w.states(); !slices.Equal(got, states) {
		w.Errorf("%s: %v, want %v", what, got, states)
	}
}
