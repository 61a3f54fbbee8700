package reading_test

import (
	"cmp"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
)

// TestNeighbours: what is said of one member is said of the next only where nothing else is known of them. In the second of two
// groups everybody was met before, so that rows are written for several at once.
func TestNeighbours(t *testing.T) {
	w := campaignstest.NewReadings(t)
	everybody := []string{"grace", "noor", "ines", "omar", "maya", "tom", "lea", "kim", "joe", "zoe", "sal", "ann"}
	for _, hired := range []string{"lea", "kim", "joe", "zoe"} {
		w.Hire(hired, "noor")
	}
	for _, hired := range []string{"sal", "ann"} {
		w.Hire(hired, "noor")
		w.Vendor.Edit(w.Accounts[hired], func(p *idp.Person) { p.Department = "Sales" })
	}
	w.Vendor.SetStatus(w.Accounts["joe"], idp.Left)
	for _, group := range []string{"figma-editors", "payroll-clerks"} {
		w.Put(group, everybody...)
		w.Vendor.SetMember(w.Groups[group], w.Accounts["lea"], group == "payroll-clerks")
	}
	w.Grant("maya", "payroll", "clerk", "payroll-clerks", nil)
	w.Do(func(u *engine.Unit) error {
		c := access.Campaign{ID: "RV-OLD", Review: catalog.Review{ID: "old"}, State: access.CampaignClosed, Closed: u.At}
		i := access.ReviewItem{Campaign: c.ID, Row: 1, Account: w.Accounts["kim"], Group: catalog.GroupRef{Directory: "okta", Group: "payroll-clerks"}, GroupID: w.Groups["payroll-clerks"], State: access.ItemSettled, Decision: access.DecisionRevoke}
		return cmp.Or(store.PutCampaign(u.Tx, &c), store.PutReviewItem(u.Tx, &i))
	})
	found := w.Rows(w.Reads(w.Begun()))
	for _, who := range everybody {
		row, first := found[who+" payroll-clerks"], found[who+" figma-editors"]
		asks, because, peers := "noor", access.BecauseUnexpected, 100
		switch who {
		case "noor", "ines", "omar":
			asks = "grace"
		case "grace":
			asks = "ines"
		case "maya":
			because = access.BecauseNothing
		case "kim":
			because = access.BecauseRevoked
		case "joe":
			because, peers = access.BecauseLeft, -1
		case "sal", "ann":
			peers = -1
		}
		if got := campaignstest.Asks(row, 0); got != asks || row.Because != because || row.Peers != peers || (row.Grant != "") != (who == "maya") {
			t.Errorf("%s: asks %s, %s, %d %% of their peers, %q", who, got, row.Because, row.Peers, row.Grant)
		}
		if who != "lea" && campaignstest.Asks(first, 0) != asks {
			t.Errorf("%s, in the first group: asks %s", who, campaignstest.Asks(first, 0))
		}
	}
}

// TestNeighboursOfOneOfWhomMoreIsKnown: use, conflicts and exclusions are each one's own.
func TestNeighboursOfOneOfWhomMoreIsKnown(t *testing.T) {
	people := []string{"maya", "tom", "lea", "kim"}
	for name, c := range map[string]struct {
		change func(*campaignstest.Readings)
		of     string // of whom something is known
		is     func(rows.Row) bool
	}{
		"use": {func(w *campaignstest.Readings) {
			now := w.Clock.Now()
			w.Dir.Reach, w.Dir.Uses = now.Add(-90*24*time.Hour), []idp.Use{{PersonID: w.Accounts["tom"], Last: now.Add(-time.Hour)}}
		}, "tom", func(r rows.Row) bool { return !r.Used.IsZero() }},
		"a conflict": {func(w *campaignstest.Readings) {
			w.Policy.Conflicts = []catalog.Conflict{{ID: "design-pay", Why: "no", Not: [2][]catalog.Holding{{{App: "figma", Role: "admin"}}, {{App: "payroll"}}}}}
		}, "lea", func(r rows.Row) bool { return len(r.Conflicts) > 0 }},
		"an exclusion": {func(w *campaignstest.Readings) {
			w.Review.Scope.Exclude = []catalog.ReviewExclude{{Person: "tom@acme.example", Why: "he is asked apart", By: "ines@acme.example"}}
		}, "tom", func(r rows.Row) bool { return r.Excluded != "" }},
	} {
		w := campaignstest.NewReadings(t)
		w.Hire("lea", "noor")
		w.Hire("kim", "noor")
		w.Put("figma-editors", people...)
		w.Put("figma-admins", "lea")
		w.Put("payroll-clerks", people...)
		w.Vendor.AddApp(idptest.App{Name: "Payroll", Groups: []string{w.Groups["payroll-clerks"]}})
		c.change(w)
		found := w.Rows(w.Reads(w.Begun()))
		for _, who := range people {
			if row := found[who+" payroll-clerks"]; c.is(row) != (who == c.of) {
				t.Errorf("%s: %s's row is %+v", name, who, row)
			}
		}
	}
}
