// Package campaignstest has two worlds in which the rooms of access reviews are tested: a company in which reviews are
// answered and carried out, and one in which they are read.
package campaignstest

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
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/publishing"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision"
	"latchkey/workflow/provision/provisiontest"
)

// Company is the room over a store, a directory in memory and Jira as a list of issues, with everything that removals need.
// Tasks are carried out when it is told to work, and time is moved by hand.
type Company struct {
	*testing.T
	*campaigns.Service
	Clock     *clocktest.Clock
	Store     store.Store
	Units     *engine.Units
	Vendor    *idptest.Vendor
	People    *people.Service
	provision *provision.Service
	handlers  map[string]engine.Handler
	Groups    map[string]string // ids, by name
	Accounts  map[string]string // ids, by handle
	Protected []catalog.GroupRef
	left      map[access.PersonID]bool
	Apps      []catalog.App

	Files publishing.Files // of its issues; nil: the evidence is attached nowhere
	Keys  note.Keys        // with which evidence is signed

	Issues   []access.IssueReport
	Comments []string
	Closed   []string // keys of issues
	Stand    []string // and how they stand: each key and standing, in order
	Written  []string // the same comments, with all their lines
	Jira     error    // nothing can be written
	Notices  []string
	Told     []string // handles of those who are told what waits for them
	Stopping int      // units of work after which everything breaks; 0: nothing does
}

// Handle is the name by which tests call somebody.
func Handle(who access.PersonID) string {
	for _, h := range []string{"rita", "bo", "mel", "ivy", "maya", "tom", "noor", "grace"} {
		if peopletest.ID(h) == who {
			return h
		}
	}
	return string(who)
}

// Group is a group of the directory, by its name.
func Group(name string) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }

// Named is somebody by address, as a source of reviewers.
func Named(h string) []catalog.Approver {
	return []catalog.Approver{{Kind: catalog.Named, Person: string(peopletest.Address(h))}}
}

// Review is one of a stage that Rita answers.
func Review(change ...func(*catalog.Review)) catalog.Review {
	r := catalog.Review{
		ID: "quarter", Name: "Quarterly review", Unanswered: catalog.KeepAccess, Unreachable: catalog.EscalateReview, Undo: 10 * time.Minute, Restore: 14 * catalog.Day,
		Stages: []catalog.ReviewStage{{Reviewers: Named("rita"), Strategy: catalog.AllMustKeep, Lasts: 2 * catalog.Week}},
	}
	for _, do := range change {
		do(&r)
	}
	return r
}

