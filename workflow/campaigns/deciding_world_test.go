package campaigns_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
)

// company is the room over a store, a directory in memory and Jira as a list of issues, with everything that removals need.
// Tasks are carried out when it is told to work, and time is moved by hand.
type company struct {
	*testing.T
	*campaigns.Service
	clock     *clocktest.Clock
	store     store.Store
	units     *engine.Units
	vendor    *idptest.Vendor
	who       *people.Service
	provision *provision.Service
	handlers  map[string]engine.Handler
	groups    map[string]string // ids, by name
	accounts  map[string]string // ids, by handle
	protected []catalog.GroupRef
	left      map[access.PersonID]bool
	apps      []catalog.App

	issues   []access.IssueReport
	comments []string
	jira     error // nothing can be written
	notices  []string
	told     []string // handles of those who are told what waits for them
	stopping int      // units of work after which everything breaks; 0: nothing does
}

func handle(who access.PersonID) string {
	for _, h := range []string{"rita", "bo", "mel", "ivy", "maya", "tom", "noor", "grace"} {
		if peopletest.ID(h) == who {
			return h
		}
	}
	return string(who)
}

func group(name string) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }

// named is somebody by address, as a source of reviewers.
func named(h string) []catalog.Approver {
	return []catalog.Approver{{Kind: catalog.Named, Person: string(peopletest.Address(h))}}
}

// review is one of a stage that Rita answers.
func review(change ...func(*catalog.Review)) catalog.Review {
	r := catalog.Review{
		ID: "quarter", Name: "Quarterly review", Unanswered: catalog.KeepAccess, Unreachable: catalog.EscalateReview, Undo: 10 * time.Minute, Restore: 14 * catalog.Day,
		Stages: []catalog.ReviewStage{{Reviewers: named("rita"), Strategy: catalog.AllMustKeep, Lasts: 2 * catalog.Week}},
	}
	for _, do := range change {
		do(&r)
	}
	return r
}

// newCompany has Rita and Bo, who review, with Mel above them and Ivy as IT; and Maya, Tom and Noor, who have access.
func newCompany(t *testing.T, change ...func(*company)) *company {
	t.Helper()
	w := &company{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)), groups: map[string]string{}, accounts: map[string]string{}, left: map[access.PersonID]bool{}}
	w.store = storetest.Twice(bolttest.Open(t))
	w.vendor = idptest.NewVendor("okta", w.clock)
	w.apps = []catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Owners: []string{string(peopletest.Address("bo"))}, Roles: []catalog.Role{
			{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{group("figma-editors")}},
			{ID: "both", Name: "Both", Groups: []catalog.GroupRef{group("figma-editors"), group("figma-admins")}},
			{ID: "admin", Name: "Admin", Risk: catalog.High, Groups: []catalog.GroupRef{group("figma-admins")}},
		}},
	}
	for _, do := range change {
		do(w)
	}
	for _, name := range []string{"figma-editors", "figma-admins"} {
		w.groups[name] = w.vendor.AddGroup(name, idptest.Plain)
	}
	members := peopletest.Members{"mel", "ivy", "rita", "bo", "maya", "tom", "noor", "grace"}
	known := func() *catalog.Catalog { return catalog.New(w.apps, nil) }
	effects := map[access.EffectKind]engine.EffectFunc{}
	for _, some := range []map[access.EffectKind]engine.EffectFunc{provisiontest.Effects(), notify.Effects(nil, 0), ledger.Effects(), campaigns.Effects()} {
		for kind, do := range some {
			effects[kind] = do
		}
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: breaking{w.store, w}, Clock: w.clock, Owner: "test", Catalog: known, Effects: effects})
	dirs := people.Directories{w.vendor.Directory()}
	w.who = people.New(people.Config{Units: w.units, Catalog: known, Roster: roster{members, w}, Directories: dirs, Protected: w.protected, Admins: []access.Email{peopletest.Address("ivy")}})
	for _, h := range members {
		manager := ""
		if h == "rita" || h == "bo" {
			manager = string(peopletest.Address("mel"))
		}
		w.accounts[h] = w.vendor.AddPerson(idptest.Person{Email: string(peopletest.Address(h)), Manager: manager})
		p := peopletest.Person(h).Unbind("okta", w.clock.Now())
		p, _ = p.Bind(access.Binding{System: "okta", ID: w.accounts[h], Level: access.AssuranceChecked}, "")
		w.do(func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: p}) })
	}
	w.provision = provisiontest.Room(provision.Config{Units: w.units, Catalog: known, Directories: dirs, Accounts: w.who}, w.who.Groups(), w.who)
	w.Service = campaigns.New(campaigns.Config{
		Units: w.units, Store: w.store, Catalog: known, Directories: dirs, Groups: w.who.Groups(), People: w.who, Reviewers: people.ReviewingOf(w.who), Authority: w.who, Version: "test",
	})
	w.handlers = map[string]engine.Handler{}
	reports := ledger.New(ledger.Config{Units: w.units, Reports: w, Comments: w, Reported: campaigns.Reported()})
	for _, some := range []map[string]engine.Handler{w.Handlers(), w.provision.Handlers(), reports.Handlers()} {
		for kind, h := range some {
			w.handlers[kind] = h
		}
	}
	delete(w.handlers, ledger.RecordTask) // what is written on the issues of requests is told elsewhere
	return w
}

