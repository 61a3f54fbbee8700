package reclaim

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// silent is a world in which Maya hasn't used Figma for 80 days, and Tom has, yesterday.
func silent(t *testing.T) *world {
	w := newWorld(t)
	w.has("maya", "editor", 200*day)
	w.has("tom", "editor", 200*day)
	w.used("maya", 80*day)
	w.used("tom", day)
	return w
}

// TestSilence: idle, asked, silent, removed; who uses it is left alone, and everything is written on the issue.
func TestSilence(t *testing.T) {
	w := silent(t)
	w.turned()
	w.want("asked", "maya asked")
	c := w.only()
	if c.Seen.Source == "" || c.Seen.By != catalog.AppSignIn || c.Issue.Key == "" || !c.Until.Equal(c.Asked.Add(7*day)) {
		t.Errorf("asked by %+v", c)
	}
	w.pass(6 * day)
	w.want("in the grace", "maya asked")
	w.pass(day)
	w.want("silent", "maya removed gone")
	if w.in(w.group, "maya") || !w.in(w.group, "tom") {
		t.Error("the wrong people are in the group")
	}
	if !slices.ContainsFunc(w.told, func(s string) bool { return strings.Contains(s, "seen in the directory that they aren't") }) {
		t.Errorf("the issue says %q", w.told)
	}
	w.pass(40 * day)
	w.want("nothing more", "maya removed gone")
}

// TestUsedAgain: signing in ends the question by itself, also in the last moment.
func TestUsedAgain(t *testing.T) {
	w := silent(t)
	w.turned()
	w.pass(2 * day)
	w.used("maya", time.Hour)
	w.pass(day)
	w.want("used again", "maya in_use")
	w = silent(t)
	w.turned()
	w.pass(6*day + 23*time.Hour)
	w.used("maya", time.Minute)
	w.clock.Advance(2 * time.Hour)
	w.work()
	w.want("used in the last moment", "maya in_use")
	if !w.in(w.group, "maya") {
		t.Error("it is gone all the same")
	}
}

// TestNeeded: still needed restarts the clock, with a reason.
func TestNeeded(t *testing.T) {
	w := silent(t)
	w.turned()
	id := w.only().ID
	if _, err := w.Needed(t.Context(), as("maya"), id, " "); err == nil {
		t.Error("no reason is a reason")
	}
	c, err := w.Needed(t.Context(), as("maya"), id, "Quarter-end reports")
	if err != nil || c.State != access.ReclaimNeeded || c.Why != "Quarter-end reports" {
		t.Fatalf("%+v, %v", c, err)
	}
	if _, err := w.GiveBack(t.Context(), as("maya"), id); err == nil {
		t.Error("it is answered twice")
	}
	w.pass(30 * day)
	w.used("tom", 0)
	w.pass(29 * day)
	w.want("the clock has begun anew", "maya needed")
	w.used("tom", 0)
	w.pass(2 * day)
	w.want("a clock later", "maya asked", "maya needed")
}

// TestGivenBack ends it at once.
func TestGivenBack(t *testing.T) {
	w := silent(t)
	w.turned()
	if _, err := w.GiveBack(t.Context(), as("maya"), w.only().ID); err != nil {
		t.Fatal(err)
	}
	w.work()
	w.want("given back", "maya removed gone")
	if w.in(w.group, "maya") {
		t.Error("it is there")
	}
	if g := w.grant("AR-MAYAEDITOR"); g.End != access.EndReturned {
		t.Errorf("it ended as %s", g.End)
	}
}

func (w *world) grant(request string) (g access.Grant) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		g, err = u.Grant(access.Request{ID: request}.GrantID())
		return err
	})
	return g
}

// TestRemindedLater: once, and then it is asked again with the whole time to answer.
func TestRemindedLater(t *testing.T) {
	w := silent(t)
	w.turned()
	id := w.only().ID
	if _, err := w.RemindLater(t.Context(), as("maya"), id); err != nil {
		t.Fatal(err)
	}
	w.used("tom", 0)
	w.pass(29 * day)
	w.want("later", "maya postponed")
	w.used("tom", 0)
	w.pass(day)
	w.want("again", "maya asked")
	if _, err := w.RemindLater(t.Context(), as("maya"), id); err == nil {
		t.Error("it is put off twice")
	}
	w.pass(6 * day)
	w.want("the whole time", "maya asked")
	w.pass(day)
	w.want("silent", "maya removed gone")
}

