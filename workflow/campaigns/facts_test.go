package campaigns

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// grant has somebody have a role by a grant.
func (w *readingWorld) grant(handle, app, role, group string, change func(*access.Grant)) {
	w.Helper()
	g := access.Grant{
		ID: "G-" + strings.ToUpper(handle+role), Request: "AR-" + strings.ToUpper(handle+role), Person: peopletest.ID(handle), App: app, Role: role, Source: access.SourceRequested,
		State: access.GrantActive, Started: w.clock.Now().Add(-100 * 24 * time.Hour),
		Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: group}, State: access.EntitlementHeld, Account: w.accounts[handle], GroupID: w.groups[group], Sent: true}},
	}
	if change != nil {
		change(&g)
	}
	w.do(func(u *engine.Unit) error { return store.PutGrant(u.Tx, &g) })
}

// TestWhatExplainsAccess: the grant that gave it, with its request, since when and until when; of what was found, since when isn't known.
func TestWhatExplainsAccess(t *testing.T) {
	w := newReadingWorld(t)
	w.put("figma-editors", "maya", "tom", "omar", "noor")
	until := w.clock.Now().Add(catalog.Week)
	w.grant("maya", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Ends = until })
	w.grant("tom", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Source, g.Request = access.SourceAdopted, "" })
	w.grant("omar", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Entitlements[0].Account = "another account of his" })
	w.grant("noor", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Entitlements[0].GroupID = "a group that had the name before" })
	rows := w.rows(w.reads(w.begun()))
	maya, tom := rows["maya figma-editors"], rows["tom figma-editors"]
	if maya.Source != catalog.BySomeRequest || maya.Grant != "G-MAYAEDITOR" || maya.Request != "AR-MAYAEDITOR" || maya.Since.IsZero() || !maya.Until.Equal(until) {
		t.Errorf("asked for: %+v", maya)
	}
	if tom.Source != catalog.ByAdoption || tom.Grant == "" || !tom.Since.IsZero() {
		t.Errorf("found: %+v", tom)
	}
	for _, who := range []string{"omar", "noor"} {
		if row := rows[who+" figma-editors"]; row.Source != catalog.ByNothing || row.Grant != "" {
			t.Errorf("%s: what is about another account or group explains it: %+v", who, row)
		}
	}
}

// TestUse: who used an app lately keeps it, who didn't loses it, and of what nobody knows anything nothing follows.
func TestUse(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*readingWorld)
		want   access.RecommendedBecause
	}{
		"used": {func(w *readingWorld) {
			w.dir.uses = []idp.Use{{PersonID: w.accounts["maya"], Last: w.clock.Now().Add(-time.Hour)}}
		}, access.BecauseUsed},
		"never used":      {func(*readingWorld) {}, access.BecauseUnused},
		"no report":       {func(w *readingWorld) { w.dir.reach = time.Time{} }, access.BecauseNothing},
		"a broken report": {func(w *readingWorld) { w.dir.broken = errors.New("502") }, access.BecauseNothing},
		"switched off":    {func(w *readingWorld) { w.review.NoUsage = []string{"figma"} }, access.BecauseUsageOff},
	} {
		t.Run(name, func(t *testing.T) {
			w := newReadingWorld(t)
			w.put("figma-editors", "maya", "tom")
			w.grant("maya", "figma", "editor", "figma-editors", nil)
			w.vendor.AddApp(idptest.App{Name: "Figma", Groups: []string{w.groups["figma-editors"]}})
			w.dir.reach = w.clock.Now().Add(-90 * 24 * time.Hour)
			c.change(w)
			row := w.rows(w.reads(w.begun()))["maya figma-editors"]
			if row.Because != c.want {
				t.Errorf("recommends %s because %s, want %s (%+v)", row.Recommended, row.Because, c.want, row)
			}
			if known := c.want == access.BecauseUsed || c.want == access.BecauseUnused; (row.UsedBy != "") != known {
				t.Errorf("use is from %q", row.UsedBy)
			}
		})
	}
}

