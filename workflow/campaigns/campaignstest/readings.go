package campaignstest

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
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/population"
	"latchkey/workflow/campaigns/reading"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision/provisiontest"
)

// Readings is a company with one directory, Figma and payroll: ines is IT, grace is above noor, who is above the others.
type Readings struct {
	*testing.T
	*campaigns.Service
	Clock    *clocktest.Clock
	Store    store.Store
	Units    *engine.Units
	Vendor   *idptest.Vendor
	Dir      *Directory
	People   *people.Service
	Review   catalog.Review
	Policy   catalog.Policy
	Accounts map[string]string   // by handle
	Groups   map[string]string   // ids, by name
	inLife   reading.Populations // nil: as many were read as the vendor counts
	Offered  *catalog.Catalog    // nil: what Catalogue says
	Odd      map[string]bool     // groups of which it can't be proven who is in them
}

// Directory is the vendor's directory, with what is to go wrong in it.
type Directory struct {
	idp.Directory
	PageTwo  map[string]error // by group: the list breaks off after the first member
	Uses     []idp.Use        // of every application
	Reach    time.Time
	Broken   error      // of the report
	mu       sync.Mutex // guards asked: people are read abreast
	Asked    map[string]int
	Lists    bool
	Listing  error
	Listings int
}

func (d *Directory) ask(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.Asked[what]++
}

// Unwrap gives the capabilities of the directory below.
func (d *Directory) Unwrap() idp.Directory { return d.Directory }

// Members implements idp.Directory; PageTwo breaks it off.
func (d *Directory) Members(ctx context.Context, group string) (idp.Listing, error) {
	d.ask("members " + group)
	l, err := d.Directory.Members(ctx, group)
	if failure := d.PageTwo[group]; err == nil && failure != nil {
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

// Person implements idp.Directory, and counts.
func (d *Directory) Person(ctx context.Context, id string) (idp.Person, error) {
	d.ask("person")
	return d.Directory.Person(ctx, id)
}

// Usage implements idp.UsageReporter.
func (d *Directory) Usage(_ context.Context, app string) (idp.Usage, error) {
	if d.Reach.IsZero() {
		return idp.Usage{}, fmt.Errorf("no application %s: %w", app, idp.ErrNotFound)
	}
	return idp.Usage{Source: "sign-ins on record", Since: d.Reach, All: func(yield func(idp.Use, error) bool) {
		for _, one := range d.Uses {
			if !yield(one, nil) {
				return
			}
		}
		if d.Broken != nil {
			yield(idp.Use{}, d.Broken)
		}
	}}, nil
}

// Catalogue is what is offered: Offered, or else Figma, payroll and a vault.
func (w *Readings) Catalogue() *catalog.Catalog {
	if w.Offered != nil {
		return w.Offered
	}
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
	}, nil).Under(w.Policy)
}

// NewReadings makes one.
func NewReadings(t *testing.T) *Readings {
	t.Helper()
	w := &Readings{T: t, Clock: clocktest.New(time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC)), Store: bolttest.Open(t), Accounts: map[string]string{}, Groups: map[string]string{}, Odd: map[string]bool{}}
	w.Vendor = idptest.NewVendor("okta", w.Clock)
	w.Policy.Privileged = []catalog.GroupRef{{Directory: "okta", Group: "figma-admins"}}
	for _, name := range []string{"figma-editors", "figma-admins", "payroll-clerks"} {
		w.Groups[name] = w.Vendor.AddGroup(name, idptest.Plain)
	}
	w.Dir = &Directory{Directory: w.Vendor.Directory(), Asked: map[string]int{}, PageTwo: map[string]error{}}
	effects := provisiontest.Effects()
	for kind, do := range notify.Effects(nil, 0) {
		effects[kind] = do
	}
	for kind, do := range ledger.Effects() {
		effects[kind] = do
	}
	w.Units = engine.NewUnits(engine.UnitsConfig{Store: w.Store, Clock: w.Clock, Owner: "test", Catalog: w.Catalogue, Effects: effects})
	w.Review = catalog.Review{ID: "quarterly", Name: "Quarterly", Restore: catalog.Week, Stages: []catalog.ReviewStage{{
		Reviewers: []catalog.Approver{{Kind: catalog.Manager}}, Fallback: []catalog.Approver{{Kind: catalog.Security}}, Strategy: catalog.AllMustKeep, Lasts: catalog.Week,
	}}}
	w.Build(w.Dir)
	for _, one := range [][2]string{{"grace", ""}, {"noor", "grace"}, {"ines", "grace"}, {"omar", "grace"}, {"maya", "noor"}, {"tom", "noor"}} {
		w.Hire(one[0], one[1])
	}
	return w
}

