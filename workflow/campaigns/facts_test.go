package campaigns_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestWhatExplainsAccess: the grant that gave it, with its request, since when and until when; of what was found, since when isn't known.
func TestWhatExplainsAccess(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya", "tom", "omar", "noor")
	until := w.Clock.Now().Add(catalog.Week)
	w.Grant("maya", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Ends = until })
	w.Grant("tom", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Source, g.Request = access.SourceAdopted, "" })
	w.Grant("omar", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Entitlements[0].Account = "another account of his" })
	w.Grant("noor", "figma", "editor", "figma-editors", func(g *access.Grant) { g.Entitlements[0].GroupID = "a group that had the name before" })
	rows := w.Rows(w.Reads(w.Begun()))
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
		change func(*campaignstest.Readings)
		want   access.RecommendedBecause
	}{
		"used": {func(w *campaignstest.Readings) {
			w.Dir.Uses = []idp.Use{{PersonID: w.Accounts["maya"], Last: w.Clock.Now().Add(-time.Hour)}}
		}, access.BecauseUsed},
		"never used":      {func(*campaignstest.Readings) {}, access.BecauseUnused},
		"no report":       {func(w *campaignstest.Readings) { w.Dir.Reach = time.Time{} }, access.BecauseNothing},
		"a broken report": {func(w *campaignstest.Readings) { w.Dir.Broken = errors.New("502") }, access.BecauseNothing},
		"switched off":    {func(w *campaignstest.Readings) { w.Review.NoUsage = []string{"figma"} }, access.BecauseUsageOff},
	} {
		t.Run(name, func(t *testing.T) {
			w := campaignstest.NewReadings(t)
			w.Put("figma-editors", "maya", "tom")
			w.Grant("maya", "figma", "editor", "figma-editors", nil)
			w.Vendor.AddApp(idptest.App{Name: "Figma", Groups: []string{w.Groups["figma-editors"]}})
			w.Dir.Reach = w.Clock.Now().Add(-90 * 24 * time.Hour)
			c.change(w)
			row := w.Rows(w.Reads(w.Begun()))["maya figma-editors"]
			if row.Because != c.want {
				t.Errorf("recommends %s because %s, want %s (%+v)", row.Recommended, row.Because, c.want, row)
			}
			if known := c.want == access.BecauseUsed || c.want == access.BecauseUnused; (row.UsedBy != "") != known {
				t.Errorf("use is from %q", row.UsedBy)
			}
		})
	}
}

// TestConflicts: a row says which conflicts it is part of, and a violation recommends to take it away.
func TestConflicts(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Policy.Conflicts = []catalog.Conflict{{ID: "design-pay", Why: "who designs doesn't pay", Not: [2][]catalog.Holding{{{App: "figma", Role: "admin"}}, {{App: "payroll"}}}}}
	w.Put("figma-admins", "maya", "tom")
	w.Put("payroll-clerks", "maya", "omar")
	w.Put("figma-editors", "maya")
	rows := w.Rows(w.Reads(w.Begun()))
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
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya", "tom")
	if row := w.Rows(w.Reads(w.Begun()))["maya figma-editors"]; row.Peers != 20 { // tom of grace, noor, ines, omar and tom
		t.Errorf("peers: %d", row.Peers)
	}
}