// roster is a workspace that knows who has left it.
type roster struct {
	peopletest.Members
	w *company
}

func (r roster) Member(ctx context.Context, slackID string) (access.Person, error) {
	p, err := r.Members.Member(ctx, slackID)
	if r.w.left[p.ID] {
		p.Standing = access.Left
	}
	return p, err
}

func (r roster) MemberByEmail(ctx context.Context, a access.Email) (access.Person, error) {
	p, err := r.Members.MemberByEmail(ctx, a)
	if err != nil {
		return p, err
	}
	return r.Member(ctx, p.Account(access.SystemSlack))
}

// breaking is a store in which every unit of work fails after some: as if the process was killed there.
type breaking struct {
	store.Store
	w *company
}

var errKilled = errors.New("killed")

func (b breaking) Update(ctx context.Context, fn func(store.Tx) error) error {
	if b.w.stopping > 0 {
		if b.w.stopping--; b.w.stopping == 0 {
			b.w.stopping = 1
			return errKilled
		}
	}
	return b.Store.Update(ctx, fn)
}

// OpenReport makes it a Jira.
func (w *company) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	if w.jira != nil {
		return access.Issue{}, w.jira
	}
	w.issues = append(w.issues, r)
	return access.Issue{ID: fmt.Sprint(len(w.issues)), Key: fmt.Sprintf("IT-%d", len(w.issues))}, nil
}

func (w *company) Comment(_ context.Context, issue access.Issue, m access.IssueComment, _ bool) error {
	w.comments = append(w.comments, issue.Key+": "+m.Title)
	return nil
}

func (w *company) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *company) do(fn func(*engine.Unit) error) {
	w.Helper()
	w.ok(w.units.Update(w.Context(), fn))
}

func (w *company) view(fn func(store.Tx) error) {
	w.Helper()
	w.ok(w.store.View(w.Context(), fn))
}

// in puts people into a group by hand.
func (w *company) in(name string, handles ...string) {
	for _, h := range handles {
		w.vendor.SetMember(w.groups[name], w.accounts[h], true)
	}
}

func (w *company) isIn(name, h string) bool { return w.vendor.IsMember(w.groups[name], w.accounts[h]) }

