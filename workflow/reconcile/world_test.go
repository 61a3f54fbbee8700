package reconcile_test

import (
	"context"
	"encoding/json"
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
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
	"latchkey/workflow/reconcile"
)

var (
	maya = peopletest.ID("maya")
	tom  = peopletest.ID("tom")
	noor = peopletest.ID("noor")
)

func figma() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }

// world is a store, a clock, an identity provider with one governed group, and
// Jira as a list of the issues that were opened.
type world struct {
	*testing.T
	clock     *clocktest.Clock
	store     store.Store
	units     *engine.Units
	vendor    *idptest.Vendor
	provision *provision.Service
	who       *people.Service
	*reconcile.Service

	group  string                     // id
	ids    map[access.PersonID]string // of accounts
	issues []access.IssueReport
	since  []time.Time
	jira   error
	opened func() // happens while an issue is opened
	ended  []access.PersonID
	left   map[access.PersonID]bool // known to have left, outside the group

	protected []catalog.GroupRef
}

func newWorld(t *testing.T, policy catalog.Unrequested, adoptFor time.Duration) *world {
	return newWorldWith(t, policy, adoptFor, nil)
}

func newWorldWith(t *testing.T, policy catalog.Unrequested, adoptFor time.Duration, change func(*world, *reconcile.Config)) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, store: storetest.Twice(s), clock: clocktest.New(time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC)), ids: map[access.PersonID]string{}, left: map[access.PersonID]bool{}}
	w.vendor = idptest.NewVendor("okta", w.clock)
	w.group = w.vendor.AddGroup("figma-editors", idptest.Plain)
	known := func() *catalog.Catalog {
		return catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Status: catalog.Approved, Unrequested: policy, AdoptFor: adoptFor,
			Roles: []catalog.Role{{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{figma()}}}}}, nil)
	}
	effects := provisiontest.Effects()
	for kind, do := range notify.Effects(nil, 0) {
		effects[kind] = do
	}
	for kind, do := range ledger.Effects() {
		effects[kind] = do
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "test", Catalog: known, Effects: effects})
	dirs := people.Directories{w.vendor.Directory()}
	w.who = people.New(people.Config{Units: w.units, Catalog: known, Roster: peopletest.Members{}, Directories: dirs})
	w.knows("maya", w.vendor.AddPerson(idptest.Person{Email: "maya@acme.example"}))
	w.knows("tom", w.vendor.AddPerson(idptest.Person{Email: "tom@acme.example"}))
	w.knows("noor", "")
	w.provision = provisiontest.Room(provision.Config{Units: w.units, Catalog: known, Directories: dirs, Accounts: w.who}, w.who.Groups(), w.who)
	groups := func(protected ...catalog.GroupRef) *people.Groups {
		return people.NewGroups(people.GroupsConfig{Units: w.units, Directories: dirs, Protected: protected})
	}
	c := reconcile.Config{Groups: groups(), Units: w.units, Catalog: known, Directories: dirs, People: w, Leavers: w, Reports: w, Line: "0 6 * * *"}
	if change != nil {
		change(w, &c)
		dirs = c.Directories
		c.Groups = groups(w.protected...)
	}
	w.Service = reconcile.New(c)
	return w
}

// knows makes somebody known, with an account in the directory if they have one.
func (w *world) knows(handle, account string) {
	w.Helper()
	p := peopletest.Person(handle).Unbind("okta", w.clock.Now())
	if account != "" {
		p, _ = p.Bind(access.Binding{System: "okta", ID: account, Level: access.AssuranceChecked}, "")
	}
	w.ids[p.ID] = account
	w.do(func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: p}) })
}

// Register and Contact are the room's own.
func (w *world) Register(ctx context.Context, directory string, members []idp.Membership) (map[string]access.PersonID, error) {
	return w.who.Register(ctx, directory, members)
}

func (w *world) Contact(ctx context.Context, who access.PersonID) string {
	return w.who.Contact(ctx, who)
}

// HasLeft and Left make it know of leavers.
func (w *world) HasLeft(_ context.Context, who access.PersonID) (bool, error) {
	return w.left[who], nil
}

func (w *world) Left(_ context.Context, who access.PersonID) error {
	w.ended = append(w.ended, who)
	return nil
}

// OpenReport makes it a Jira.
func (w *world) OpenReport(_ context.Context, r access.IssueReport, since time.Time) (access.Issue, error) {
	if w.opened != nil {
		w.opened()
	}
	if w.jira != nil {
		return access.Issue{}, w.jira
	}
	w.issues, w.since = append(w.issues, r), append(w.since, since)
	return access.Issue{ID: "9", Key: "IT-9"}, nil
}

