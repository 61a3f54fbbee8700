package access_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

func testCatalog() *catalog.Catalog {
	hours := catalog.Durations{Choices: []time.Duration{6 * time.Hour}, Default: 6 * time.Hour, Max: 24 * time.Hour}
	role := func(id, route string, groups ...catalog.GroupRef) catalog.Role {
		return catalog.Role{ID: id, Name: id, Route: route, Groups: groups, Durations: hours, Risk: catalog.Low}
	}
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Owners: []string{"noor@acme.example"},
			Roles: []catalog.Role{role("editor", "manager", group, other), role("viewer", "everyday", group), role("admin", "two", group)}},
		{ID: "pixelshop", Name: "Pixelshop", Status: catalog.Approved, Provisioning: catalog.Manual, FulfilledBy: []string{"ines@acme.example"},
			Roles: []catalog.Role{role("seat", "manager")}},
		{ID: "proddb", Name: "Production DB", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Owners: []string{"noor@acme.example"},
			Roles: []catalog.Role{{ID: "write", Name: "write", Route: "two", Groups: []catalog.GroupRef{group}, Durations: hours, BreakGlass: true}}},
		{ID: "oldapp", Name: "Old", Status: catalog.Retired, Provisioning: catalog.ByDirectory, Roles: []catalog.Role{role("user", "manager", group)}},
	}, []catalog.Route{
		{Name: "everyday"},
		{Name: "manager", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Manager}}}}},
		{Name: "two", Stages: []catalog.Stage{
			{Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
			{Approvers: []catalog.Approver{{Kind: catalog.Owner}}, Need: catalog.Need{All: true}},
		}},
	})
}

func someone(handle string) access.Person {
	return access.Person{ID: access.PersonID(handle + "@acme.example"), Email: access.Email(handle + "@acme.example"), Name: handle, Kind: access.Employee, Standing: access.Active}
}

// world is one request and its grant, moved by random events, with what must
// never become untrue.
type world struct {
	c         *catalog.Catalog
	request   access.Request
	grant     *access.Grant
	now       time.Time
	automatic bool
	yes       bool // somebody eligible, not the person, has said yes to every stage
	ended     bool
	story     []access.Event // what happened, as it was kept
}

func newWorld(t *rapid.T) *world {
	w := &world{c: testCatalog(), now: at}
	pick := rapid.SampledFrom([][2]string{{"figma", "editor"}, {"figma", "viewer"}, {"figma", "admin"}, {"pixelshop", "seat"}}).Draw(t, "role")
	ask := access.Ask{
		ID: "AR-TEST0001", Requester: someone("maya"), Beneficiary: someone(rapid.SampledFrom([]string{"maya", "sam"}).Draw(t, "for")),
		App: pick[0], Role: pick[1], Wanted: 6 * time.Hour, Reason: "Launch assets", LapseAfter: 24 * time.Hour,
	}
	r, e, effs, err := access.Submit(w.c, ask, access.Standings{}, w.now)
	if err != nil {
		t.Fatalf("submit: %v", err)
	}
	w.request, w.automatic = r, r.State == access.RequestApproved
	w.keep(t, e)
	w.perform(t, effs)
	if pick[0] == "figma" && rapid.Bool().Draw(t, "emergency") {
		return w.inEmergency(t)
	}
	return w
}

// inEmergency starts over with a role that is taken without an approval.
func (w *world) inEmergency(t *rapid.T) *world {
	ask := access.Ask{ID: "AR-TEST0002", Requester: someone("maya"), Beneficiary: someone("maya"), App: "proddb", Role: "write", Wanted: 6 * time.Hour, Reason: "All is down"}
	r, e, effs, err := access.SubmitBreakGlass(w.c, ask, "Production DB", 6*time.Hour, access.Standings{}, w.now)
	if err != nil {
		t.Fatalf("take: %v", err)
	}
	w.request, w.grant, w.story = r, nil, nil
	w.keep(t, e)
	w.perform(t, effs)
	return w
}

