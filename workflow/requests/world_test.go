package requests_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision/provisiontest"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

var (
	maya  = peopletest.ID("maya")  // asks; reports to noor
	noor  = peopletest.ID("noor")  // owns figma
	grace = peopletest.ID("grace") // noor's manager
	omar  = peopletest.ID("omar")  // the fallback
	ines  = peopletest.ID("ines")  // IT
	tom   = peopletest.ID("tom")   // somebody
)

func start() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

// world is the room over a store and the rooms below it, a roster in memory, and a
// clock that is moved by hand. What the rooms would do outside waits as tasks.
type world struct {
	*testing.T
	*requests.Service
	who    *people.Service
	query  *query.Service
	store  store.Store
	units  *engine.Units
	now    time.Time
	staff  map[access.Email]access.Person
	chart  map[string]string // who reports to whom, by handle
	offer  *catalog.Catalog
	broken error // of the roster
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, store: storetest.Twice(s), now: start(), staff: map[access.Email]access.Person{}, offer: testCatalog(true)}
	w.chart = map[string]string{"maya": "noor", "noor": "grace", "grace": "", "omar": "grace", "ines": "grace", "tom": "noor"}
	for handle := range w.chart {
		peopletest.Remember(t, s, nil, handle)
		w.staff[peopletest.Address(handle)] = peopletest.Person(handle)
	}
	effects := map[access.EffectKind]engine.EffectFunc{}
	for _, of := range []map[access.EffectKind]engine.EffectFunc{ledger.Effects(), notify.Effects(nil, 0), provisiontest.Effects(), requests.Effects()} {
		maps.Copy(effects, of)
	}
	known := func() *catalog.Catalog { return w.offer }
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test", Catalog: known, Effects: effects})
	w.who = people.New(people.Config{
		Units: w.units, Catalog: known, Roster: w, Directories: people.Directories{peopletest.Chart{Managers: w.chart}}, Admins: []access.Email{"ines@acme.example"}, Fallback: []access.Email{"omar@acme.example"},
		OnBehalf: []people.OnBehalf{people.ManagersMay},
	})
	w.query = query.New(query.Config{Units: w.units, Catalog: known, People: w.who})
	w.Service = requests.New(requests.Config{
		Units: w.units, Catalog: known, People: w.who, Authority: w.who, Approvers: w.who, Attributes: people.AttributesOf(w.who), Stuck: w.query, LapseAfter: func(time.Duration, time.Time) time.Duration { return 14 * catalog.Day },
	})
	return w
}

// testCatalog is what may be asked for; without the role "root" if it is not whole.
func testCatalog(whole bool) *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour}, Default: 6 * time.Hour, Max: catalog.Day}
	group := catalog.GroupRef{Directory: "okta", Group: "figma-editors"}
	role := func(id, route string) catalog.Role {
		return catalog.Role{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Groups: []catalog.GroupRef{group}, Route: route, Durations: hours}
	}
	editor, root, viewer, both, pair := role("editor", "manager"), role("root", "manager"), role("viewer", "nobody"), role("both", "two"), role("pair", "pair")
	editor.Extend = catalog.Extend{MaxTimes: 1, Reapprove: catalog.ReapproveNever}
	root.Assurance, root.BreakGlass = catalog.Confirm, true
	figma := catalog.App{
		ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Owners: []string{"noor@acme.example"},
		Roles: []catalog.Role{editor, viewer, both, pair},
	}
	if whole {
		figma.Roles = append(figma.Roles, root)
	}
	badge := catalog.App{
		ID: "badge", Name: "Badge", Status: catalog.Approved, Provisioning: catalog.Manual, Owners: []string{"tom@acme.example"},
		Roles: []catalog.Role{{ID: "door", Name: "Door", Route: "nobody", Durations: hours}},
	}
	one := func(who catalog.ApproverKind) catalog.Stage {
		return catalog.Stage{Approvers: []catalog.Approver{{Kind: who}}}
	}
	return catalog.New([]catalog.App{figma, badge}, []catalog.Route{
		{Name: "manager", Stages: []catalog.Stage{one(catalog.Manager)}}, {Name: "nobody"},
		{Name: "two", Stages: []catalog.Stage{one(catalog.Manager), one(catalog.Security)}},
		{Name: "pair", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}, Need: catalog.Need{AtLeast: 2}}}},
	})
}

// The clock.

func (w *world) Now() time.Time { return w.now }

func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }

func (w *world) pass(d time.Duration) { w.now = w.now.Add(d) }

// The roster.

func (w *world) Member(ctx context.Context, id string) (access.Person, error) {
	return w.MemberByEmail(ctx, access.Email(strings.TrimPrefix(id, "U-")+"@acme.example"))
}

func (w *world) ForgetMember(string) {}

func (w *world) MemberByEmail(_ context.Context, a access.Email) (access.Person, error) {
	if w.broken != nil {
		return access.Person{}, w.broken
	}
	p, here := w.staff[a]
	if !here {
		return p, access.Refuse(access.Unknown, "person", "Nobody has that address.")
	}
	return p, nil
}

// What people do, and what comes of it.

func by(who access.PersonID) access.Actor {
	return access.Actor{Person: who, Via: access.ViaSlack, Account: "U"}
}