// TestSeveralApplications: where a group lets into several, use of any counts, and nothing is known where one of them doesn't tell.
func TestSeveralApplications(t *testing.T) {
	early, late := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	a := used{last: map[string]time.Time{"maya": early}, reach: early, source: "a"}
	b := used{last: map[string]time.Time{"maya": late}, reach: late, source: "b"}
	if got := joined([]used{a, b}).of("maya"); !got.At.Equal(late) || !got.Reach.Equal(late) || got.Source != "a; b" {
		t.Errorf("two reports: %+v", got)
	}
	if got := joined([]used{a, {}}).of("maya"); got.Source != "" || !got.At.IsZero() {
		t.Errorf("one of two is unknown: %+v", got)
	}
}

// TestConflicts: a row says which conflicts it is part of, and a violation recommends to take it away.
func TestConflicts(t *testing.T) {
	w := newReadingWorld(t)
	w.policy.Conflicts = []catalog.Conflict{{ID: "design-pay", Why: "who designs doesn't pay", Not: [2][]catalog.Holding{{{App: "figma", Role: "admin"}}, {{App: "payroll"}}}}}
	w.put("figma-admins", "maya", "tom")
	w.put("payroll-clerks", "maya", "omar")
	w.put("figma-editors", "maya")
	rows := w.rows(w.reads(w.begun()))
	for key, want := range map[string]string{"maya figma-admins": "[design-pay]", "maya payroll-clerks": "[design-pay]", "maya figma-editors": "[]", "tom figma-admins": "[]", "omar payroll-clerks": "[]"} {
		if got := fmt.Sprint(rows[key].Conflicts); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	if row := rows["maya figma-admins"]; row.Because != access.BecauseConflict {
		t.Errorf("recommends because %s", row.Because)
	}
}

// TestPeers: of how many colleagues of the department have it; unknown of few.
func TestPeers(t *testing.T) {
	w := newReadingWorld(t)
	w.put("figma-editors", "maya", "tom")
	if row := w.rows(w.reads(w.begun()))["maya figma-editors"]; row.Peers != 20 { // tom of grace, noor, ines, omar and tom
		t.Errorf("peers: %d", row.Peers)
	}
	few := peers{there: map[string]int{"design": 2}, all: &everyone{in: map[string]int{"design": 5}, whole: true}}
	if s := few.of(&account{department: "design"}); s.Known() {
		t.Errorf("of four colleagues: %+v", s)
	}
	few.all = &everyone{in: map[string]int{"design": 50}}
	if s := few.of(&account{department: "design"}); s.Known() {
		t.Errorf("of a directory that wasn't listed: %+v", s)
	}
}

// TestScope: what a review is about, and what it leaves out, with who approved that.
func TestScope(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*readingWorld, *catalog.ReviewScope)
		want   int
	}{
		"everything": {func(*readingWorld, *catalog.ReviewScope) {}, 5},
		"an app":     {func(_ *readingWorld, s *catalog.ReviewScope) { s.Apps = []string{"payroll"} }, 1},
		"a tag":      {func(_ *readingWorld, s *catalog.ReviewScope) { s.Tags = []string{"Design"} }, 4},
		"a role": {func(_ *readingWorld, s *catalog.ReviewScope) {
			s.Roles = []catalog.RoleRef{{App: "figma", Role: "admin"}}
		}, 1},
		"a risk":            {func(_ *readingWorld, s *catalog.ReviewScope) { s.Risks = []catalog.Risk{catalog.High, catalog.Medium} }, 2},
		"a department":      {func(_ *readingWorld, s *catalog.ReviewScope) { s.Departments = []string{"sales"} }, 0},
		"its own":           {func(_ *readingWorld, s *catalog.ReviewScope) { s.Departments = []string{"DESIGN"} }, 5},
		"a manager":         {func(_ *readingWorld, s *catalog.ReviewScope) { s.Managers = []string{"noor@acme.example"} }, 4},
		"a person":          {func(_ *readingWorld, s *catalog.ReviewScope) { s.People = []string{"omar@acme.example"} }, 1},
		"what nobody asked": {func(_ *readingWorld, s *catalog.ReviewScope) { s.Sources = []catalog.ReviewSource{catalog.ByNothing} }, 4},
		"what is older":     {func(_ *readingWorld, s *catalog.ReviewScope) { s.OlderThan = 200 * catalog.Day }, 4},
		"not a person": {func(_ *readingWorld, s *catalog.ReviewScope) {
			s.Exclude = []catalog.ReviewExclude{{Person: "omar@acme.example", Why: "is on leave", By: "grace@acme.example"}}
		}, 4},
		"not a role": {func(_ *readingWorld, s *catalog.ReviewScope) {
			s.Exclude = []catalog.ReviewExclude{{Role: catalog.RoleRef{App: "figma", Role: "editor"}, Why: "everybody has it", By: "grace@acme.example"}}
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := newReadingWorld(t)
			w.put("figma-editors", "maya", "tom")
			w.vendor.SetMember(w.groups["figma-editors"], w.vendor.AddPerson(idptest.Person{Email: "kim@acme.example", Department: "Design", Manager: "noor@acme.example"}), true)
			w.put("figma-admins", "tom")
			w.put("payroll-clerks", "omar")
			w.grant("maya", "figma", "editor", "figma-editors", nil)
			c.change(w, &w.review.Scope)
			is := w.reads(w.begun())
			if is.Counts.Rows != c.want {
				t.Errorf("%d rows, want %d", is.Counts.Rows, c.want)
			}
			d, err := w.Draft(t.Context(), is.ID)
			if err != nil {
				t.Fatal(err)
			}
			if left := 0; len(w.review.Scope.Exclude) > 0 {
				for _, e := range d.Excluded {
					left += e.Rows
				}
				if left != 5-c.want || d.Excluded[0].By != "grace@acme.example" || d.Excluded[0].Why == "" {
					t.Errorf("left out: %+v", d.Excluded)
				}
			}
		})
	}
}