// NewCompany has Rita and Bo, who review, with Mel above them and Ivy as IT; and Maya, Tom and Noor, who have access.
func NewCompany(t *testing.T, change ...func(*Company)) *Company {
	t.Helper()
	w := &Company{T: t, Clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)), Groups: map[string]string{}, Accounts: map[string]string{}, left: map[access.PersonID]bool{}}
	w.Store = storetest.Twice(bolttest.Open(t))
	w.Vendor = idptest.NewVendor("okta", w.Clock)
	w.Apps = []catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Owners: []string{string(peopletest.Address("bo"))}, Roles: []catalog.Role{
			{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{Group("figma-editors")}},
			{ID: "both", Name: "Both", Groups: []catalog.GroupRef{Group("figma-editors"), Group("figma-admins")}},
			{ID: "admin", Name: "Admin", Risk: catalog.High, Groups: []catalog.GroupRef{Group("figma-admins")}},
		}},
	}
	for _, do := range change {
		do(w)
	}
	for _, name := range []string{"figma-editors", "figma-admins"} {
		w.Groups[name] = w.Vendor.AddGroup(name, idptest.Plain)
	}
	members := peopletest.Members{"mel", "ivy", "rita", "bo", "maya", "tom", "noor", "grace"}
	known := func() *catalog.Catalog { return catalog.New(w.Apps, nil) }
	effects := map[access.EffectKind]engine.EffectFunc{}
	for _, some := range []map[access.EffectKind]engine.EffectFunc{provisiontest.Effects(), notify.Effects(nil, 0), ledger.Effects(), campaigns.Effects()} {
		for kind, do := range some {
			effects[kind] = do
		}
	}
	w.Units = engine.NewUnits(engine.UnitsConfig{Store: breaking{w.Store, w}, Clock: w.Clock, Owner: "test", Catalog: known, Effects: effects})
	dirs := people.Directories{w.Vendor.Directory()}
	w.People = people.New(people.Config{Units: w.Units, Catalog: known, Roster: roster{members, w}, Directories: dirs, Protected: w.Protected, Admins: []access.Email{peopletest.Address("ivy")}})
	for _, h := range members {
		manager := ""
		if h == "rita" || h == "bo" {
			manager = string(peopletest.Address("mel"))
		}
		w.Accounts[h] = w.Vendor.AddPerson(idptest.Person{Email: string(peopletest.Address(h)), Manager: manager})
		p := peopletest.Person(h).Unbind("okta", w.Clock.Now())
		p, _ = p.Bind(access.Binding{System: "okta", ID: w.Accounts[h], Level: access.AssuranceChecked}, "")
		w.Do(func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: p}) })
	}
	w.provision = provisiontest.Room(provision.Config{Units: w.Units, Catalog: known, Directories: dirs, Accounts: w.People}, w.People.Groups(), w.People)
	w.Service = campaigns.New(campaigns.Config{
		Units: w.Units, Store: w.Store, Catalog: known, Directories: dirs, Groups: w.People.Groups(), People: w.People, Reviewers: people.ReviewingOf(w.People), Authority: w.People, Version: "test",
		Files: w.Files, Sign: w.sign, Trust: func() note.Trust { return w.Keys.Trust }, Decides: true, Command: "/access",
	})
	w.handlers = map[string]engine.Handler{}
	reports := ledger.New(ledger.Config{Units: w.Units, Reports: w, Comments: w, Standings: w, Reported: campaigns.Reported()})
	for _, some := range []map[string]engine.Handler{w.Handlers(), w.provision.Handlers(nil), reports.Handlers()} {
		for kind, h := range some {
			w.handlers[kind] = h
		}
	}
	delete(w.handlers, ledger.RecordTask) // what is written on the issues of requests is told elsewhere
	return w
}

// sign signs as the house does, with keys for the log that is there by then.
func (w *Company) sign(ctx context.Context, log string, kind note.Kind, text string) (string, error) {
	if w.Keys.Signer == nil {
		w.Keys = notetest.Keys(log)
	}
	return w.Keys.Signer.Sign(ctx, log, kind, text)
}

// roster is a workspace that knows who has left it.
type roster struct {
	peopletest.Members
	w *Company
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
	w *Company
}

var ErrKilled = errors.New("killed")

func (b breaking) Update(ctx context.Context, fn func(store.Tx) error) error {
	if b.w.Stopping > 0 {
		if b.w.Stopping--; b.w.Stopping == 0 {
			b.w.Stopping = 1
			return ErrKilled
		}
	}
	return b.Store.Update(ctx, fn)
}

// OpenReport makes it a Jira.
func (w *Company) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	if w.Jira != nil {
		return access.Issue{}, w.Jira
	}
	w.Issues = append(w.Issues, r)
	key := fmt.Sprintf("IT-%d", len(w.Issues))
	return access.Issue{ID: fmt.Sprint(len(w.Issues)), Key: key, URL: "https://acme.example/browse/" + key}, nil
}

// MoveReport notes how issues stand, and which were closed.
func (w *Company) MoveReport(_ context.Context, issue access.Issue, as access.IssueStanding) error {
	w.Stand = append(w.Stand, issue.Key+": "+string(as))
	if as == access.IssueOver {
		w.Closed = append(w.Closed, issue.Key)
	}
	return nil
}

