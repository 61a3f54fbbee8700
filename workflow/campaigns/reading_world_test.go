package campaigns

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
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

// readingWorld is a company with one directory, Figma and payroll: ines is IT, grace is above noor, who is above the others.
type readingWorld struct {
	*testing.T
	*Service
	clock    *clocktest.Clock
	store    store.Store
	units    *engine.Units
	vendor   *idptest.Vendor
	dir      *directoryUnderTest
	known    *people.Service
	review   catalog.Review
	policy   catalog.Policy
	accounts map[string]string // by handle
	groups   map[string]string // ids, by name
	odd      map[string]bool   // groups of which it can't be proven who is in them
}

// directoryUnderTest is the vendor's directory, with what is to go wrong in it.
type directoryUnderTest struct {
	idp.Directory
	pageTwo  map[string]error // by group: the list breaks off after the first member
	uses     []idp.Use        // of every application
	reach    time.Time
	broken   error      // of the report
	mu       sync.Mutex // guards asked: people are read abreast
	asked    map[string]int
	lists    bool
	listing  error
	listings int
}

func (d *directoryUnderTest) ask(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[what]++
}

func (d *directoryUnderTest) Unwrap() idp.Directory { return d.Directory }

func (d *directoryUnderTest) Members(ctx context.Context, group string) (idp.Listing, error) {
	d.ask("members " + group)
	l, err := d.Directory.Members(ctx, group)
	if failure := d.pageTwo[group]; err == nil && failure != nil {
		all := l.All
		l.All = func(yield func(idp.Membership, error) bool) {
			for m, err := range all {
				if yield(m, err) {
					yield(idp.Membership{}, failure)
				}
				return
			}
			yield(idp.Membership{}, failure)
		}
	}
	return l, err
}

func (d *directoryUnderTest) Person(ctx context.Context, id string) (idp.Person, error) {
	d.ask("person")
	return d.Directory.Person(ctx, id)
}

func (d *directoryUnderTest) Usage(_ context.Context, app string) (idp.Usage, error) {
	if d.reach.IsZero() {
		return idp.Usage{}, fmt.Errorf("no application %s: %w", app, idp.ErrNotFound)
	}
	return idp.Usage{Source: "sign-ins on record", Since: d.reach, All: func(yield func(idp.Use, error) bool) {
		for _, one := range d.uses {
			if !yield(one, nil) {
				return
			}
		}
		if d.broken != nil {
			yield(idp.Use{}, d.broken)
		}
	}}, nil
}

func (w *readingWorld) catalogue() *catalog.Catalog {
	ref := func(name string) []catalog.GroupRef {
		return []catalog.GroupRef{{Directory: "okta", Group: name}}
	}
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Owners: []string{"noor@acme.example"}, Tags: []string{"design"}, Roles: []catalog.Role{
			{ID: "editor", Name: "Editor", Risk: catalog.Low, Groups: ref("figma-editors")},
			{ID: "admin", Name: "Admin", Risk: catalog.High, Groups: ref("figma-admins")},
		}},
		{ID: "payroll", Name: "Payroll", Status: catalog.Approved, Owners: []string{"omar@acme.example"}, Roles: []catalog.Role{
			{ID: "clerk", Name: "Clerk", Risk: catalog.Medium, Description: "Enters payments", Groups: ref("payroll-clerks")},
		}},
		{ID: "vault", Name: "Vault", Status: catalog.Approved, Provisioning: catalog.Manual, Roles: []catalog.Role{{ID: "reader", Name: "Reader"}}},
	}, nil).Under(w.policy)
}

func newReadingWorld(t *testing.T) *readingWorld {
	t.Helper()
	w := &readingWorld{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC)), store: bolttest.Open(t), accounts: map[string]string{}, groups: map[string]string{}, odd: map[string]bool{}}
	w.vendor = idptest.NewVendor("okta", w.clock)
	w.policy.Privileged = []catalog.GroupRef{{Directory: "okta", Group: "figma-admins"}}
	for _, name := range []string{"figma-editors", "figma-admins", "payroll-clerks"} {
		w.groups[name] = w.vendor.AddGroup(name, idptest.Plain)
	}
	w.dir = &directoryUnderTest{Directory: w.vendor.Directory(), asked: map[string]int{}, pageTwo: map[string]error{}}
	effects := provisiontest.Effects()
	for kind, do := range notify.Effects(nil, 0) {
		effects[kind] = do
	}
	for kind, do := range ledger.Effects() {
		effects[kind] = do
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "test", Catalog: w.catalogue, Effects: effects})
	w.review = catalog.Review{ID: "quarterly", Name: "Quarterly", Restore: catalog.Week, Stages: []catalog.ReviewStage{{
		Reviewers: []catalog.Approver{{Kind: catalog.Manager}}, Fallback: []catalog.Approver{{Kind: catalog.Security}}, Strategy: catalog.AllMustKeep, Lasts: catalog.Week,
	}}}
	w.build(w.dir)
	for _, one := range [][2]string{{"grace", ""}, {"noor", "grace"}, {"ines", "grace"}, {"omar", "grace"}, {"maya", "noor"}, {"tom", "noor"}} {
		w.hire(one[0], one[1])
	}
	return w
}

