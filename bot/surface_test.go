package bot

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/sandbox/slack"
	"latchkey/store"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
	"latchkey/workflow/requests"
)

// haunt fills the house with text of others, and with more of everything than any
// surface holds. Omar, who is IT, sees all of it.
func (h *house) haunt(text string) {
	h.Helper()
	h.offer(crowd(200, 100, text))
	h.put(func(tx store.Tx) error {
		if err := store.PutPerson(tx, &store.Known{Person: access.Person{ID: peopletest.ID("boss"), Email: "boss@acme.example", Name: text}}); err != nil {
			return err
		}
		for i := range 300 {
			if err := h.ghost(tx, i, text); err != nil {
				return err
			}
		}
		first := h.catalog().Apps()[0]
		r := access.Request{ID: "AR-GIVEN", Requester: maya.ID, Beneficiary: maya.ID, App: first.ID, Role: first.Roles[0].ID, State: access.RequestApproved, Created: at(0), Decided: at(5)}
		g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: maya.ID, App: r.App, Role: r.Role, State: access.GrantActive, Created: at(5), Started: at(60)}
		return errors.Join(store.PutRequest(tx, &r), store.PutGrant(tx, &g))
	})
}

// ghost is a request of Omar's for somebody else, which waits for him, with what
// he holds, what is stuck and what happened.
func (h *house) ghost(tx store.Tx, i int, text string) error {
	app := h.catalog().Apps()[i%200]
	who := peopletest.ID(fmt.Sprint("p", i))
	r := access.Request{
		ID: fmt.Sprintf("AR-%08d", i), Requester: omar.ID, Beneficiary: who, App: app.ID, Role: app.Roles[i%100].ID, Wanted: time.Hour, Reason: text,
		State: access.RequestPending, Created: at(i), Conversation: "https://acme.slack.com/" + text, Issue: access.Issue{ID: fmt.Sprint(i), Key: text, URL: "https://jira.acme.example/browse/IT-1"},
		Stages: []access.Stage{{Asked: []access.PersonID{peopletest.ID("boss"), omar.ID}}},
	}
	if i%7 == 0 {
		r.Unlisted = text
	}
	held := access.Grant{ID: fmt.Sprint("GF-", i), Request: r.ID, Person: omar.ID, App: app.ID, Role: r.Role, State: access.GrantActive, Ends: at(600 + i), Wanted: time.Hour}
	for j := range 50 {
		held.Entitlements = append(held.Entitlements, access.Entitlement{Group: catalog.GroupRef{Directory: "okta", Group: fmt.Sprint(text, j)}})
	}
	stuck := access.Grant{ID: fmt.Sprint("GS-", i), Request: r.ID, Person: who, App: app.ID, Role: r.Role, State: access.GrantStuck, Revoking: i%2 == 0, Problem: text}
	_, err := store.Append(tx, access.Event{Kind: access.EventStuck, At: at(i), Request: r.ID, Person: omar.ID, App: h.catalog().Apps()[0].ID, Actor: access.Actor{Person: who}, Note: text, Reason: text, Issue: &r.Issue})
	return errors.Join(err, store.PutRequest(tx, &r), store.PutGrant(tx, &held), store.PutGrant(tx, &stuck))
}

// Whatever is in the world, Slack takes every view and every message.
func TestNoSurfaceIsRefused(t *testing.T) {
	for name, text := range evil() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slack.Config{})
			w.house.haunt(text)
			first := w.house.catalog().Apps()[0].ID
			if _, err := w.OpenHome(w.ctx, w.omar); err != nil {
				t.Fatal(err)
			}
			w.until("the Home tab", func() bool { v, ok := w.Home(w.omar); return ok && len(v.Blocks) > 50 })
			for _, words := range []string{"help", "mine", "approvals", "return", "why omar@acme.example " + first, "trace omar@acme.example " + first, "who " + first, "stuck", "report", "review"} {
				if out := w.slash(w.omar, words); out.Reply == nil {
					t.Errorf("%s: no answer", words)
				}
			}
			w.slash(w.omar, "revoke omar@acme.example "+first)
			w.sees(w.omar, "Revoke access")
			w.slash(w.omar, first)
			w.sees(w.omar, "About this app")
			w.pressIn(w.omar, "About this app")
			w.sees(w.omar, "Usually takes")
			w.slash(w.omar, "")
			w.sees(w.omar, "Choose an app first")
			w.pressIn(w.omar, "Browse apps")
			w.sees(w.omar, "All apps")
			w.clean()
		})
	}
}

// pressIn presses a button in the modal a person has before them.
func (w *world) pressIn(user, label string) {
	w.t.Helper()
	c, ok := slack.FindButton(w.top(user), label)
	if !ok {
		w.t.Fatalf("no button %q on\n%s", label, slack.Render(w.top(user)))
	}
	if out, err := w.Click(w.ctx, user, c); err != nil || out.Error != "" {
		w.t.Fatal(err, out.Error)
	}
}