// Comment makes it a Jira, too.
func (w *Company) Comment(_ context.Context, issue access.Issue, m access.IssueComment, _ bool) error {
	w.Comments = append(w.Comments, issue.Key+": "+m.Title)
	w.Written = append(w.Written, strings.Join(append([]string{w.Comments[len(w.Comments)-1]}, m.Lines...), "\n"))
	return nil
}

// OK ends the test on an error.
func (w *Company) OK(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Do does something in a unit of work.
func (w *Company) Do(fn func(*engine.Unit) error) {
	w.Helper()
	w.OK(w.Units.Update(w.Context(), fn))
}

// View reads in the store.
func (w *Company) View(fn func(store.Tx) error) {
	w.Helper()
	w.OK(w.Store.View(w.Context(), fn))
}

// In puts people into a group by hand.
func (w *Company) In(name string, handles ...string) {
	for _, h := range handles {
		w.Vendor.SetMember(w.Groups[name], w.Accounts[h], true)
	}
}

// IsIn tells whether somebody is in a group.
func (w *Company) IsIn(name, h string) bool { return w.Vendor.IsMember(w.Groups[name], w.Accounts[h]) }

// Holds gives somebody an active grant, which explains their place in groups.
func (w *Company) Holds(h, id, role string, change func(*access.Grant), names ...string) {
	w.Helper()
	g := access.Grant{ID: id, Request: "AR-" + id, Person: peopletest.ID(h), App: "figma", Role: role, Source: access.SourceRequested, State: access.GrantActive, Wanted: catalog.Forever,
		Created: w.Clock.Now().Add(-catalog.Week), Started: w.Clock.Now().Add(-catalog.Week)}
	for _, name := range names {
		w.In(name, h)
		g.Entitlements = append(g.Entitlements, access.Entitlement{Group: Group(name), State: access.EntitlementHeld, Absent: true, Account: w.Accounts[h], GroupID: w.Groups[name]})
	}
	if change != nil {
		change(&g)
	}
	w.Do(func(u *engine.Unit) error {
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

// Grant is a grant as it stands.
func (w *Company) Grant(id string) (g access.Grant) {
	w.Helper()
	w.View(func(tx store.Tx) (err error) {
		g, err = store.Grant(tx, id)
		return err
	})
	return g
}

// Work carries out all tasks that are ready, and all that follow, in the order in which they came. What fails for now
// stays, and is returned.
func (w *Company) Work() (failed []string) {
	w.Helper()
	tried := map[string]bool{}
	for range 500 {
		t, err := w.next(tried)
		w.OK(err)
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

func (w *Company) next(tried map[string]bool) (next store.Task, err error) {
	err = w.Store.View(w.Context(), func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 1000)
		for _, t := range all {
			if !tried[t.ID] && !t.NotBefore.After(w.Clock.Now()) && (next.ID == "" || t.Seq < next.Seq) {
				next = t
			}
		}
		return err
	})
	return next, err
}

// attempt is one attempt at a task. What people are told is only noted.
func (w *Company) attempt(t store.Task) error {
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
	return w.Units.Update(w.Context(), func(u *engine.Unit) error {
		if err := u.Tx.Done(t.ID, ""); err != nil || outcome == nil {
			return err
		}
		return outcome(u)
	})
}

func (w *Company) note(t store.Task) {
	var m struct {
		To     access.PersonID
		Person access.PersonID
		Title  string
		Lines  []string
	}
	_ = json.Unmarshal(t.Payload, &m)
	switch {
	case strings.HasPrefix(t.ID, "waiting/"):
		w.Told = append(w.Told, Handle(m.Person))
	case m.Title != "":
		w.Notices = append(w.Notices, strings.TrimSpace(Handle(m.To)+" "+m.Title+" | "+strings.Join(m.Lines, " ")))
	}
}

// Falls does what is due by now, and the work that follows.
func (w *Company) Falls() {
	w.Helper()
	for range 20 {
		due := false
		for _, scan := range w.DueScans() {
			var ids []string
			w.View(func(tx store.Tx) error {
				rows, err := tx.Due(scan.Kind, w.Clock.Now(), 100)
				for _, r := range rows {
					ids = append(ids, r.ID)
				}
				return err
			})
			for _, id := range ids {
				due = true
				w.Do(func(u *engine.Unit) error { return scan.Do(u, id) })
			}
		}
		w.Work()
		if !due {
			return
		}
	}
	w.Fatal("something stays due")
}

// Later lets time pass, in which everything happens that is due.
func (w *Company) Later(d time.Duration) {
	w.Helper()
	w.Clock.Advance(d)
	w.Falls()
}

// PersonCalled is a new account of somebody.
func PersonCalled(h string) idptest.Person {
	return idptest.Person{Email: string(peopletest.Address(h))}
}

// By is somebody who clicks in Slack.
func By(h string) access.Actor {
	return access.Actor{Person: peopletest.ID(h), Via: access.ViaSlack, Account: "U-" + h}
}

// Opens begins a campaign, which is read, and starts it.
func (w *Company) Opens(r catalog.Review) string {
	w.Helper()
	c, err := w.Begin(w.Context(), By("ivy"), r, "", "")
	w.OK(err)
	if failed := w.Work(); len(failed) > 0 {
		w.Fatalf("it can't be read: %q", failed)
	}
	if w.Now(c.ID).State == access.CampaignUnproven { // the directory in memory counts nobody
		w.OK(w.Store.Update(w.Context(), func(tx store.Tx) error {
			c, err := store.Campaign(tx, c.ID)
			if err != nil {
				return err
			}
			e := c.Event(access.EventPopulationAccepted, By("ivy"), w.Clock.Now())
			e.Reason, e.Review = "It is a test.", &access.ReviewDetails{}
			if c, _, err = c.Apply(e, w.Clock.Now()); err != nil {
				return err
			}
			return store.PutCampaign(tx, &c)
		}))
	}
	_, _, err = w.Start(w.Context(), By("ivy"), c.ID)
	w.OK(err)
	w.Work()
	w.Notices = nil
	return c.ID
}

// Now is a campaign as it stands.
func (w *Company) Now(id string) access.Campaign {
	w.Helper()
	c, err := w.Campaign(w.Context(), id)
	w.OK(err)
	return c
}

// Sees are all rows of a reader.
func (w *Company) Sees(h, id string, f deciding.Filter) deciding.Page {
	w.Helper()
	p, err := w.Deciding.Page(w.Context(), peopletest.ID(h), id, f, 0, 1000)
	w.OK(err)
	return p
}

// Number is the number of somebody's row in a group, as a reader sees it.
func (w *Company) Number(reader, id, h, name string) int {
	w.Helper()
	for _, r := range w.Sees(reader, id, deciding.Filter{}).Rows {
		if r.Person == peopletest.ID(h) && r.Group == Group(name) {
			return r.Number
		}
	}
	w.Fatalf("%s sees no row of %s in %s", reader, h, name)
	return 0
}

// Says answers one row, and gives the refusal if there is one.
func (w *Company) Says(h, id string, row int, v access.ReviewDecision, reason ...string) error {
	w.Helper()
	out, err := w.Deciding.Answer(w.Context(), By(h), id, []deciding.Answer{{Row: row, Decision: v, Reason: strings.Join(reason, " "), Took: 5 * time.Second}})
	return cmp.Or(err, out.Refused[row])
}

// Item is what was said and done about a row; the zero item where nothing was.
func (w *Company) Item(id string, row int) (i access.ReviewItem) {
	w.Helper()
	w.View(func(tx store.Tx) (err error) {
		if i, err = store.ReviewItem(tx, id, row); errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return i
}

// Worklist is that of somebody in a stage; the zero one where there is none.
func (w *Company) Worklist(id string, stage int, h string) (l access.Worklist) {
	w.Helper()
	w.View(func(tx store.Tx) (err error) {
		if l, err = store.Worklist(tx, id, stage, peopletest.ID(h)); errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	return l
}

// Events are those of a campaign's chain, by kind.
func (w *Company) Events(id string, kind access.EventKind) (out []access.Event) {
	w.Helper()
	w.View(func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{Subject: access.CampaignSubject(id)})
		out = slices.DeleteFunc(all, func(e access.Event) bool { return e.Kind != kind })
		return err
	})
	return out
}

// Refused checks that an error is a refusal for a reason, with some words.
func (w *Company) Refused(err error, reason access.Reason, names string) {
	w.Helper()
	if r, is := access.AsRefusal(err); !is || r.Reason != reason || !strings.Contains(r.Sentence, names) {
		w.Errorf("got %v, want a refusal: %s, with %q", err, reason, names)
	}
}

// Leaves has somebody leave, as far as is remembered.
func (w *Company) Leaves(h string) {
	w.Helper()
	w.left[peopletest.ID(h)] = true
	w.Do(func(u *engine.Unit) error { return people.MarkLeft(u, peopletest.ID(h)) })
	w.People.Forget(peopletest.ID(h))
}

// Revoked revokes somebody's row, and lets the time pass in which that can be taken back.
func (w *Company) Revoked(id, h, name string) int {
	w.Helper()
	row := w.Number("rita", id, h, name)
	w.OK(w.Says("rita", id, row, access.DecisionRevoke, "not needed"))
	w.Later(10 * time.Minute)
	return row
}

// Became checks what became of a row.
func (w *Company) Became(id string, row int, want access.ReviewOutcome, cause string) {
	w.Helper()
	if i := w.Item(id, row); i.Outcome != want || !strings.Contains(i.Cause, cause) {
		w.Errorf("row %d is %s, %q (%s); want %s, with %q", row, i.Outcome, i.Cause, i.State, want, cause)
	}
}

// RowOf is the number of somebody's row, found without writing anything.
func (w *Company) RowOf(id, h string) int {
	w.Helper()
	for n := 1; n < 10; n++ {
		p, err := w.Deciding.Rows(w.Context(), peopletest.ID("rita"), id, []int{n})
		w.OK(err)
		if len(p.Rows) == 1 && p.Rows[0].Person == peopletest.ID(h) {
			return n
		}
	}
	return 0
}

// UntilKilled works until a unit of work breaks off, and tells whether one did.
func (w *Company) UntilKilled() bool {
	for range 3 {
		for range 200 {
			t, err := w.next(nil)
			w.OK(err)
			if t.ID == "" {
				break
			}
			if err := w.attempt(t); errors.Is(err, ErrKilled) {
				return true
			}
		}
		w.Clock.Advance(time.Hour)
		for _, scan := range w.DueScans() {
			var ids []string
			w.View(func(tx store.Tx) error {
				rows, err := tx.Due(scan.Kind, w.Clock.Now(), 100)
				for _, r := range rows {
					ids = append(ids, r.ID)
				}
				return err
			})
			for _, id := range ids {
				if err := w.Units.Update(w.Context(), func(u *engine.Unit) error { return scan.Do(u, id) }); errors.Is(err, ErrKilled) {
					return true
				}
			}
		}
	}
	return false
}

// AllRows are all rows of a campaign, by whose they are, as everybody sees them who reads the whole.
func (w *Company) AllRows(id string) map[string]rows.Row {
	w.Helper()
	out := map[string]rows.Row{}
	w.View(func(tx store.Tx) error {
		all, err := rows.Of(tx, w.Now(id), catalog.New(w.Apps, nil))
		if err != nil {
			return err
		}
		for row, err := range all.All(0) {
			if err != nil {
				return err
			}
			out[Handle(row.Person)] = row
		}
		return nil
	})
	return out
}