// in puts people into the group by hand.
func (w *world) in(who ...access.PersonID) {
	for _, p := range who {
		w.vendor.SetMember(w.group, w.ids[p], true)
	}
}

func (w *world) isIn(who access.PersonID) bool { return w.vendor.IsMember(w.group, w.ids[who]) }

// do is one unit of work.
func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// turn is a day's run, which has to work.
func (w *world) turn() {
	w.Helper()
	w.clock.Advance(catalog.Day)
	if err := w.try(store.Task{Created: w.clock.Now()}); err != nil {
		w.Fatal(err)
	}
}

// past is the look that only reports, and what it had told.
func (w *world) past() {
	w.Helper()
	w.turn()
	w.news()
}

// try is one attempt at a run.
func (w *world) try(t store.Task) error {
	w.Helper()
	t.ID = "duty/reconcile"
	done, err := w.Duties()[0].Do(w.Context(), t)
	if err != nil {
		return err
	}
	w.do(done)
	return nil
}

// tasks takes what waits of a kind out of the queue.
func (w *world) tasks(kind string) (out []store.Task) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		all, err := u.Tx.Tasks("", 0, 1000)
		if err != nil {
			return err
		}
		out = slices.DeleteFunc(all, func(t store.Task) bool { return t.Kind != kind })
		for _, t := range out {
			if err := u.Tx.Done(t.ID, ""); err != nil {
				return err
			}
		}
		return nil
	})
	return out
}

// news is what is announced, one text each.
func (w *world) news() (out []string) {
	w.Helper()
	for _, t := range w.tasks("notice.show") {
		var m struct {
			To    access.PersonID
			Title string
			Lines []string
		}
		if err := json.Unmarshal(t.Payload, &m); err != nil {
			w.Fatal(err)
		}
		out = append(out, strings.TrimSpace(string(m.To)+" "+m.Title+"\n"+strings.Join(m.Lines, "\n")))
	}
	return out
}

// report is the one thing IT is told.
func (w *world) report() string {
	w.Helper()
	var out []string
	for _, n := range w.news() {
		if strings.HasPrefix(n, "Memberships compared") || strings.HasPrefix(n, "First look") {
			out = append(out, n)
		}
	}
	if len(out) != 1 {
		w.Fatalf("IT is told %d things", len(out))
	}
	return out[0]
}

func (w *world) says(text string, parts ...string) {
	w.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			w.Errorf("want %q in:\n%s", p, text)
		}
	}
}

// comments are those that wait to be written, with the issue they go to.
func (w *world) comments() (issues []string, all []access.IssueComment) {
	w.Helper()
	for _, t := range w.tasks("issue.comment") {
		var p struct {
			Issue access.Issue
			Body  access.IssueComment
		}
		if err := json.Unmarshal(t.Payload, &p); err != nil {
			w.Fatal(err)
		}
		issues, all = append(issues, p.Issue.Key), append(all, p.Body)
	}
	return issues, all
}

// remove carries out the removals that wait.
func (w *world) remove() {
	w.Helper()
	for _, t := range w.tasks("grant.remove") {
		done, err := w.provision.Handlers(nil)[t.Kind].Do(w.Context(), t)
		if err != nil {
			w.Fatal(err)
		}
		w.do(done)
	}
}

// held are somebody's grants that have not ended.
func (w *world) held(who access.PersonID) (all []access.Grant) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		all, err = store.OpenGrantsOf(u.Tx, who)
		return err
	})
	return all
}

// holds gives somebody an active grant that was asked for.
func (w *world) holds(who access.PersonID, account, group string) access.Grant {
	w.Helper()
	g := access.Grant{ID: "G-" + string(who), Request: "AR-" + string(who), Person: who, App: "figma", Role: "editor", State: access.GrantActive, Started: w.clock.Now(),
		Entitlements: []access.Entitlement{{Group: figma(), State: access.EntitlementHeld, Account: account, GroupID: group}}}
	w.do(func(u *engine.Unit) error { next := g; return engine.Save(u, engine.Grants(), &next) })
	return g
}

// story are the events of a kind.
func (w *world) story(kind access.EventKind) (out []access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		all, err := store.Events(u.Tx, store.Filter{}, 0, 1000)
		out = slices.DeleteFunc(all, func(e access.Event) bool { return e.Kind != kind })
		return err
	})
	return out
}

func (w *world) expect(what string, ok bool) {
	w.Helper()
	if !ok {
		w.Errorf("expected: %s", what)
	}
}

// Speaks is true: there is one directory.
func (w *world) Speaks(context.Context, string, access.PersonID) (bool, error) { return true, nil }