// TestScope: what a review is about, and what it leaves out, with who approved that.
func TestScope(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*campaignstest.Readings, *catalog.ReviewScope)
		want   int
	}{
		"everything": {func(*campaignstest.Readings, *catalog.ReviewScope) {}, 5},
		"an app":     {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.Apps = []string{"payroll"} }, 1},
		"a tag":      {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.Tags = []string{"Design"} }, 4},
		"a role": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) {
			s.Roles = []catalog.RoleRef{{App: "figma", Role: "admin"}}
		}, 1},
		"a risk": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) {
			s.Risks = []catalog.Risk{catalog.High, catalog.Medium}
		}, 2},
		"a department": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.Departments = []string{"sales"} }, 0},
		"its own":      {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.Departments = []string{"DESIGN"} }, 5},
		"a manager":    {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.Managers = []string{"noor@acme.example"} }, 4},
		"a person":     {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.People = []string{"omar@acme.example"} }, 1},
		"what nobody asked": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) {
			s.Sources = []catalog.ReviewSource{catalog.ByNothing}
		}, 4},
		"what is older": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) { s.OlderThan = 200 * catalog.Day }, 4},
		"not a person": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) {
			s.Exclude = []catalog.ReviewExclude{{Person: "omar@acme.example", Why: "is on leave", By: "grace@acme.example"}}
		}, 4},
		"not a role": {func(_ *campaignstest.Readings, s *catalog.ReviewScope) {
			s.Exclude = []catalog.ReviewExclude{{Role: catalog.RoleRef{App: "figma", Role: "editor"}, Why: "everybody has it", By: "grace@acme.example"}}
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			w := campaignstest.NewReadings(t)
			w.Put("figma-editors", "maya", "tom")
			w.Vendor.SetMember(w.Groups["figma-editors"], w.Vendor.AddPerson(idptest.Person{Email: "kim@acme.example", Department: "Design", Manager: "noor@acme.example"}), true)
			w.Put("figma-admins", "tom")
			w.Put("payroll-clerks", "omar")
			w.Grant("maya", "figma", "editor", "figma-editors", nil)
			c.change(w, &w.Review.Scope)
			is := w.Reads(w.Begun())
			if is.Counts.Rows != c.want {
				t.Errorf("%d rows, want %d", is.Counts.Rows, c.want)
			}
			d, err := w.Draft(t.Context(), is.ID)
			if err != nil {
				t.Fatal(err)
			}
			if left := 0; len(w.Review.Scope.Exclude) > 0 {
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
	w := campaignstest.NewReadings(t)
	w.Review.Scope.People = []string{"nobody@acme.example"}
	c := w.Begun()
	if err := w.Tries(); err == nil || !strings.Contains(err.Error(), "nobody@acme.example") || w.Now(c).State != access.CampaignReading {
		t.Errorf("read: %v, %s", err, w.Now(c).State)
	}
}

// TestWhatTheReviewBeforeSaid: the latest closed review's answer stands on the row, and one that revoked it asks for a look.
func TestWhatTheReviewBeforeSaid(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya", "tom")
	w.Do(func(u *engine.Unit) error {
		for n, id := range []string{"RV-OLD", "RV-NEW", "RV-OPEN"} {
			c := access.Campaign{ID: id, Review: catalog.Review{ID: "old"}, State: access.CampaignClosed, Closed: u.At.Add(time.Duration(n-10) * time.Hour)}
			if id == "RV-OPEN" {
				c.State = access.CampaignOpen
			}
			i := access.ReviewItem{Campaign: id, Row: 1, Group: catalog.GroupRef{Directory: "okta", Group: "figma-editors"}, Account: w.Accounts["maya"], GroupID: w.Groups["figma-editors"], State: access.ItemSettled, Decision: []access.ReviewDecision{access.DecisionKeep, access.DecisionRevoke, access.DecisionKeep}[n]}
			if err := errors.Join(store.PutCampaign(u.Tx, &c), store.PutReviewItem(u.Tx, &i)); err != nil {
				return err
			}
		}
		return nil
	})
	rows := w.Rows(w.Reads(w.Begun()))
	if row := rows["maya figma-editors"]; row.Earlier != access.DecisionRevoke || row.EarlierIn != "RV-NEW" || row.Because != access.BecauseRevoked {
		t.Errorf("decided before: %+v", row)
	}
	if row := rows["tom figma-editors"]; row.Earlier != access.DecisionNone {
		t.Errorf("not decided before: %+v", row)
	}
}

// TestConflictsOfInterest: reviewers who administer the directory, who said yes, and who review whoever is above them are said.
func TestConflictsOfInterest(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Owner}}
	w.Put("figma-editors", "maya", "grace")
	w.Put("figma-admins", "noor")
	w.Grant("maya", "figma", "editor", "figma-editors", nil)
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("noor"))
		if err != nil {
			return err
		}
		k.Manager = peopletest.ID("grace")
		if err := store.PutPerson(u.Tx, &k); err != nil {
			return err
		}
		r := access.Request{ID: "AR-MAYAEDITOR", State: access.RequestApproved, Stages: []access.Stage{{Answers: []access.Answer{{By: campaignstest.By("noor"), Yes: true}}}}}
		return store.PutRequest(u.Tx, &r)
	})
	c := w.Reads(w.Begun())
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
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya", "tom")
	w.Put("payroll-clerks", "maya")
	maya := peopletest.ID("maya")
	if err := w.Occasion(t.Context(), maya, access.OnMoved); err != nil {
		t.Fatal(err)
	}
	if all, _ := w.List(t.Context()); len(all) > 0 {
		t.Fatal("an occasion for which no review is configured begins one")
	}
	w.Review.Occasions = []string{"moved", "adopted"}
	for _, o := range []access.Occasion{access.OnMoved, access.OnAdopted, access.OnNewManager} {
		if err := w.Occasion(t.Context(), maya, o); err != nil {
			t.Fatal(err)
		}
	}
	all, err := w.List(t.Context())
	if err != nil || len(all) != 1 || all[0].About != maya || all[0].Occasion != access.OnMoved {
		t.Fatalf("small reviews: %+v, %v", all, err)
	}
	c := w.Reads(all[0])
	if c.State != access.CampaignOpen || c.Counts.Rows != 2 || c.Counts.Reviewers != 1 {
		t.Fatalf("it started: %s %+v %v", c.State, c.Counts, c.Unproven)
	}
	for _, row := range w.Rows(c) {
		if row.Person != maya || campaignstest.Asks(row, 0) != "noor" || row.Because != access.BecauseMoved {
			t.Errorf("a row: %+v", row)
		}
	}
	if n := w.Dir.Asked["members "+w.Groups["figma-editors"]]; n > 0 {
		t.Errorf("a whole group was read %d times for one person", n)
	}
	if d, err := w.Draft(t.Context(), c.ID); err != nil || len(d.Reviewers) != 1 {
		t.Errorf("draft: %+v, %v", d, err)
	}
}