// holds gives somebody an active grant, which explains their place in groups.
func (w *company) holds(h, id, role string, change func(*access.Grant), names ...string) {
	w.Helper()
	g := access.Grant{ID: id, Request: "AR-" + id, Person: peopletest.ID(h), App: "figma", Role: role, Source: access.SourceRequested, State: access.GrantActive, Wanted: catalog.Forever,
		Created: w.clock.Now().Add(-catalog.Week), Started: w.clock.Now().Add(-catalog.Week)}
	for _, name := range names {
		w.in(name, h)
		g.Entitlements = append(g.Entitlements, access.Entitlement{Group: group(name), State: access.EntitlementHeld, Absent: true, Account: w.accounts[h], GroupID: w.groups[name]})
	}
	if change != nil {
		change(&g)
	}
	w.do(func(u *engine.Unit) error {
		next := g
		if next.Request != "" {
			r := access.Request{ID: next.Request, Requester: next.Person, Beneficiary: next.Person, App: next.App, Role: next.Role, State: access.RequestApproved, Created: next.Created, Issue: access.Issue{ID: "r", Key: "IT-R"}}
			if err := store.PutRequest(u.Tx, &r); err != nil {
				return err
			}
		}
		return engine.Save(u, engine.Grants(), &next)
	})
}

func (w *company) grant(id string) (g access.Grant) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		g, err = store.Grant(tx, id)
		return err
	})
	return g
}

// work carries out all tasks that are ready, and all that follow, in the order in which they came. What fails for now
// stays, and is returned.
func (w *company) work() (failed []string) {
	w.Helper()
	tried := map[string]bool{}
	for range 500 {
		t, err := w.next(tried)
		w.ok(err)
		if t.ID == "" {
			return failed
		}
		if err := w.attempt(t); err != nil {
			tried[t.ID] = true
			failed = append(failed, t.Kind+": "+access.Classify(err).Sentence)
		}
	}
	w.Fatal("the work never ends")
	return nil
}

func (w *company) next(tried map[string]bool) (next store.Task, err error) {
	err = w.store.View(w.Context(), func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 1000)
		for _, t := range all {
			if !tried[t.ID] && !t.NotBefore.After(w.clock.Now()) && (next.ID == "" || t.Seq < next.Seq) {
				next = t
			}
		}
		return err
	})
	return next, err
}

// attempt is one attempt at a task. What people are told is only noted.
func (w *company) attempt(t store.Task) error {
	h, known := w.handlers[t.Kind]
	var outcome engine.Outcome
	if known {
		var err error
		if outcome, err = h.Do(w.Context(), t); err != nil {
			return err
		}
	} else {
		w.note(t)
	}
	return w.units.Update(w.Context(), func(u *engine.Unit) error {
		if err := u.Tx.Done(t.ID, ""); err != nil || outcome == nil {
			return err
		}
		return outcome(u)
	})
}

func (w *company) note(t store.Task) {
	var m struct {
		To     access.PersonID
		Person access.PersonID
		Title  string
		Lines  []string
	}
	_ = json.Unmarshal(t.Payload, &m)
	switch {
	case strings.HasPrefix(t.ID, "waiting/"):
		w.told = append(w.told, handle(m.Person))
	case m.Title != "":
		w.notices = append(w.notices, strings.TrimSpace(handle(m.To)+" "+m.Title+" | "+strings.Join(m.Lines, " ")))
	}
}

// falls does what is due by now, and the work that follows.
func (w *company) falls() {
	w.Helper()
	for range 20 {
		due := false
		for _, scan := range w.DueScans() {
			var ids []string
			w.view(func(tx store.Tx) error {
				rows, err := tx.Due(scan.Kind, w.clock.Now(), 100)
				for _, r := range rows {
					ids = append(ids, r.ID)
				}
				return err
			})
			for _, id := range ids {
				due = true
				w.do(func(u *engine.Unit) error { return scan.Do(u, id) })
			}
		}
		w.work()
		if !due {
			return
		}
	}
	w.Fatal("something stays due")
}

// later lets time pass, in which everything happens that is due.
func (w *company) later(d time.Duration) {
	w.Helper()
	w.clock.Advance(d)
	w.falls()
}