// TestAScopeThatNamesNobody: an address that means nobody isn't taken for nobody's rows.
func TestAScopeThatNamesNobody(t *testing.T) {
	w := newReadingWorld(t)
	w.review.Scope.People = []string{"nobody@acme.example"}
	c := w.begun()
	if err := w.tries(); err == nil || !strings.Contains(err.Error(), "nobody@acme.example") || w.now(c).State != access.CampaignReading {
		t.Errorf("read: %v, %s", err, w.now(c).State)
	}
}

// TestWhatTheReviewBeforeSaid: the latest closed review's answer stands on the row, and one that revoked it asks for a look.
func TestWhatTheReviewBeforeSaid(t *testing.T) {
	w := newReadingWorld(t)
	w.put("figma-editors", "maya", "tom")
	w.do(func(u *engine.Unit) error {
		for n, id := range []string{"RV-OLD", "RV-NEW", "RV-OPEN"} {
			c := access.Campaign{ID: id, Review: catalog.Review{ID: "old"}, State: access.CampaignClosed, Closed: u.At.Add(time.Duration(n-10) * time.Hour)}
			if id == "RV-OPEN" {
				c.State = access.CampaignOpen
			}
			i := access.ReviewItem{Campaign: id, Row: 1, Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, Account: w.accounts["maya"], GroupID: w.groups["figma-editors"], State: access.ItemSettled, Decision: []access.ReviewDecision{access.DecisionKeep, access.DecisionRevoke, access.DecisionKeep}[n]}
			if err := errors.Join(store.PutCampaign(u.Tx, &c), store.PutReviewItem(u.Tx, &i)); err != nil {
				return err
			}
		}
		return nil
	})
	rows := w.rows(w.reads(w.begun()))
	if row := rows["maya figma-editors"]; row.Earlier != access.DecisionRevoke || row.EarlierIn != "RV-NEW" || row.Because != access.BecauseRevoked {
		t.Errorf("decided before: %+v", row)
	}
	if row := rows["tom figma-editors"]; row.Earlier != access.DecisionNone {
		t.Errorf("not decided before: %+v", row)
	}
}