func (w *world) perform(t *rapid.T, effs []access.Effect) {
	for _, e := range effs {
		switch e.Kind {
		case access.EffectStartGrant:
			app, role, _ := w.c.Role(w.request.App, w.request.Role)
			g, e, more, err := access.Start(w.request, app, role, w.now)
			if err != nil {
				t.Fatalf("start: %v", err)
			}
			w.grant = &g
			w.keep(t, e)
			w.perform(t, more)
		case access.EffectEndGrant:
			if w.grant != nil {
				e := w.grant.Event(access.EventEnding, access.System(), w.now)
				e.End = access.EndRevoked
				w.applyGrant(t, e)
			}
		case access.EffectRelease:
			w.applyGrant(t, w.grant.Event(access.EventRecorded, access.System(), w.now))
		}
	}
}

func (w *world) applyGrant(t *rapid.T, e access.Event) {
	before := *w.grant
	next, effs, err := w.grant.Apply(e, w.now)
	if err != nil {
		if _, ok := access.AsRefusal(err); !ok {
			t.Fatalf("%s on %s: %v", e.Kind, before.State, err)
		}
		return
	}
	*w.grant = next
	w.keep(t, e)
	w.perform(t, effs)
}

func (w *world) move(t *rapid.T) {
	if rapid.Bool().Draw(t, "later") {
		w.now = w.now.Add(time.Duration(rapid.IntRange(0, 10).Draw(t, "hours")) * time.Hour)
	}
	if w.grant == nil || rapid.Bool().Draw(t, "request") {
		w.moveRequest(t)
		return
	}
	k := rapid.SampledFrom(grantKinds()).Draw(t, "grant event")
	e := w.grant.Event(k, w.actor(t), w.now)
	e.Group = rapid.SampledFrom([]*catalog.GroupRef{&group, &other, nil}).Draw(t, "group")
	e.End = rapid.SampledFrom([]access.End{access.EndExpired, access.EndReturned, access.EndRevoked, access.EndLeft, ""}).Draw(t, "end")
	e.Reason = rapid.SampledFrom([]string{"", "no"}).Draw(t, "reason")
	e.Note, e.Until = "why", w.now.Add(time.Duration(rapid.IntRange(-5, 20).Draw(t, "until"))*time.Hour)
	if k != access.EventRecorded || w.request.Issue.Key != "" {
		w.applyGrant(t, e)
	}
}

func (w *world) actor(t *rapid.T) access.Actor {
	name := rapid.SampledFrom([]string{"maya", "sam", "noor", "omar", "ines", ""}).Draw(t, "actor")
	if name == "" {
		return access.System()
	}
	return access.Actor{Person: someone(name).ID, Via: access.ViaSlack}
}

func (w *world) moveRequest(t *rapid.T) {
	k := rapid.SampledFrom(requestKinds()).Draw(t, "request event")
	e := w.request.Event(k, w.actor(t), w.now)
	e.Approvers = rapid.SliceOfN(rapid.SampledFrom([]access.PersonID{"maya@acme.example", "sam@acme.example", "noor@acme.example", "omar@acme.example"}), 0, 3).Draw(t, "eligible")
	e.Reason = rapid.SampledFrom([]string{"", "no"}).Draw(t, "reason")
	e.Issue = &access.Issue{ID: "1", Key: "IT-1"}
	e.Answer = rapid.SampledFrom([]access.EventKind{access.EventApproved, access.EventDenied, access.EventUnjustified, access.EventCancelled}).Draw(t, "kept as")
	next, effs, err := w.request.Apply(e, w.now)
	if err != nil {
		if _, ok := access.AsRefusal(err); !ok {
			t.Fatalf("%s on %s: %v", k, w.request.State, err)
		}
		return
	}
	if (k == access.EventApproved || k == access.EventDenied) && (e.Actor.Person == w.request.Requester || e.Actor.Person == w.request.Beneficiary) {
		t.Fatalf("%s decided on a request of their own", e.Actor.Person)
	}
	if k == access.EventBreakGlass && (!w.request.BreakGlass || e.Actor.Person != w.request.Requester) {
		t.Fatalf("%s took %s without an emergency of their own", e.Actor.Person, w.request.Role)
	}
	if (k == access.EventJustified || k == access.EventUnjustified) && (e.Actor.Person == w.request.Requester || !slices.Contains(e.Approvers, e.Actor.Person)) {
		t.Fatalf("%s judged an emergency", e.Actor.Person)
	}
	if w.request.Review != nil && w.request.Review.Answer != nil && next.UnderReview() {
		t.Fatal("a review that was answered is open again")
	}
	w.yes = w.yes || next.State == access.RequestApproved
	w.request = next
	w.keep(t, e)
	w.perform(t, effs)
}