// TestLeftOut: by IT, until a moment; by the configuration, a person or a group; what isn't configured; what came in an emergency.
func TestLeftOut(t *testing.T) {
	w := silent(t)
	w.turned()
	if _, err := w.Exempt(t.Context(), as("maya"), w.only().ID, time.Time{}, "mine"); err == nil {
		t.Error("somebody leaves out their own")
	}
	if _, err := w.Exempt(t.Context(), as("rita"), w.only().ID, w.clock.Now().Add(100*day), "runs the audit"); err != nil {
		t.Fatal(err)
	}
	w.pass(30 * day)
	w.used("tom", 0)
	w.pass(30 * day)
	w.want("left out", "maya exempt")
	for name, change := range map[string]func(*world){
		"a person": func(w *world) { w.rule.Exempt = []catalog.ReclaimExempt{{Person: "maya@acme.example", Why: "x"}} },
		"a group": func(w *world) {
			w.rule.Exempt = []catalog.ReclaimExempt{{Group: viewers(), Why: "x"}}
			w.vendor.SetMember(w.viewer, w.ids["maya"], true)
		},
		"the role": func(w *world) { w.rule = catalog.Reclaim{} },
		"an emergency": func(w *world) {
			w.do(func(u *engine.Unit) error {
				g, err := u.Grant(access.Request{ID: "AR-MAYAEDITOR"}.GrantID())
				g.Source = access.SourceBreakGlass
				if err == nil {
					err = engine.Save(u, engine.Grants(), &g)
				}
				return err
			})
		},
	} {
		w := silent(t)
		change(w)
		w.turned()
		if len(w.cases()) > 0 {
			t.Errorf("%s: %q", name, w.cases())
		}
	}
	w = silent(t)
	w.rule.Exempt = []catalog.ReclaimExempt{{Person: "maya@acme.example", Until: w.clock.Now().Add(day), Why: "x"}}
	w.turned()
	w.want("until tomorrow")
	w.used("tom", 0)
	w.pass(2 * day)
	w.want("it is over", "maya asked")
}

// TestLeftOutWithoutAQuestion: a seat of which nobody was asked can be left out, once, and asked about again when that is ended.
func TestLeftOutWithoutAQuestion(t *testing.T) {
	w := silent(t)
	ctx, maya := t.Context(), peopletest.ID("maya")
	for why, err := range map[string]error{
		"no access":  refusalOf(w.LeaveOut(ctx, as("noor"), peopletest.ID("sam"), "figma", time.Time{}, "On leave")),
		"no reason":  refusalOf(w.LeaveOut(ctx, as("noor"), maya, "figma", time.Time{}, " ")),
		"their own":  refusalOf(w.LeaveOut(ctx, as("maya"), maya, "figma", time.Time{}, "I like it")),
		"other apps": refusalOf(w.LeaveOut(ctx, as("noor"), maya, "miro", time.Time{}, "On leave")),
	} {
		if _, refused := access.AsRefusal(err); !refused {
			t.Errorf("%s: %v", why, err)
		}
	}
	c, err := w.LeaveOut(ctx, as("noor"), maya, "figma", w.clock.Now().Add(10*day), "On leave")
	if err != nil {
		t.Fatal(err)
	}
	if err := refusalOf(w.LeaveOut(ctx, as("noor"), maya, "figma", time.Time{}, "On leave")); err == nil {
		t.Error("it is left out twice")
	}
	w.pass(2 * day)
	w.want("left out", "maya exempt")
	if seen, err := w.Overseen(ctx, as("noor"), ""); err != nil || len(seen) != 1 {
		t.Errorf("%d are seen, %v", len(seen), err)
	}
	if _, err := w.Askable(ctx, as("noor"), c.ID); err != nil {
		t.Fatal(err)
	}
	w.turned()
	w.want("asked again", "maya asked", "maya exempt")
}

