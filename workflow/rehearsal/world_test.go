package rehearsal_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/catalog/plan"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
	"latchkey/workflow/rehearsal"
	"latchkey/workflow/requests"
)

// world is a store with a small company: Maya reports to Noor, who owns Kit; Omar stands in for whom nobody names.
type world struct {
	*testing.T
	store store.Store
	now   time.Time
	group idp.Directory // what is read of groups
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, store: bolttest.Open(t), now: time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC), group: rehearsal.Unread("okta")}
	peopletest.Remember(t, w.store, func(p *access.Person) { p.Manager, p.Department = peopletest.ID("noor"), "Design" }, "maya")
	peopletest.Remember(t, w.store, nil, "noor", "omar", "tom")
	return w
}

// offer is what may be asked for: Kit with one role, as a test changes it.
type offer struct {
	owner string
	route catalog.Stage
	rules []catalog.Rule
	max   time.Duration
	gone  bool // the role is offered no more
}

// now is how it is before a test changes anything.
func current() offer {
	return offer{owner: "noor@acme.example", route: of(catalog.Owner), max: 7 * catalog.Day}
}

func of(who ...catalog.ApproverKind) (s catalog.Stage) {
	for _, kind := range who {
		s.Approvers = append(s.Approvers, catalog.Approver{Kind: kind})
	}
	return s
}

func (o offer) catalog() *catalog.Catalog {
	lengths := catalog.Durations{Choices: []time.Duration{catalog.Day, o.max}, Default: catalog.Day, Max: o.max}
	viewer := catalog.Role{ID: "viewer", Name: "Viewer", Groups: []catalog.GroupRef{{Directory: "okta", Group: "kit"}}, Route: "usual", Durations: lengths}
	kit := catalog.App{ID: "kit", Name: "Kit", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Owners: []string{o.owner}, Roles: []catalog.Role{viewer}}
	if o.gone {
		kit.Status = catalog.Retired
	}
	return catalog.New([]catalog.App{kit}, []catalog.Route{{Name: "usual", Stages: []catalog.Stage{o.route}}}).Under(catalog.Policy{Rules: o.rules})
}

// side is everything that judges by an offer, on a store in which nothing changes.
func (w *world) side(o offer) rehearsal.Side {
	offered := o.catalog()
	known := func() *catalog.Catalog { return offered }
	units := engine.NewUnits(engine.UnitsConfig{Store: rehearsal.Dry(w.store), Clock: clocktest.New(w.now), Owner: "test", Catalog: known})
	fallback := []access.Email{"omar@acme.example"}
	who := people.New(people.Config{Units: units, Catalog: known, Roster: nobody{}, Directories: people.Directories{w.group}, Fallback: fallback, AsSeen: true})
	return rehearsal.Side{File: "config.yaml", Catalog: offered, Fallback: []string{"omar@acme.example"}, People: who, Requests: requests.New(requests.Config{
		Units: units, Catalog: known, People: who, Authority: who, Approvers: who, Attributes: people.AttributesOf(who),
		Stuck: query.New(query.Config{Units: units, Catalog: known, People: who}),
	})}
}

// nobody is asked about members: people are as they were seen last.
type nobody struct{ people.Roster }

// rehearse compares the current offer with a changed one.
func (w *world) rehearse(change func(*offer)) plan.Plan {
	w.Helper()
	next := current()
	change(&next)
	p, err := rehearsal.Run(w.Context(), rehearsal.Config{View: w.store.View, Now: w.now, Before: w.side(current()), After: w.side(next)})
	if err != nil {
		w.Fatal(err)
	}
	return p
}

// lines are what a plan says in one of its sections.
func lines(p plan.Plan, in plan.Section) (out []string) {
	for _, l := range p.Changes {
		if l.Section == in {
			out = append(out, string(l.Sign)+" "+l.Text(9))
		}
	}
	return out
}

// equal compares lines.
func (w *world) equal(what string, got []string, want ...string) {
	w.Helper()
	if !slices.Equal(got, want) {
		w.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// asked is a request of somebody that waits for the owners of Kit, as a test changes it.
func (w *world) asked(id, handle string, change func(*access.Request)) {
	w.Helper()
	who := peopletest.ID(handle)
	r := access.Request{
		ID: id, Requester: who, Beneficiary: who, App: "kit", Role: "viewer", Wanted: catalog.Day, Reason: "Launch", Route: "usual", State: access.RequestPending,
		Created: w.now.Add(-catalog.Day), Stages: []access.Stage{{Sources: of(catalog.Owner).Approvers, Need: catalog.Need{AtLeast: 1}}},
	}
	if change != nil {
		change(&r)
	}
	if err := w.store.Update(w.Context(), func(tx store.Tx) error { return store.PutRequest(tx, &r) }); err != nil {
		w.Fatal(err)
	}
}
