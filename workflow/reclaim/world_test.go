package reclaim

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
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

const day = catalog.Day

// world is a store, a clock, a directory, and Figma, whose editors have 60 days without a sign-in and then seven to answer.
type world struct {
	*testing.T
	*Service
	store     store.Store
	clock     *clocktest.Clock
	vendor    *idptest.Vendor
	dirs      people.Directories
	rule      catalog.Reclaim
	app       catalog.App // without its roles
	beside    []catalog.App
	alsoOpens []catalog.GroupRef // groups that the editor opens, too
	most      catalog.Reclaiming
	group     string              // the id of the editors
	viewer    string              // the id of the viewers
	ids       map[string]string   // accounts, by handle
	told      []string            // which issues were written
	noWay     string              // why an issue can't be opened again; empty: it can
	rights    map[people.Act]bool // what somebody may not do
}

func editors() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-editors"} }
func viewers() catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: "figma-viewers"} }

func newWorld(t *testing.T) *world {
	w := &world{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)), ids: map[string]string{}, rights: map[people.Act]bool{}, most: catalog.Reclaiming{AtMost: 25, PerPerson: 2}}
	w.vendor = idptest.NewVendor("okta", w.clock)
	w.group, w.viewer = w.vendor.AddGroup("figma-editors", idptest.Plain), w.vendor.AddGroup("figma-viewers", idptest.Plain)
	w.rule = catalog.Reclaim{Idle: 60 * day, Grace: 7 * day, Postpone: 30 * day, Postpones: 1, Least: catalog.AppSignIn, Issue: catalog.OwnIssue, Restore: 30 * day}
	w.app = catalog.App{ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Uses: []catalog.AppUse{{Directory: "okta", App: w.vendor.SignIn("", w.clock.Now(), false)}}, Seat: catalog.Seat{Price: 1200, Currency: "EUR"}}
	effects := maps.Clone(Effects())
	for _, kind := range []access.EffectKind{access.EffectRecord, access.EffectShowCards, access.EffectLoseNeeds, access.EffectAddMember, access.EffectRemoveMember, access.EffectBackstop, access.EffectDropAdds} {
		effects[kind] = func(*engine.Unit, access.Event, access.Effect) error { return nil }
	}
	w.store = bolttest.Open(t)
	units := engine.NewUnits(engine.UnitsConfig{Store: storetest.Twice(w.store), Clock: w.clock, Owner: "test", Catalog: w.offers, Effects: effects})
	w.dirs = people.Directories{w.vendor.Directory()}
	w.Service = New(Config{Units: units, Catalog: w.offers, Directories: w.dirs, Groups: people.NewGroups(people.GroupsConfig{Units: units, Directories: w.dirs}), Authority: w, Line: "0 9 * * *"})
	return w
}

// offers is the catalogue as the test has it.
func (w *world) offers() *catalog.Catalog {
	app := w.app
	app.Roles = []catalog.Role{
		{ID: "editor", Name: "Editor", Risk: catalog.Low, Groups: append([]catalog.GroupRef{editors()}, w.alsoOpens...), Reclaim: w.rule},
		{ID: "viewer", Name: "Viewer", Risk: catalog.Low, Groups: []catalog.GroupRef{viewers()}},
	}
	return w.most.In(catalog.New(append([]catalog.App{app}, w.beside...), nil))
}

// CallerNow, May and Anew are the authority of the test: everybody may do what isn't forbidden.
func (w *world) CallerNow(_ context.Context, by access.Actor) (people.Caller, error) {
	return people.Caller{Actor: by}, nil
}

func (w *world) May(_ people.Caller, act people.Act, _ people.Matter) error {
	if w.rights[act] {
		return access.Refuse(access.NotAllowed, "", "No.")
	}
	return nil
}

func (w *world) Anew(_ context.Context, who access.PersonID) (p access.Person, err error) {
	err = w.units.View(w.Context(), func(tx store.Tx) error {
		p, err = people.In(tx, who)
		return err
	})
	return p, err
}

func as(handle string) access.Actor {
	return access.Actor{Person: peopletest.ID(handle), Via: access.ViaSlack}
}