// build makes the room over directories.
func (w *readingWorld) build(dirs ...idp.Directory) {
	w.known = people.New(people.Config{
		Units: w.units, Catalog: w.catalogue, Roster: peopletest.Members{"grace", "noor", "ines", "omar", "maya", "tom"}, Directories: dirs, Admins: []access.Email{"ines@acme.example"},
	})
	w.Service = New(Config{
		Units: w.units, Store: w.store, Clock: w.clock, Catalog: w.catalogue, Reviews: func() []catalog.Review { return []catalog.Review{w.review} }, Directories: dirs, Groups: w.known.Groups(),
		People: w.known, Reviewers: people.ReviewingOf(w.known), Authority: w.known, Version: "1.2.3",
	})
	w.Service.extract = w.prove
}

// prove reads a group, and says of it that as many were read as the vendor counts.
func (w *readingWorld) prove(ctx context.Context, r *reading, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error) {
	members, err := idp.Everybody(d.Members(ctx, g.ID))
	now, hash := w.clock.Now(), fmt.Sprintf("%x", sha256.Sum256(nil))
	counted := len(members)
	if w.odd[g.Name] {
		counted++
	}
	return members, access.Population{Directory: d.ID(), Service: "Okta", Group: g.ID, Name: g.Name, Tool: r.version, Readings: []access.Reading{{
		Lists: []access.ListRead{{Request: access.APIRequest{Method: "GET", Path: "/members"}, Pages: 1, Rows: len(members), First: now, Last: now,
			Count: access.VendorCount{N: counted, Known: true, At: now}}},
		Accounts: len(members), RowsHash: hash, AccountsHash: hash,
	}}}, err
}

// hire makes somebody known, with an account in the directory.
func (w *readingWorld) hire(handle, manager string) {
	w.Helper()
	p := idptest.Person{Email: handle + "@acme.example", Name: strings.ToUpper(handle[:1]) + handle[1:], Department: "Design", Title: "Designer"}
	if manager != "" {
		p.Manager = manager + "@acme.example"
	}
	w.accounts[handle] = w.vendor.AddPerson(p)
	k := peopletest.Person(handle).Unbind("okta", w.clock.Now())
	k, _ = k.Bind(access.Binding{System: "okta", ID: w.accounts[handle], Level: access.AssuranceChecked, Since: w.clock.Now()}, "")
	w.do(func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: k}) })
}

func (w *readingWorld) put(group string, handles ...string) {
	for _, h := range handles {
		w.vendor.SetMember(w.groups[group], w.accounts[h], true)
	}
}

func (w *readingWorld) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// begun begins the review that is configured, by IT.
func (w *readingWorld) begun() access.Campaign {
	w.Helper()
	c, err := w.BeginConfigured(w.Context(), it(), "quarterly")
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func it() access.Actor { return bySlack("ines") }

func bySlack(handle string) access.Actor {
	return access.Actor{Person: peopletest.ID(handle), Via: access.ViaSlack, Account: "U-" + handle}
}

// tasks are those of a kind that wait.
func (w *readingWorld) tasks(kind string) []store.Task {
	w.Helper()
	var all []store.Task
	err := w.units.View(w.Context(), func(tx store.Tx) (err error) {
		all, err = tx.Tasks("", 0, 1000)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return slices.DeleteFunc(all, func(t store.Task) bool { return t.Kind != kind })
}

// tries has what waits to be read be read, and gives the first error.
func (w *readingWorld) tries() (first error) {
	w.Helper()
	for _, t := range w.tasks(ReadTask) {
		if err := enginetest.Attempt(w.Context(), w.units, w.Handlers(), t); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// reads is tries where that works, and gives the campaign.
func (w *readingWorld) reads(c access.Campaign) access.Campaign {
	w.Helper()
	if err := w.tries(); err != nil {
		w.Fatal(err)
	}
	return w.now(c)
}

func (w *readingWorld) now(c access.Campaign) access.Campaign {
	w.Helper()
	c, err := w.Campaign(w.Context(), c.ID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// rows are those of a campaign, by who and what.
func (w *readingWorld) rows(c access.Campaign) map[string]Row {
	w.Helper()
	out := map[string]Row{}
	err := w.units.View(w.Context(), func(tx store.Tx) error {
		r, err := rowsOf(tx, c, w.catalogue())
		if err != nil {
			return err
		}
		for row, err := range r.all(0) {
			if err != nil {
				return err
			}
			handle, _, _ := strings.Cut(cmp.Or(row.Address, row.Account), "@")
			out[handle+" "+row.GroupName] = row
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// asks is who is asked about a row, by handle.
func asks(row Row, stage int) string {
	var out []string
	for _, who := range row.Reviewers[stage] {
		for _, h := range []string{"grace", "noor", "ines", "omar", "maya", "tom", "boss"} {
			if peopletest.ID(h) == who {
				out = append(out, h)
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}