// keep adds an event to the story the way the log does: it is encoded, chained and
// read back.
func (w *world) keep(t *rapid.T, e access.Event) {
	entry, err := e.Encode(access.Seed{byte(len(w.story))})
	if err == nil {
		entry, err = entry.Chain("acme/latchkey/test/1", uint64(len(w.story)), access.Hash{})
	}
	if err != nil {
		t.Fatalf("keep %s: %v", e.Kind, err)
	}
	kept, err := access.Events([]access.Entry{entry})
	if err != nil {
		t.Fatalf("read back %s: %v", e.Kind, err)
	}
	w.story = append(w.story, kept...)
}

// replays checks that the story, told again, ends where it ended.
func (w *world) replays(t *rapid.T) {
	r, g, err := access.RecoveredCase{ID: w.request.ID, Issue: w.request.Issue, Was: access.CourseOf(w.request, w.grant), Story: w.story}.Replay()
	if err != nil {
		t.Fatalf("told again: %v", err)
	}
	if diff := cmp.Diff(w.request, r, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("told again, the request differs (-was +again):\n%s", diff)
	}
	if diff := cmp.Diff(w.grant, g, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("told again, the grant differs (-was +again):\n%s", diff)
	}
}

func (w *world) check(t *rapid.T) {
	w.replays(t)
	if w.grant == nil {
		return
	}
	g := w.grant
	if !w.automatic && !w.yes {
		t.Fatalf("a grant without an approval or a rule that needs none: %+v", g)
	}
	if g.State != access.GrantWaiting && g.State != access.GrantEnded && w.request.Issue.Key == "" {
		t.Fatalf("the grant is %s but there is no issue", g.State)
	}
	if !g.Remind.IsZero() && g.State == access.GrantActive && !g.Remind.Before(g.Ends) {
		t.Fatalf("reminded at %s of an end at %s", g.Remind, g.Ends)
	}
	if g.State == access.GrantActive && g.Started.IsZero() {
		t.Fatal("active without a start")
	}
	if g.Live() && !g.Disputed && !g.Started.IsZero() && (g.Ends.IsZero() || g.Due().IsZero() || g.Due().After(g.Ends)) {
		t.Fatalf("some of it is there, and nobody looks at its end: %+v", g)
	}
	waits := g.State == access.GrantManual || g.State == access.GrantStuck || g.Disputed
	if waits != g.FollowUp.Open() || waits && g.Due().IsZero() {
		t.Fatalf("%s, and what waits for a person is %+v", g.State, g.FollowUp)
	}
	if r := w.request; r.State == access.RequestPending && len(r.Awaited()) > 0 && r.Due().IsZero() {
		t.Fatalf("an answer is waited for, and nobody is told again: %+v", r)
	}
	if w.ended && g.State != access.GrantEnded {
		t.Fatal("an ended grant came to life again")
	}
	w.ended = w.ended || g.State == access.GrantEnded
	if g.State == access.GrantEnded && !g.Manual && !g.Started.IsZero() {
		for _, e := range g.Entitlements {
			if e.State == access.EntitlementHeld || e.State == access.EntitlementWanted {
				t.Fatalf("ended while %s is %s", e.Group, e.State)
			}
		}
	}
}

func TestMachinesUnderRandomEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		t.Repeat(map[string]func(*rapid.T){"move": w.move, "": w.check})
	})
}