func refusalOf(_ access.Reclaim, err error) error { return err }

// TestAway: whoever is on leave isn't asked, and has the whole time once they are back.
func TestAway(t *testing.T) {
	w := silent(t)
	away := func(until time.Time) {
		w.do(func(u *engine.Unit) error {
			k, err := store.Person(u.Tx, peopletest.ID("maya"))
			k.AwayUntil = until
			if err == nil {
				err = store.PutPerson(u.Tx, &k)
			}
			return err
		})
	}
	away(w.clock.Now().Add(5 * day))
	w.turned()
	w.want("away")
	if got := w.seats()["maya"]; got != access.SeatAway {
		t.Errorf("it is %s", got)
	}
	w.pass(5 * day)
	w.want("back", "maya asked")
	away(w.clock.Now().Add(10 * day))
	w.pass(7 * day)
	w.want("away when the time is up", "maya asked")
	if c := w.only(); !c.Until.Equal(time.Date(2026, 11, 16+5+10+7, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("it is up on %s", c.Until)
	}
}

// TestOutage: a directory that is down for three days ends nothing, and what was used meanwhile is seen once it is back.
func TestOutage(t *testing.T) {
	w := silent(t)
	w.vendor.Fail(idptest.Outage)
	w.turned()
	w.want("nobody is asked")
	w.vendor.Heal()
	w.turned()
	w.pass(6 * day)
	w.vendor.Fail(idptest.Outage)
	for range 3 * 24 {
		w.clock.Advance(time.Hour)
		w.work()
	}
	w.want("down when the time is up", "maya checking")
	if c := w.only(); c.Unread == "" || w.grant("AR-MAYAEDITOR").State != access.GrantActive {
		t.Errorf("it is %+v", c)
	}
	w.used("maya", 12*time.Hour)
	w.vendor.Heal()
	w.clock.Advance(2 * time.Hour)
	w.work()
	w.want("it was used meanwhile", "maya in_use")
}

// TestOutageAndSilence: where it wasn't used, the first reading afterwards ends it.
func TestOutageAndSilence(t *testing.T) {
	w := silent(t)
	w.turned()
	w.pass(6 * day)
	w.vendor.Fail(idptest.Outage)
	w.clock.Advance(2 * day)
	w.work()
	w.vendor.Heal()
	w.clock.Advance(2 * time.Hour)
	w.work()
	w.want("back", "maya removed gone")
}

// TestLeaver: what ends otherwise is asked no more.
func TestLeaver(t *testing.T) {
	for end, why := range map[access.End]string{access.EndLeft: "They have left.", access.EndReturned: "They gave it back.", access.EndExpired: "", access.EndRevoked: "It was revoked.", access.EndOffboarded: "IT ended everything they have.", access.EndReviewed: "A review revoked it.", access.EndMoved: "The access ended otherwise."} {
		w := silent(t)
		w.turned()
		w.do(func(u *engine.Unit) error {
			g, err := u.Grant(access.Request{ID: "AR-MAYAEDITOR"}.GrantID())
			if end == access.EndExpired {
				g.Ends = u.At
			}
			if err != nil {
				return err
			}
			e := g.Event(access.EventEnding, access.System(), u.At)
			e.End = end
			_, err = u.MoveGrant(g, e)
			return err
		})
		w.work()
		w.want(string(end), "maya cancelled")
		if c := w.only(); why != "" && c.Why != why {
			t.Errorf("%s: %q", end, c.Why)
		}
	}
}

// TestNothingKnown: neither what a directory doesn't tell nor an application of which nobody's use is on record has anybody asked.
func TestNothingKnown(t *testing.T) {
	w := newWorld(t)
	w.has("maya", "editor", 200*day)
	w.turned()
	w.want("nobody's use is on record")
	if got := w.seats()["maya"]; got != access.SeatUnknown {
		t.Errorf("it is %s", got)
	}
	w = silent(t)
	w.app.Uses = []catalog.AppUse{{Directory: "okta", App: "another"}}
	w.turned()
	w.want("there is no such application")
	w = silent(t)
	w.app.Uses = []catalog.AppUse{{Directory: "entra", App: "app"}}
	w.turned()
	w.want("the directory isn't configured")
	w = silent(t)
	w.app.Uses = nil
	w.turned()
	w.want("the group is assigned to nothing")
}

// TestAssignedApplications: without an application of its own, the use of those counts that the group is assigned to.
func TestAssignedApplications(t *testing.T) {
	w := silent(t)
	use := w.app.Uses[0].App
	w.app.Uses = nil
	w.Service.seats.dirs = people.Directories{assigned{w.vendor.Directory(), []string{w.group, w.viewer}, use}}
	w.turned()
	w.want("by what the group is assigned to", "maya asked")
}

// TestSignInsToTheDirectory count where the app's don't show and that is said to be enough.
func TestSignInsToTheDirectory(t *testing.T) {
	w := newWorld(t)
	w.app.Uses, w.rule.Least = nil, catalog.DirectorySignIn
	w.has("maya", "editor", 200*day)
	w.has("tom", "editor", 200*day)
	w.has("ada", "editor", 200*day)
	w.vendor.SignedIn(w.ids["maya"], w.clock.Now().Add(-80*day))
	w.vendor.SignedIn(w.ids["tom"], w.clock.Now().Add(-day))
	w.turned()
	w.want("by the directory", "maya asked")
	if c := w.only(); c.Seen.By != catalog.DirectorySignIn {
		t.Errorf("by %s", c.Seen.By)
	}
	if got := w.seats(); got["ada"] != access.SeatUnknown || got["tom"] != access.SeatUsed {
		t.Errorf("they are %v", got)
	}
}

// TestSeveralRoles: a seat is held by all roles of the app, so all of them end, or none; who got another one lately isn't idle.
func TestSeveralRoles(t *testing.T) {
	w := silent(t)
	w.has("maya", "viewer", 300*day)
	w.turned()
	w.want("the viewers' seats don't come back")
	w = silent(t)
	w.has("maya", "viewer", 300*day)
	reclaimed := w.rule
	viewersToo := func() *catalog.Catalog {
		app, _ := w.offers().App("figma")
		app.Roles[1].Reclaim = reclaimed
		return w.most.In(catalog.New([]catalog.App{app}, nil))
	}
	w.Service.catalog = viewersToo
	w.turned()
	if c := w.only(); len(c.Grants) != 2 || c.Role != "editor" {
		t.Errorf("it is about %v", c.Grants)
	}
	w.pass(7 * day)
	w.want("silent", "maya removed gone")
	if w.in(w.group, "maya") || w.in(w.viewer, "maya") {
		t.Error("a part of it stayed")
	}
	w = silent(t)
	w.Service.catalog = viewersToo
	w.turned()
	w.has("maya", "viewer", 0)
	w.pass(7 * day)
	w.want("another role was given since", "maya cancelled")
}

// TestDowngraded: the lower role is there first, then the higher one ends.
func TestDowngraded(t *testing.T) {
	w := silent(t)
	w.rule.Downgrade = "viewer"
	w.turned()
	w.pass(8 * day)
	w.want("silent", "maya removed downgraded")
	if w.in(w.group, "maya") || !w.in(w.viewer, "maya") {
		t.Error("the lower role isn't there, or the higher one is")
	}
	if _, err := w.Restore(t.Context(), as("maya"), w.only().ID, "needed after all"); err != nil {
		t.Fatal(err)
	}
	w.work()
	w.work()
	if !w.in(w.group, "maya") || w.in(w.viewer, "maya") {
		t.Error("restored, the higher role isn't there, or the lower one is")
	}
}

// TestRestored: in one click, by the approval that it had; once, in time, and by who may.
func TestRestored(t *testing.T) {
	w := silent(t)
	w.turned()
	id := w.only().ID
	if _, err := w.Restore(t.Context(), as("maya"), id, ""); err == nil {
		t.Error("what is there is given back")
	}
	w.pass(7 * day)
	w.rights[people.ActRestoreSeat] = true
	if _, err := w.Restore(t.Context(), as("tom"), id, ""); err == nil {
		t.Error("anybody gives it back")
	}
	w.rights[people.ActRestoreSeat] = false
	given, err := w.Restore(t.Context(), as("maya"), id, "I was on a project")
	if err != nil || len(given) != 1 || given[0].Source != access.SourceRestored {
		t.Fatalf("%+v, %v", given, err)
	}
	w.work()
	if !w.in(w.group, "maya") {
		t.Error("it isn't there")
	}
	if _, err := w.Restore(t.Context(), as("maya"), id, ""); err == nil {
		t.Error("it is given back twice")
	}
	w.used("tom", 0)
	w.pass(50 * day)
	w.want("it is new", "maya removed gone")
	late := silent(t)
	late.turned()
	late.pass(7 * day)
	late.pass(31 * day)
	if _, err := late.Restore(t.Context(), as("maya"), late.only().ID, ""); err == nil {
		t.Error("it is given back too late")
	}
}

// TestRestoringWhatDoesHarm isn't a click of its holder's.
func TestRestoringWhatDoesHarm(t *testing.T) {
	known := func(change func(*catalog.Role)) *catalog.Catalog {
		r := catalog.Role{ID: "editor", Risk: catalog.Low}
		change(&r)
		return catalog.New([]catalog.App{{ID: "figma", Roles: []catalog.Role{r}}}, nil)
	}
	c := access.Reclaim{App: "figma", Role: "editor"}
	if act := restoring(known(func(*catalog.Role) {}), c); act != people.ActRestoreSeat {
		t.Errorf("it takes %s", act)
	}
	for name, change := range map[string]func(*catalog.Role){
		"high risk": func(r *catalog.Role) { r.Risk = catalog.High }, "step-up": func(r *catalog.Role) { r.Assurance = catalog.StepUp },
		"confirmed": func(r *catalog.Role) { r.Assurance = catalog.Confirm }, "privileged": func(r *catalog.Role) { r.Privileged = true }, "gone": func(r *catalog.Role) { r.ID = "other" },
	} {
		if act := restoring(known(change), c); act != people.ActRestoreFor {
			t.Errorf("%s: it takes %s", name, act)
		}
	}
}

// TestNoFlood: no more people are asked in a turn, and no one of them about more, than is configured; who was idle the longest goes first.
func TestNoFlood(t *testing.T) {
	w := newWorld(t)
	for i, handle := range []string{"ada", "bea", "cleo", "dora"} {
		w.has(handle, "editor", 200*day)
		w.used(handle, time.Duration(85-i)*day)
	}
	w.most.AtMost = 2
	w.turned()
	w.want("the longest idle first", "ada asked", "bea asked")
	w.used("ada", 0)
	w.clock.Advance(day)
	w.turned()
	w.want("the rest a day later", "ada in_use", "bea asked", "cleo asked", "dora asked")
	w = silent(t)
	w.most.PerPerson = 0
	w.turned()
	w.want("as much as is allowed is open")
}

// TestPreview: the table adds up with the directory, and reading it changes nothing.
func TestPreview(t *testing.T) {
	w := silent(t)
	w.has("ada", "editor", 3*day)
	w.has("bea", "viewer", 300*day)
	w.vendor.SetMember(w.group, w.vendor.AddPerson(idptest.Person{Email: "zoe@acme.example"}), true)
	gone := w.has("cleo", "editor", 200*day)
	w.vendor.SetStatus(gone.Entitlements[0].Account, idp.Suspended)
	want := map[string]access.SeatStanding{"maya": access.SeatIdle, "tom": access.SeatUsed, "ada": access.SeatNew, "bea": access.SeatLeftOut, "zoe": access.SeatUnexplained, "cleo": access.SeatOfLeaver}
	got := w.seats()
	for who, standing := range want {
		if got[who] != standing {
			t.Errorf("%s is %s, want %s", who, got[who], standing)
		}
	}
	w.want("nothing is asked")
	p, err := w.Preview(t.Context())
	if err != nil || p.Apps[0].Idle() != 1 || p.Apps[0].Saves() != 1200 || p.Apps[0].Count(access.SeatUsed) != 1 || p.Apps[0].Accounts != len(want) {
		t.Errorf("it is %+v, %v", p, err)
	}
	w.vendor.Fail(idptest.Outage)
	if p, err := w.Preview(t.Context()); err != nil || p.Apps[0].Unread == "" || len(p.Apps[0].Seats) > 0 {
		t.Errorf("down, it is %+v, %v", p, err)
	}
}

// TestNotConfiguredAnyMore: what is open is asked no more.
func TestNotConfiguredAnyMore(t *testing.T) {
	w := silent(t)
	w.turned()
	w.rule = catalog.Reclaim{}
	w.turned()
	w.want("off", "maya cancelled")
}

// TestByHand: who was put into another group of the app by hand isn't taken out of half of it.
func TestByHand(t *testing.T) {
	w := silent(t)
	w.turned()
	w.vendor.SetMember(w.viewer, w.ids["maya"], true)
	w.pass(7 * day)
	w.want("by hand", "maya cancelled")
	if !w.in(w.group, "maya") {
		t.Error("it is gone all the same")
	}
}

// TestOriginalIssue: by policy everything is written on the issue of the request, which is opened again for it, and goes back to where
// access stands once that goes on.
func TestOriginalIssue(t *testing.T) {
	w := silent(t)
	w.rule.Issue = catalog.OriginalIssue
	w.turned()
	c := w.only()
	if c.Issue.Key != "IT-1" || !c.Reopens(c.Issue) {
		t.Errorf("it is in %s", c.Issue.Key)
	}
	if _, err := w.Needed(t.Context(), as("maya"), c.ID, "The fair is in March"); err != nil {
		t.Fatal(err)
	}
	w.work()
	want := []string{"IT-1 is open", "IT-1: Its holder was asked whether they still need it.", "IT-1: It is still needed, says maya@acme.example.", "AR-MAYAEDITOR settles"}
	slices.Sort(want)
	if slices.Sort(w.told); !slices.Equal(w.told, want) {
		t.Errorf("told: %q", w.told)
	}
	if c = w.only(); c.Reopens(c.Issue) {
		t.Error("it stays open though access goes on")
	}
}

// TestNoWayBack: where the workflow has none, the question has an issue of its own, as it has where access never had one.
func TestNoWayBack(t *testing.T) {
	w := silent(t)
	w.rule.Issue, w.noWay = catalog.OriginalIssue, "IT-1 is closed, and its workflow has no way back."
	w.turned()
	if c := w.only(); c.Issue.Key != "IT-"+c.ID || c.Reopens(access.Issue{ID: "1"}) {
		t.Errorf("it is in %s", c.Issue.Key)
	}
	if !slices.Equal(w.told, []string{"Idle seat: Figma · Editor for maya@acme.example"}) {
		t.Errorf("told: %q", w.told)
	}
}

// TestWhoAnswers: nobody else, and nothing that isn't there.
func TestWhoAnswers(t *testing.T) {
	w := silent(t)
	w.turned()
	id := w.only().ID
	for _, act := range []people.Act{people.ActKeepSeat, people.ActReturn, people.ActExemptSeat} {
		w.rights[act] = true
	}
	for name, err := range map[string]error{
		"needed":  second(w.Needed(t.Context(), as("tom"), id, "x")),
		"back":    second(w.GiveBack(t.Context(), as("tom"), id)),
		"later":   second(w.RemindLater(t.Context(), as("tom"), id)),
		"out":     second(w.Exempt(t.Context(), as("tom"), id, time.Time{}, "x")),
		"unknown": second(w.Get(t.Context(), "RC-NONE")),
		"nothing": second(w.Needed(t.Context(), as("tom"), "RC-NONE", "x")),
	} {
		if _, refused := access.AsRefusal(err); !refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if mine, err := w.Of(t.Context(), peopletest.ID("maya")); err != nil || len(mine) != 1 {
		t.Errorf("hers are %v, %v", mine, err)
	}
	if open, err := w.Open(t.Context()); err != nil || len(open) != 1 {
		t.Errorf("open are %v, %v", open, err)
	}
}

func second[T any](_ T, err error) error { return err }
