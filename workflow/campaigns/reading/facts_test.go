package reading_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
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