func (w *world) person(id access.PersonID) access.Person {
	w.Helper()
	p, err := w.who.Person(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

// wanting is what Maya submits.
func (w *world) wanting(role string) requests.Submission {
	w.Helper()
	return requests.Submission{
		ID: "view-" + role, By: w.person(maya), App: "figma", Role: role, Wanted: 6 * time.Hour, Reason: "Launch assets", Via: access.ViaSlack,
	}
}

func (w *world) submit(sub requests.Submission) access.Request {
	w.Helper()
	r, err := w.Submit(w.Context(), sub)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// asked is a request of Maya's whose approvers were asked and whose issue is there.
func (w *world) asked(role string) access.Request {
	w.Helper()
	r := w.submit(w.wanting(role))
	w.findApprovers()
	w.issue(r.ID)
	return w.request(r.ID)
}

// held is access that Maya has.
func (w *world) held(role string) access.Request {
	w.Helper()
	r := w.asked(role)
	w.ok(w.answer(r, noor, true))
	w.added(r)
	return w.request(r.ID)
}

func (w *world) answer(r access.Request, who access.PersonID, yes bool) error {
	_, err := w.Decide(w.Context(), requests.Decision{Request: r.ID, By: by(who), Yes: yes, Reason: "So be it.", Typed: "figma"})
	return err
}

func (w *world) review(id string, by access.Actor, justified bool, reason string) error {
	_, err := w.Review(w.Context(), id, by, justified, reason)
	return err
}

// findApprovers carries out the tasks that find them.
func (w *world) findApprovers() {
	w.Helper()
	w.ok(w.carryOut(requests.FindApproversTask))
}

// left has somebody leave, and carries out what follows.
func (w *world) left(who access.PersonID) {
	w.Helper()
	w.ok(w.Left(w.Context(), who))
	w.ok(w.carryOut(requests.LeaveTask))
}

// carryOut carries out the tasks of one of this room's kinds. It stops at the
// first failure, whose task stays.
func (w *world) carryOut(kind string) error {
	w.Helper()
	for _, t := range w.tasks(kind) {
		if err := enginetest.Attempt(w.Context(), w.units, w.Handlers(), t); err != nil {
			return err
		}
	}
	return nil
}

// issue opens the issue of a request.
func (w *world) issue(id string) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r, err := u.Request(id)
		if err != nil {
			return err
		}
		e := r.Event(access.EventIssueOpened, access.System(), u.At)
		e.Issue = &access.Issue{ID: "i-" + id, Key: "IT-" + id, URL: "https://jira.example/" + id}
		_, err = u.MoveRequest(r, e)
		return err
	})
}

// added puts the person of a request's grant into its groups.
func (w *world) added(r access.Request) {
	w.Helper()
	w.moveGrant(r, func(g access.Grant) access.Event {
		e := g.Event(access.EventMemberAdded, access.System(), w.now)
		e.Group = &g.Entitlements[0].Group
		return e
	})
}

// stuckGrant lets the grant of a request get stuck.
func (w *world) stuckGrant(r access.Request) {
	w.Helper()
	w.moveGrant(r, func(g access.Grant) access.Event {
		e := g.Event(access.EventStuck, access.System(), w.now)
		e.Note = "The directory denied it."
		return e
	})
}

func (w *world) moveGrant(r access.Request, event func(access.Grant) access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant(r.GrantID())
		if err != nil {
			return err
		}
		_, err = u.MoveGrant(g, event(g))
		return err
	})
}

// due carries out what is due of a record.
func (w *world) due(kind, id string) error {
	w.Helper()
	scans := requests.DueScans()
	i := slices.IndexFunc(scans, func(s engine.DueScan) bool { return s.Kind == kind })
	return w.units.Update(w.Context(), func(u *engine.Unit) error { return scans[i].Do(u, id) })
}

func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	w.ok(w.units.Update(w.Context(), fn))
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused checks that something was refused for a reason.
func (w *world) refused(err error, reason access.Reason) {
	w.Helper()
	if r, ok := access.AsRefusal(err); !ok || r.Reason != reason {
		w.Errorf("got %v, want a refusal: %s", err, reason)
	}
}

func (w *world) view(fn func(store.Tx) error) {
	w.Helper()
	w.ok(w.store.View(w.Context(), fn))
}

func (w *world) request(id string) (r access.Request) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		r, err = store.Request(tx, id)
		return err
	})
	return r
}

func (w *world) grant(r access.Request) (g access.Grant) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		g, err = store.Grant(tx, r.GrantID())
		return err
	})
	return g
}

// tasks are those of a kind that wait to be done; of all kinds for "".
func (w *world) tasks(kind string) (out []store.Task) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		all, err := tx.Tasks(store.Ready, 0, 1000)
		out = slices.DeleteFunc(all, func(t store.Task) bool { return kind != "" && t.Kind != kind })
		return err
	})
	return out
}

// story is what happened to a request, as kinds of events.
func (w *world) story(id string) (out []access.EventKind) {
	w.Helper()
	for _, e := range w.events(id) {
		out = append(out, e.Kind)
	}
	return out
}

func (w *world) events(id string) (out []access.Event) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		out, err = store.Story(tx, store.Filter{Subject: access.RequestSubject(id)})
		return err
	})
	return out
}

// last is the newest event of a request.
func (w *world) last(id string) access.Event {
	w.Helper()
	all := w.events(id)
	return all[len(all)-1]
}

// Catalog is the catalogue as it is now.
func (w *world) Catalog() func() *catalog.Catalog {
	return func() *catalog.Catalog { return w.offer }
}

// crossing is authority, or who finds approvers, during whose answer something
// else happens.
type crossing struct {
	*people.Service
	meanwhile func()
}

func (c crossing) Established(ctx context.Context, r access.Request, by access.Actor) (people.Established, error) {
	found, err := c.Service.Established(ctx, r, by)
	c.meanwhile()
	return found, err
}

func (c crossing) Deciders(ctx context.Context, r access.Request) (people.Found, error) {
	who, err := c.Service.Deciders(ctx, r)
	c.meanwhile()
	return who, err
}
