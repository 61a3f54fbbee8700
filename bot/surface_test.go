package bot

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/sandbox/slack"
	"latchkey/workflow/query"
)

// haunt fills the world with text of others, and with more of everything than
// any surface holds.
func (d *desk) haunt(text string) {
	d.catalog = crowd(200, 100, text)
	for i := range 300 {
		app := d.catalog.Apps()[i%200]
		who := access.PersonID(fmt.Sprintf("p%d-%s@acme.example", i, text))
		r := access.Request{
			ID: fmt.Sprintf("AR-%08d", i), Requester: "boss@acme.example", Beneficiary: who, App: app.ID, Role: app.Roles[i%100].ID, Wanted: time.Hour, Reason: text,
			State: access.RequestPending, Created: at(i), Conversation: "https://acme.slack.com/" + text, Issue: access.Issue{Key: text, URL: "https://jira.acme.example/browse/IT-1"},
			Stages: []access.Stage{{Need: catalog.AnyOne, Asked: []access.PersonID{who, noor.ID}}},
		}
		if i%7 == 0 {
			r.Unlisted = text
		}
		g := access.Grant{ID: fmt.Sprint("G", i), Request: r.ID, Person: who, App: app.ID, Role: r.Role, State: access.GrantActive, Ends: at(600 + i), Wanted: time.Hour, Problem: text}
		for j := range 50 {
			g.Entitlements = append(g.Entitlements, access.Entitlement{Group: catalog.GroupRef{Directory: "okta", Group: fmt.Sprint(text, j)}})
		}
		d.world.held = append(d.world.held, query.Holding{Grant: g, Request: r, App: app, Role: app.Roles[i%100]})
		d.world.asked, d.world.awaiting = append(d.world.asked, r), append(d.world.awaiting, r)
		d.world.stuck = append(d.world.stuck, query.Stuck{Request: r, Label: text, Problem: text, Revoking: i%2 == 0})
		d.world.events = append(d.world.events, access.Event{Kind: access.EventStuck, At: at(i), Actor: access.Actor{Person: who}, Note: text, Reason: text, Issue: &r.Issue})
		d.world.used = append(d.world.used, app.ID)
	}
	d.world.people = map[access.PersonID]access.Person{"boss@acme.example": {ID: "boss@acme.example", Email: "boss@acme.example", Name: text}}
	d.world.pace = query.Pace{There: time.Hour, Of: 5}
	d.world.week = evidence.Report{Asked: 12_345, Approved: 9, Removals: 3, RevokeLag: time.Second, WorstLag: time.Hour}
	d.world.it, d.objection = maya.ID, access.Refuse(access.NotAllowed, "role", or(text, "No."))
}

// Whatever is in the world, Slack takes every view and every message.
func TestNoSurfaceIsRefused(t *testing.T) {
	for name, text := range evil() {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slack.Config{})
			w.desk.set(func(d *desk) { d.haunt(text) })
			first := w.desk.catalog.Apps()[0].ID
			if _, err := w.OpenHome(w.ctx, w.maya); err != nil {
				t.Fatal(err)
			}
			w.until("the Home tab", func() bool { v, ok := w.Home(w.maya); return ok && len(v.Blocks) > 50 })
			for _, words := range []string{"help", "mine", "approvals", "return", "why maya@acme.example " + first, "trace maya@acme.example " + first, "who " + first, "stuck", "report", "review"} {
				if out := w.slash(w.maya, words); out.Reply == nil {
					t.Errorf("%s: no answer", words)
				}
			}
			w.slash(w.maya, "revoke maya@acme.example "+first)
			w.sees(w.maya, "Revoke access")
			w.slash(w.maya, first)
			w.sees(w.maya, "About this app")
			w.pressIn(w.maya, "About this app")
			w.sees(w.maya, "Usually takes")
			w.slash(w.maya, "")
			w.sees(w.maya, "Choose an app first")
			w.pressIn(w.maya, "Browse apps")
			w.sees(w.maya, "All apps")
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
			d := &desk{}
			d.haunt(text)
			b := New(Config{Desk: d.whole(), Now: func() time.Time { return monday }})
			defer b.Close(t.Context())
			s := saying{person: maya, user: "U1"}
			for name, say := range map[string]func() ([]byte, error){
				"mine":      func() ([]byte, error) { return b.sayMine(t.Context(), s) },
				"approvals": func() ([]byte, error) { return b.sayApprovals(t.Context(), s) },
				"held":      func() ([]byte, error) { return b.sayHeld(t.Context(), s) },
				"stuck":     func() ([]byte, error) { return b.sayStuck(t.Context(), s) },
				"report":    func() ([]byte, error) { return b.sayReport(t.Context(), s) },
			} {
				wantAnswerWithinLimits(t, name, say)
			}
			c, app := d.catalog, d.catalog.Apps()[0]
			page := shelf{Root: "V1", Memo: form{Conversation: strings.Repeat("x", 500)}.memo(), Category: allApps, App: app.ID}
			wantViewWithinLimits(t, page.page(c, app, esc(text, 100), d.world.pace))
			for _, s := range []shelf{{Category: allApps}, {Category: 3}, {Category: 9999, From: 100_000}} {
				wantViewWithinLimits(t, s.view(c, d.world.used[:20], text))
			}
			wantViewWithinLimits(t, unlistedView())
			options, err := b.linkable(t.Context(), maya.ID)
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
	w.desk.set(func(d *desk) { d.world.asked = []access.Request{asked().Request} })
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
	w.desk.set(func(d *desk) { d.haunt("Figma") })
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
	if err := w.SetDeleted(w.omar, true); err != nil {
		t.Fatal(err)
	}
	w.until("the news", func() bool {
		w.desk.mu.Lock()
		defer w.desk.mu.Unlock()
		return len(w.desk.world.forgotten) == 1 && w.desk.world.forgotten[0] == w.omar
	})
}