// has gives somebody a role of Figma by a request, some time ago.
func (w *world) has(handle, role string, ago time.Duration, change ...func(*access.Grant)) access.Grant {
	w.Helper()
	ref, id := editors(), w.group
	if role == "viewer" {
		ref, id = viewers(), w.viewer
	}
	account, known := w.ids[handle]
	if !known {
		account = w.vendor.AddPerson(idptest.Person{Email: handle + "@acme.example", Name: handle})
		w.ids[handle] = account
		peopletest.Remember(w, w.store, nil, handle)
	}
	w.vendor.SetMember(id, account, true)
	began := w.clock.Now().Add(-ago)
	r := access.Request{ID: "AR-" + strings.ToUpper(handle+role), Requester: peopletest.ID(handle), Beneficiary: peopletest.ID(handle), App: "figma", Role: role, State: access.RequestApproved, Created: began, Issue: access.Issue{ID: "1", Key: "IT-1"}}
	g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: r.Beneficiary, App: "figma", Role: role, State: access.GrantActive, Created: began, Started: began, Wanted: catalog.Forever,
		Entitlements: []access.Entitlement{{Group: ref, State: access.EntitlementHeld, Absent: true, Account: account, GroupID: id}}}
	for _, do := range change {
		do(&g)
	}
	w.do(func(u *engine.Unit) error {
		r, g := r, g
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		return engine.Save(u, engine.Grants(), &g)
	})
	return g
}

func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// used has somebody sign in to Figma some time ago.
func (w *world) used(handle string, ago time.Duration) {
	w.vendor.SignIn(w.ids[handle], w.clock.Now().Add(-ago), true)
}

// turned has the duty's turn come, and what follows.
func (w *world) turned() {
	w.Helper()
	if _, err := w.turn(w.Context(), store.Task{}); err != nil {
		w.Fatal(err)
	}
	w.work()
}

// work carries out what is due and the tasks of the room, opens issues, and takes people out of groups, until nothing is left.
func (w *world) work() {
	w.Helper()
	for range 20 {
		w.fallDue()
		did := w.gone()
		for _, t := range w.ready() {
			if err := enginetest.Attempt(w.Context(), w.units, w.handlers(), t); err != nil {
				w.Logf("%s: %v", t.ID, err)
				continue
			}
			did = true
		}
		if !did {
			return
		}
	}
	w.Fatal("there is always something to do")
}

func (w *world) handlers() map[string]engine.Handler {
	out := w.Handlers()
	maps.Copy(out, ledger.New(ledger.Config{Units: w.units, Reports: w, Reported: Reported(), Comments: w, Reopens: w}).Handlers())
	out[ledger.SettleTask] = engine.Handler{Do: w.settled}
	return out
}

// OpenReport opens the issue of a report.
func (w *world) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	w.told = append(w.told, r.Title)
	return access.Issue{ID: r.ID, Key: "IT-" + r.ID}, nil
}

// Reopen opens an issue again, where there is a way back.
func (w *world) Reopen(_ context.Context, issue access.Issue) (why string, err error) {
	if w.noWay == "" {
		w.told = append(w.told, issue.Key+" is open")
	}
	return w.noWay, nil
}

// Settle is never called: it would ask who people are.
func (w *world) Settle(context.Context, access.Case) error { return nil }

// settled notes which issues are brought back to where their access stands.
func (w *world) settled(_ context.Context, t store.Task) (engine.Outcome, error) {
	w.told = append(w.told, t.Subject.ID+" settles")
	return nil, nil
}

// Comment writes on an issue.
func (w *world) Comment(_ context.Context, issue access.Issue, c access.IssueComment, _ bool) error {
	w.told = append(w.told, issue.Key+": "+c.Title)
	return nil
}

// ready are the tasks that can be done now.
func (w *world) ready() (all []store.Task) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		all, err = u.Tx.Tasks("", 0, 1000)
		return err
	})
	handlers := w.handlers()
	return slices.DeleteFunc(all, func(t store.Task) bool {
		_, mine := handlers[t.Kind]
		return !mine || t.NotBefore.After(w.clock.Now())
	})
}