// TestConflictsOfInterest: reviewers who administer the directory, who said yes, and who review whoever is above them are said.
func TestConflictsOfInterest(t *testing.T) {
	w := newReadingWorld(t)
	w.review.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Owner}}
	w.put("figma-editors", "maya", "grace")
	w.put("figma-admins", "noor")
	w.grant("maya", "figma", "editor", "figma-editors", nil)
	w.do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("noor"))
		if err != nil {
			return err
		}
		k.Manager = peopletest.ID("grace")
		if err := store.PutPerson(u.Tx, &k); err != nil {
			return err
		}
		r := access.Request{ID: "AR-MAYAEDITOR", State: access.RequestApproved, Stages: []access.Stage{{Answers: []access.Answer{{By: bySlack("noor"), Yes: true}}}}}
		return store.PutRequest(u.Tx, &r)
	})
	c := w.reads(w.begun())
	d, err := w.Draft(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(d.Conflicts, "\n")
	for _, want := range []string{"noor@acme.example administers okta (is in figma-admins)", "noor@acme.example approved access that they review, as in AR-MAYAEDITOR", "noor@acme.example reports to Grace, whose access they review"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q isn't said in:\n%s", want, all)
		}
	}
	if len(d.NotCovered) < 2 || !strings.Contains(strings.Join(d.NotCovered, "\n"), "Vault · Reader is opened by no group") {
		t.Errorf("not covered: %q", d.NotCovered)
	}
}

// TestASmallReview: an occasion begins one about one person, who has one at a time, and it starts by itself.
func TestASmallReview(t *testing.T) {
	w := newReadingWorld(t)
	w.put("figma-editors", "maya", "tom")
	w.put("payroll-clerks", "maya")
	maya := peopletest.ID("maya")
	if err := w.Occasion(t.Context(), maya, access.OnMoved); err != nil {
		t.Fatal(err)
	}
	if all, _ := w.List(t.Context()); len(all) > 0 {
		t.Fatal("an occasion for which no review is configured begins one")
	}
	w.review.Occasions = []string{"moved", "adopted"}
	for _, o := range []access.Occasion{access.OnMoved, access.OnAdopted, access.OnNewManager} {
		if err := w.Occasion(t.Context(), maya, o); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.List(t.Context())
	if err != nil || len(all) != 1 || all[0].About != maya || all[0].Occasion != access.OnMoved {
		t.Fatalf("small reviews: %+v, %v", all, err)
	}
	c := w.reads(all[0])
	if c.State != access.CampaignOpen || c.Counts.Rows != 2 || c.Counts.Reviewers != 1 {
		t.Fatalf("it started: %s %+v %v", c.State, c.Counts, c.Unproven)
	}
	for _, row := range w.rows(c) {
		if row.Person != maya || asks(row, 0) != "noor" || row.Because != access.BecauseMoved {
			t.Errorf("a row: %+v", row)
		}
	}
	if n := w.dir.asked["members "+w.groups["figma-editors"]]; n > 0 {
		t.Errorf("a whole group was read %d times for one person", n)
	}
	if d, err := w.Draft(t.Context(), c.ID); err != nil || len(d.Reviewers) != 1 {
		t.Errorf("draft: %+v, %v", d, err)
	}
}

// TestASmallReviewOfNothing: whoever has nothing isn't asked about, and who has left neither.
func TestASmallReviewOfNothing(t *testing.T) {
	w := newReadingWorld(t)
	w.review.Occasions = []string{"manager"}
	if err := w.Occasion(t.Context(), peopletest.ID("tom"), access.OnNewManager); err != nil {
		t.Fatal(err)
	}
	all, _ := w.List(t.Context())
	if c := w.reads(all[0]); c.State != access.CampaignCancelled {
		t.Errorf("a review of nothing: %s", c.State)
	}
	w.do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("maya"))
		if err != nil {
			return err
		}
		k.Standing = access.Left
		return store.PutPerson(u.Tx, &k)
	})
	if err := w.Occasion(t.Context(), peopletest.ID("maya"), access.OnNewManager); err != nil {
		t.Fatal(err)
	}
	if all, _ = w.List(t.Context()); len(all) != 1 {
		t.Errorf("who has left is reviewed: %+v", all)
	}
}