func personCalled(h string) idptest.Person {
	return idptest.Person{Email: string(peopletest.Address(h))}
}

func by(h string) access.Actor {
	return access.Actor{Person: peopletest.ID(h), Via: access.ViaSlack, Account: "U-" + h}
}

// opens begins a campaign, which is read, and starts it.
func (w *company) opens(r catalog.Review) string {
	w.Helper()
	c, err := w.Begin(w.Context(), by("ivy"), r, "", "")
	w.ok(err)
	if failed := w.work(); len(failed) > 0 {
		w.Fatalf("it can't be read: %q", failed)
	}
	if w.campaign(c.ID).State == access.CampaignUnproven { // the directory in memory counts nobody
		w.ok(w.store.Update(w.Context(), func(tx store.Tx) error {
			c, err := store.Campaign(tx, c.ID)
			if err != nil {
				return err
			}
			e := c.Event(access.EventPopulationAccepted, by("ivy"), w.clock.Now())
			e.Reason, e.Review = "It is a test.", &access.ReviewDetails{}
			if c, _, err = c.Apply(e, w.clock.Now()); err != nil {
				return err
			}
			return store.PutCampaign(tx, &c)
		}))
	}
	_, _, err = w.Start(w.Context(), by("ivy"), c.ID)
	w.ok(err)
	w.work()
	w.notices = nil
	return c.ID
}

func (w *company) campaign(id string) access.Campaign {
	w.Helper()
	c, err := w.Campaign(w.Context(), id)
	w.ok(err)
	return c
}

// page are all rows of a reader.
func (w *company) page(h, id string, f campaigns.Filter) campaigns.Page {
	w.Helper()
	p, err := w.Page(w.Context(), peopletest.ID(h), id, f, 0, 1000)
	w.ok(err)
	return p
}

// number is the number of somebody's row in a group, as a reader sees it.
func (w *company) number(reader, id, h, name string) int {
	w.Helper()
	for _, r := range w.page(reader, id, campaigns.Filter{}).Rows {
		if r.Person == peopletest.ID(h) && r.Group == group(name) {
			return r.Number
		}
	}
	w.Fatalf("%s sees no row of %s in %s", reader, h, name)
	return 0
}

// says answers one row, and gives the refusal if there is one.
func (w *company) says(h, id string, row int, v access.ReviewDecision, reason ...string) error {
	w.Helper()
	out, err := w.Answer(w.Context(), by(h), id, []campaigns.Answer{{Row: row, Decision: v, Reason: strings.Join(reason, " "), Took: 5 * time.Second}})
	return cmp.Or(err, out.Refused[row])
}

func (w *company) item(id string, row int) (i access.ReviewItem) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		if i, err = store.ReviewItem(tx, id, row); errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return i
}

func (w *company) list(id string, stage int, h string) (l access.Worklist) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		if l, err = store.Worklist(tx, id, stage, peopletest.ID(h)); errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return l
}

// events are those of a campaign's chain, by kind.
func (w *company) events(id string, kind access.EventKind) (out []access.Event) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{Subject: access.CampaignSubject(id)})
		out = slices.DeleteFunc(all, func(e access.Event) bool { return e.Kind != kind })
		return err
	})
	return out
}

func (w *company) refused(err error, reason access.Reason, names string) {
	w.Helper()
	if r, is := access.AsRefusal(err); !is || r.Reason != reason || !strings.Contains(r.Sentence, names) {
		w.Errorf("got %v, want a refusal: %s, with %q", err, reason, names)
	}
}

// leaves has somebody leave, as far as is remembered.
func (w *company) leaves(h string) {
	w.Helper()
	w.left[peopletest.ID(h)] = true
	w.do(func(u *engine.Unit) error { return people.MarkLeft(u, peopletest.ID(h)) })
	w.who.Forget(peopletest.ID(h))
}