// Build makes the room over directories.
func (w *Readings) Build(dirs ...idp.Directory) {
	w.People = people.New(people.Config{
		Units: w.Units, Catalog: w.Catalogue, Roster: peopletest.Members{"grace", "noor", "ines", "omar", "maya", "tom"}, Directories: dirs, Admins: []access.Email{"ines@acme.example"},
	})
	w.Service = campaigns.New(campaigns.Config{
		Units: w.Units, Store: w.Store, Clock: w.Clock, Catalog: w.Catalogue, Reviews: func() []catalog.Review { return []catalog.Review{w.Review} }, Directories: dirs, Groups: w.People.Groups(),
		People: w.People, Reviewers: people.ReviewingOf(w.People), Authority: w.People, Version: version, Populations: w,
	})
}

// Extract reads a group and says of it that as many were read as the vendor counts; or reads it as in life, once it is
// Extracting. It implements reading.Populations.
func (w *Readings) Extract(ctx context.Context, d idp.Directory, g idp.Group, take population.Members) (access.Population, error) {
	if w.inLife != nil {
		return w.inLife.Extract(ctx, d, g, take)
	}
	members, err := idp.Everybody(d.Members(ctx, g.ID))
	if err == nil {
		err = take.Begin()
	}
	if err == nil {
		_, err = take.Add(members)
	}
	if err == nil {
		_, err = take.Doubled()
	}
	now, hash := w.Clock.Now(), fmt.Sprintf("%x", sha256.Sum256(nil))
	counted := len(members)
	if w.Odd[g.Name] {
		counted++
	}
	return access.Population{Directory: d.ID(), Service: "Okta", Group: g.ID, Name: g.Name, Tool: version, Readings: []access.Reading{{
		Lists: []access.ListRead{{Request: access.APIRequest{Method: "GET", Path: "/members"}, Pages: 1, Rows: len(members), First: now, Last: now,
			Count: access.VendorCount{N: counted, Known: true, At: now}}},
		Accounts: len(members), RowsHash: hash, AccountsHash: hash,
	}}}, err
}

// version is that of Latchkey.
const version = "1.2.3"

// Hire makes somebody known, with an account in the directory.
func (w *Readings) Hire(handle, manager string) {
	w.Helper()
	p := idptest.Person{Email: handle + "@acme.example", Name: strings.ToUpper(handle[:1]) + handle[1:], Department: "Design", Title: "Designer"}
	if manager != "" {
		p.Manager = manager + "@acme.example"
	}
	w.Accounts[handle] = w.Vendor.AddPerson(p)
	k := peopletest.Person(handle).Unbind("okta", w.Clock.Now())
	k, _ = k.Bind(access.Binding{System: "okta", ID: w.Accounts[handle], Level: access.AssuranceChecked, Since: w.Clock.Now()}, "")
	w.Do(func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: k}) })
}

// Put puts people into a group.
func (w *Readings) Put(group string, handles ...string) {
	for _, h := range handles {
		w.Vendor.SetMember(w.Groups[group], w.Accounts[h], true)
	}
}