// TestTheIssueOfACampaign is noted once it exists.
func TestTheIssueOfACampaign(t *testing.T) {
	w := newReadingWorld(t)
	c := w.begun()
	then := Reported()[Then]
	w.do(func(u *engine.Unit) error {
		return then(u, access.IssueReport{ID: c.ID}, nil, access.Issue{ID: "9", Key: "IT-9"})
	})
	if c = w.now(c); c.Issue.Key != "IT-9" {
		t.Errorf("issue: %+v", c.Issue)
	}
	if len(w.tasks("issue.report")) == 0 && !strings.Contains(w.kinds(), "report/"+c.ID) {
		t.Errorf("no issue was asked for: %s", w.kinds())
	}
}

// kinds are the ids of all tasks.
func (w *readingWorld) kinds() string {
	var ids []string
	err := w.units.View(w.Context(), func(tx store.Tx) error {
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

// TestWhoMoves: another department or manager begins a small review, once; what isn't shown, or was never known, does not.
func TestWhoMoves(t *testing.T) {
	w := newReadingWorld(t)
	w.review.Occasions = []string{"moved", "manager"}
	maya := peopletest.ID("maya")
	seen := func(department, manager string) []access.Campaign {
		t.Helper()
		a := idp.Person{ID: w.accounts["maya"], Status: idp.Active, Department: department, ManagerID: manager}
		if err := w.Seen(t.Context(), "okta", a, maya); err != nil {
			t.Fatal(err)
		}
		all, err := w.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	over := func(c access.Campaign) {
		t.Helper()
		if _, err := w.Cancel(t.Context(), it(), c.ID, "seen"); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Second)
	}
	for _, step := range []struct {
		department, manager string
		want                int
		occasion            access.Occasion
	}{
		{"Design", w.accounts["noor"], 0, ""}, // nobody knows what was before
		{"DESIGN", w.accounts["noor"], 0, ""},
		{"", "", 0, ""},
		{"Sales", w.accounts["noor"], 1, access.OnMoved},
		{"Sales", w.accounts["noor"], 1, ""},
		{"Sales", w.accounts["grace"], 2, access.OnNewManager},
		{"Design", w.accounts["noor"], 3, access.OnMoved},
	} {
		all := seen(step.department, step.manager)
		if len(all) != step.want {
			t.Fatalf("%+v: %d reviews", step, len(all))
		}
		if step.occasion != "" {
			if all[0].Occasion != step.occasion {
				t.Errorf("%+v: %s", step, all[0].Occasion)
			}
			over(all[0])
		}
	}
	if err := w.Seen(t.Context(), "entra", idp.Person{ID: "x", Status: idp.Active, Department: "Elsewhere"}, maya); err != nil {
		t.Error(err)
	}
	if all, _ := w.List(t.Context()); len(all) != 3 {
		t.Errorf("another directory than the one that says who she is: %d reviews", len(all))
	}
}

// TestMovedSinceLatchkeyLooked: where an account is seen for the first time, what Latchkey remembers of the person counts.
func TestMovedSinceLatchkeyLooked(t *testing.T) {
	w := newReadingWorld(t)
	w.review.Occasions = []string{"moved", "manager"}
	w.do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("maya"))
		if err != nil {
			return err
		}
		k.Department, k.Manager = "Design", peopletest.ID("noor")
		return store.PutPerson(u.Tx, &k)
	})
	a := idp.Person{ID: w.accounts["maya"], Status: idp.Active, Department: "design", ManagerID: w.accounts["grace"]}
	if err := w.Seen(t.Context(), "okta", a, peopletest.ID("maya")); err != nil {
		t.Fatal(err)
	}
	if all, _ := w.List(t.Context()); len(all) != 1 || all[0].Occasion != access.OnNewManager {
		t.Errorf("reviews: %+v", all)
	}
}