// The same, judged by the published limits, independently of the emulator.
func TestSurfacesStayWithinLimits(t *testing.T) {
	for name, text := range evil() {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, nil, peopletest.Members{"maya", "noor", "omar"})
			h.haunt(text)
			b := New(h.config())
			defer b.Close(t.Context())
			s := saying{person: omar, user: "U1"}
			for name, say := range map[string]func() ([]byte, error){
				"mine":      func() ([]byte, error) { return b.sayMine(t.Context(), s) },
				"approvals": func() ([]byte, error) { return b.sayApprovals(t.Context(), s) },
				"held":      func() ([]byte, error) { return b.sayHeld(t.Context(), s) },
				"stuck":     func() ([]byte, error) { return b.sayStuck(t.Context(), s) },
				"report":    func() ([]byte, error) { return b.sayReport(t.Context(), s) },
			} {
				wantAnswerWithinLimits(t, name, say)
			}
			c, app := h.catalog(), h.catalog().Apps()[0]
			page := shelf{Root: "V1", Memo: form{Conversation: strings.Repeat("x", 500)}.memo(), Category: allApps, App: app.ID}
			wantViewWithinLimits(t, page.page(c, app, esc(text, 100), query.Pace{There: time.Hour, Of: 5}))
			for _, s := range []shelf{{Category: allApps}, {Category: 3}, {Category: 9999, From: 100_000}} {
				wantViewWithinLimits(t, s.view(c, []string{app.ID, c.Apps()[1].ID}, text))
			}
			wantViewWithinLimits(t, unlistedView())
			options, err := b.linkable(t.Context(), omar.ID)
			if err != nil {
				t.Fatal(err)
			}
			wantViewWithinLimits(t, linkView("https://acme.slack.com/archives/C1/p1", options))
		})
	}
}

func wantAnswerWithinLimits(t *testing.T, name string, say func() ([]byte, error)) {
	t.Helper()
	out, err := say()
	if err != nil {
		t.Fatal(name, err)
	}
	var m block
	if err := json.Unmarshal(out, &m); err != nil || len(out) > 20_000 {
		t.Errorf("%s: an answer of %d bytes, %v", name, len(out), err)
	}
	l := limits{ids: map[string]bool{}}
	l.blocks(m["blocks"], 50)
	report(t, l)
}

func TestHomeIsPublishedOnlyWhenItChanged(t *testing.T) {
	w := newWorld(t, slack.Config{})
	published := func() int {
		n := 0
		for _, c := range w.Calls() {
			if c.Method == "views.publish" {
				n++
			}
		}
		return n
	}
	w.bot.Concern(as(maya, w.maya)) // never opened: nothing to do
	for range 3 {
		if _, err := w.OpenHome(w.ctx, w.maya); err != nil {
			t.Fatal(err)
		}
		w.until("the Home tab", func() bool { _, ok := w.Home(w.maya); return ok })
	}
	w.house.keep(asked())
	w.bot.Concern(as(maya, w.maya))
	w.until("the request on the Home tab", func() bool {
		v, _ := w.Home(w.maya)
		return strings.Contains(slack.Render(v), "Figma · Editor")
	})
	if err := w.bot.Close(w.ctx); err != nil { // its calls have been answered, so all of them are in the log
		t.Fatal(err)
	}
	if n := published(); n != 2 {
		t.Errorf("published %d times, want twice: at first, and once it changed", n)
	}
	w.clean()
}

func TestHomeTurnsPages(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.house.haunt("Figma")
	if _, err := w.OpenHome(w.ctx, w.omar); err != nil {
		t.Fatal(err)
	}
	w.until("the Home tab", func() bool { _, ok := w.Home(w.omar); return ok })
	v, _ := w.Home(w.omar)
	c, ok := slack.FindButton(v, "More")
	if !ok {
		t.Fatal("no pages")
	}
	if _, err := w.Click(w.ctx, w.omar, c); err != nil {
		t.Fatal(err)
	}
	w.until("the second page", func() bool { v, _ := w.Home(w.omar); return strings.Contains(slack.Render(v), "9–16 of 300") })
	w.clean()
}

func TestMemberChangesAreTakenIn(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.meet()
	w.house.keep(asked())
	before, err := w.house.flow.People.Person(w.ctx, noor.ID)
	if err != nil || before.Title != "" {
		t.Fatalf("%+v, %v", before, err)
	}
	w.AddUser(slack.User{ID: w.noor, Name: "noor", RealName: noor.Name, Email: string(noor.Email), Title: "Head of Brand"})
	w.until("her new title", func() bool {
		p, err := w.house.flow.People.Person(w.ctx, noor.ID)
		return err == nil && p.Title == "Head of Brand"
	})
	if err := w.SetDeleted(w.maya, true); err != nil {
		t.Fatal(err)
	}
	w.until("what follows to be on its way", func() bool { return w.house.waits(requests.LeaveTask) })
}