func (w *world) fallDue() {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		for _, scan := range w.DueScans() {
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
}

// gone takes people out of the groups of grants that end, puts them into those of grants that begin, and says so.
func (w *world) gone() (did bool) {
	w.Helper()
	for _, state := range []access.GrantState{access.GrantEnding, access.GrantProvisioning} {
		var all []access.Grant
		w.do(func(u *engine.Unit) (err error) {
			all, err = store.GrantsIn(u.Tx, state, "", 100)
			return err
		})
		for _, g := range all {
			for _, e := range g.Entitlements {
				did = true
				w.changed(g, e, state == access.GrantProvisioning)
			}
		}
	}
	return did
}

func (w *world) changed(g access.Grant, e access.Entitlement, in bool) {
	w.Helper()
	handle := ""
	for h := range w.ids {
		if peopletest.ID(h) == g.Person {
			handle = h
		}
	}
	id, kind := w.group, access.EventMemberRemoved
	if e.Group == viewers() {
		id = w.viewer
	}
	if in {
		kind = access.EventMemberAdded
	}
	w.vendor.SetMember(id, w.ids[handle], in)
	w.do(func(u *engine.Unit) error {
		now, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		if in {
			now = now.Pin(e.Group, w.ids[handle], id, true)
		}
		event := now.Event(kind, access.System(), u.At)
		event.Group = &e.Group
		_, err = u.MoveGrant(now, event)
		return err
	})
}

// pass lets days go by, with a turn in each.
func (w *world) pass(d time.Duration) {
	w.Helper()
	for ; d > 0; d -= min(d, day) {
		w.clock.Advance(min(d, day))
		w.work()
		w.turned()
	}
}

// cases are how the questions stand, with whom.
func (w *world) cases() (out []string) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		all, err := store.Reclaims(u.Tx, "", 100)
		out = nil
		for _, c := range all {
			name, err := people.ContactIn(u.Tx, c.Person)
			if err != nil {
				return err
			}
			handle, _, _ := strings.Cut(name, "@")
			out = append(out, strings.TrimSpace(handle+" "+string(c.State)+" "+string(c.Outcome)))
		}
		slices.Sort(out)
		return err
	})
	return out
}

func (w *world) want(what string, cases ...string) {
	w.Helper()
	if got := w.cases(); !slices.Equal(got, cases) {
		w.Errorf("%s: %q, want %q", what, got, cases)
	}
}

// only is the one question that there is.
func (w *world) only() access.Reclaim {
	w.Helper()
	all, err := w.List(w.Context(), "", 10)
	if err != nil || len(all) != 1 {
		w.Fatalf("there are %d questions, %v", len(all), err)
	}
	return all[0]
}

func (w *world) in(group, handle string) bool { return w.vendor.IsMember(group, w.ids[handle]) }

// seats are how those of Figma stand, by name, as a preview shows them.
func (w *world) seats() map[string]access.SeatStanding {
	w.Helper()
	p, err := w.Preview(w.Context())
	if err != nil || len(p.Apps) != 1 {
		w.Fatalf("%+v, %v", p, err)
	}
	out, n := map[string]access.SeatStanding{}, 0
	for _, s := range p.Apps[0].Seats {
		handle, _, _ := strings.Cut(strings.ToLower(s.Name), "@")
		out[handle] = s.Standing
		n += len(s.Places)
	}
	if n != p.Apps[0].Accounts {
		w.Errorf("%d accounts have %d places", p.Apps[0].Accounts, n)
	}
	return out
}

// assigned is a directory that says of the editors that they are assigned to its application.
type assigned struct {
	idp.Directory
	groups []string
	app    string
}

func (a assigned) Unwrap() idp.Directory { return a.Directory }

func (a assigned) Apps(context.Context) ([]idp.App, error) {
	return []idp.App{{ID: a.app, Name: "Figma", Active: true}}, nil
}

func (a assigned) Assignments(context.Context, string) (out idp.Assignments, err error) {
	for _, g := range a.groups {
		out.Groups = append(out.Groups, idp.Assignment{GroupID: g})
	}
	return out, nil
}