// TestASmallReviewOfNothing: whoever has nothing isn't asked about, and who has left neither.
func TestASmallReviewOfNothing(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Occasions = []string{"manager"}
	if err := w.Occasion(t.Context(), peopletest.ID("tom"), access.OnNewManager); err != nil {
		t.Fatal(err)
	}
	all, _ := w.List(t.Context())
	if c := w.Reads(all[0]); c.State != access.CampaignCancelled {
		t.Errorf("a review of nothing: %s", c.State)
	}
	w.Do(func(u *engine.Unit) error {
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
	w := campaignstest.NewReadings(t)
	c := w.Begun()
	then := campaigns.Reported()[campaigns.Then]
	w.Do(func(u *engine.Unit) error {
		return then(u, access.IssueReport{ID: c.ID}, nil, access.Issue{ID: "9", Key: "IT-9"})
	})
	if c = w.Now(c); c.Issue.Key != "IT-9" {
		t.Errorf("issue: %+v", c.Issue)
	}
	if len(w.Tasks("issue.report")) == 0 && !strings.Contains(w.TaskIDs(), "report/"+c.ID) {
		t.Errorf("no issue was asked for: %s", w.TaskIDs())
	}
}

// TestWhoMoves: another department or manager begins a small review, once; what isn't shown, or was never known, does not.
func TestWhoMoves(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Occasions = []string{"moved", "manager"}
	maya := peopletest.ID("maya")
	seen := func(department, manager string) []access.Campaign {
		t.Helper()
		a := idp.Person{ID: w.Accounts["maya"], Status: idp.Active, Department: department, ManagerID: manager}
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
		if _, err := w.Cancel(t.Context(), campaignstest.IT(), c.ID, "seen"); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Second)
	}
	for _, step := range []struct {
		department, manager string
		want                int
		occasion            access.Occasion
	}{
		{"Design", w.Accounts["noor"], 0, ""}, // nobody knows what was before
		{"DESIGN", w.Accounts["noor"], 0, ""},
		{"", "", 0, ""},
		{"Sales", w.Accounts["noor"], 1, access.OnMoved},
		{"Sales", w.Accounts["noor"], 1, ""},
		{"Sales", w.Accounts["grace"], 2, access.OnNewManager},
		{"Design", w.Accounts["noor"], 3, access.OnMoved},
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
	w := campaignstest.NewReadings(t)
	w.Review.Occasions = []string{"moved", "manager"}
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("maya"))
		if err != nil {
			return err
		}
		k.Department, k.Manager = "Design", peopletest.ID("noor")
		return store.PutPerson(u.Tx, &k)
	})
	a := idp.Person{ID: w.Accounts["maya"], Status: idp.Active, Department: "design", ManagerID: w.Accounts["grace"]}
	if err := w.Seen(t.Context(), "okta", a, peopletest.ID("maya")); err != nil {
		t.Fatal(err)
	}
	if all, _ := w.List(t.Context()); len(all) != 1 || all[0].Occasion != access.OnNewManager {
		t.Errorf("reviews: %+v", all)
	}
}