// Do does something in a unit of work.
func (w *Readings) Do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.Units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// Begun begins the review that is configured, by IT.
func (w *Readings) Begun() access.Campaign {
	w.Helper()
	c, err := w.BeginConfigured(w.Context(), IT(), "quarterly")
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// IT is Ines.
func IT() access.Actor { return By("ines") }

// Tasks are those of a kind that wait.
func (w *Readings) Tasks(kind string) []store.Task {
	w.Helper()
	var all []store.Task
	err := w.Units.View(w.Context(), func(tx store.Tx) (err error) {
		all, err = tx.Tasks("", 0, 1000)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return slices.DeleteFunc(all, func(t store.Task) bool { return t.Kind != kind })
}

// Tries has what waits to be read be read, and gives the first error.
func (w *Readings) Tries() (first error) {
	w.Helper()
	for _, t := range w.Tasks(campaigns.ReadTask) {
		if err := enginetest.Attempt(w.Context(), w.Units, w.Handlers(), t); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Reads is tries where that works, and gives the campaign.
func (w *Readings) Reads(c access.Campaign) access.Campaign {
	w.Helper()
	if err := w.Tries(); err != nil {
		w.Fatal(err)
	}
	return w.Now(c)
}

// Now is a campaign as it stands.
func (w *Readings) Now(c access.Campaign) access.Campaign {
	w.Helper()
	c, err := w.Campaign(w.Context(), c.ID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// Rows are those of a campaign, by who and what.
func (w *Readings) Rows(c access.Campaign) map[string]rows.Row {
	w.Helper()
	out := map[string]rows.Row{}
	err := w.Units.View(w.Context(), func(tx store.Tx) error {
		r, err := rows.Of(tx, c, w.Catalogue())
		if err != nil {
			return err
		}
		for row, err := range r.All(0) {
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

// Asks is who is asked about a row, by handle.
func Asks(row rows.Row, stage int) string {
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

// Moved is a clock by which nobody waits: it is where they want it to be.
type Moved struct {
	*clocktest.Clock
	Waits  int
	OnWait func()
}

// Until is reached at once.
func (c *Moved) Until(at time.Time) (<-chan struct{}, func()) {
	c.Waits++
	c.Set(at.Add(time.Millisecond))
	if c.OnWait != nil {
		c.OnWait()
	}
	return c.Clock.Until(at)
}

// Told is all that people are told.
func (w *Readings) Told() string {
	var all []string
	for _, t := range append(w.Tasks("announcement"), w.Tasks("notice")...) {
		all = append(all, string(t.Payload))
	}
	if len(all) > 0 {
		return strings.Join(all, "\n")
	}
	err := w.Units.View(w.Context(), func(tx store.Tx) error {
		tasks, err := tx.Tasks("", 0, 1000)
		for _, t := range tasks {
			if strings.HasPrefix(t.ID, "notice/") {
				all = append(all, string(t.Payload))
			}
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return strings.Join(all, "\n")
}

// Grant has somebody have a role by a grant.
func (w *Readings) Grant(handle, app, role, group string, change func(*access.Grant)) {
	w.Helper()
	g := access.Grant{
		ID: "G-" + strings.ToUpper(handle+role), Request: "AR-" + strings.ToUpper(handle+role), Person: peopletest.ID(handle), App: app, Role: role, Source: access.SourceRequested,
		State: access.GrantActive, Started: w.Clock.Now().Add(-100 * 24 * time.Hour),
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: group}, State: access.EntitlementHeld, Account: w.Accounts[handle], GroupID: w.Groups[group], Sent: true}},
	}
	if change != nil {
		change(&g)
	}
	w.Do(func(u *engine.Unit) error { return store.PutGrant(u.Tx, &g) })
}

// TaskIDs are the ids of all tasks.
func (w *Readings) TaskIDs() string {
	var ids []string
	err := w.Units.View(w.Context(), func(tx store.Tx) error {
		tasks, err := tx.Tasks("", 0, 1000)
		for _, t := range tasks {
			ids = append(ids, t.ID)
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return strings.Join(ids, " ")
}

// Extracting has groups read as in life, by a clock by which nobody waits.
func (w *Readings) Extracting() *Moved {
	c := &Moved{Clock: w.Clock}
	w.inLife = population.Extractor{Clock: c, Tool: version}
	return c
}

// Proofs are those of a campaign's groups, by name.
func (w *Readings) Proofs(c access.Campaign) map[string]access.Population {
	w.Helper()
	out := map[string]access.Population{}
	err := w.Units.View(w.Context(), func(tx store.Tx) error {
		from, err := snapshot.Open(tx, c.Snapshot)
		if err != nil {
			return err
		}
		for g, err := range from.Groups() {
			if err != nil {
				return err
			}
			p, err := population.ProofOf(g)
			if err != nil {
				return err
			}
			out[g.Name] = p
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// Reason is why something was refused; "" where it wasn't.
func Reason(err error) access.Reason {
	r, _ := access.AsRefusal(err)
	if r == nil {
		return ""
	}
	return r.Reason
}
