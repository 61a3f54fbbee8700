package campaigns_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/rows"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

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

// TestTheNewManagerIsToldLater: a directory tells of the move first, and of the new manager some minutes later. The review that the
// move began asks the new one then, unless somebody has answered by that time.
func TestTheNewManagerIsToldLater(t *testing.T) {
	for _, answered := range []bool{false, true} {
		w := campaignstest.NewReadings(t)
		w.Put("figma-editors", "maya")
		w.Review.Occasions = []string{"moved"}
		seen := func(department, manager string) {
			t.Helper()
			w.Clock.Advance(time.Minute)
			a := idp.Person{ID: w.Accounts["maya"], Status: idp.Active, Department: department, ManagerID: w.Accounts[manager]}
			if err := w.Seen(t.Context(), "okta", a, peopletest.ID("maya")); err != nil {
				t.Fatal(err)
			}
		}
		seen("Design", "noor")
		seen("Sales", "noor")
		all, err := w.List(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%d reviews, %v", len(all), err)
		}
		first := w.Reads(all[0])
		if row := only(w.Rows(first)); first.State != access.CampaignOpen || campaignstest.Asks(row, 0) != "noor" {
			t.Fatalf("%s, asks %s", first.State, campaignstest.Asks(row, 0))
		}
		if answered {
			if _, err := w.Deciding.Answer(t.Context(), access.Actor{Person: peopletest.ID("noor"), Via: access.ViaSlack}, first.ID, []deciding.Answer{{Row: only(w.Rows(first)).Number, Decision: access.DecisionNotMine}}); err != nil {
				t.Fatal(err)
			}
		}
		w.Vendor.SetManager(w.Accounts["maya"], "grace@acme.example")
		seen("Sales", "grace")
		all, _ = w.List(t.Context())
		if answered {
			if len(all) != 1 || all[0].State != access.CampaignOpen {
				t.Errorf("one that is being answered is begun anew: %+v", all)
			}
			continue
		}
		if len(all) != 2 {
			t.Fatalf("%d reviews", len(all))
		}
		was, now := all[0], all[1]
		if was.ID != first.ID {
			was, now = now, was
		}
		now = w.Reads(now)
		if was.State != access.CampaignCancelled || now.State != access.CampaignOpen || now.Occasion != access.OnMoved || campaignstest.Asks(only(w.Rows(now)), 0) != "grace" {
			t.Errorf("it was %s, is %s on %q, asks %s", was.State, now.State, now.Occasion, campaignstest.Asks(only(w.Rows(now)), 0))
		}
	}
}

// only is the one row that there is.
func only(all map[string]rows.Row) (r rows.Row) {
	for _, r = range all {
	}
	return r
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

// TestMovedAndLookedUpBefore: somebody moves, and before the log tells of it something else looks them up and remembers how they are.
// It is a move all the same; one of long ago isn't.
func TestMovedAndLookedUpBefore(t *testing.T) {
	for ago, want := range map[time.Duration]int{time.Minute: 1, 48 * time.Hour: 0} {
		w := campaignstest.NewReadings(t)
		w.Review.Occasions = []string{"moved"}
		w.Do(func(u *engine.Unit) error {
			k, err := store.Person(u.Tx, peopletest.ID("maya"))
			if err != nil {
				return err
			}
			was := k.Person
			was.Department, k.Department = "Design", "Sales"
			k.Person = k.MovedFrom(was, u.At.Add(-ago))
			return store.PutPerson(u.Tx, &k)
		})
		a := idp.Person{ID: w.Accounts["maya"], Status: idp.Active, Department: "Sales"}
		if err := w.Seen(t.Context(), "okta", a, peopletest.ID("maya")); err != nil {
			t.Fatal(err)
		}
		if all, _ := w.List(t.Context()); len(all) != want {
			t.Errorf("looked up %s ago: %+v", ago, all)
		}
	}
}

// TestASmallReviewReadsLists: what a list shows that was imported lately is asked about, under every account of theirs, and nobody
// else's. An import is an event of the log. Of an old list nothing is known.
func TestASmallReviewReadsLists(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Occasions = []string{"moved"}
	file := imported.File{App: "vault", Name: "vault.csv", Body: []byte("id,email,role\n1,maya@acme.example,reader\n2,tom@acme.example,reader\n3,maya@acme.example,reader\n4,who@else.example,reader\n")}
	by := access.Actor{Via: access.ViaCLI, Account: "ines"}
	l, err := w.Imported.Import(t.Context(), by, file, func(*engine.Unit, access.ImportedList) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	var seen []access.Event
	w.Do(func(u *engine.Unit) error {
		all, err := store.Events(u.Tx, store.Filter{}, 0, 1000)
		for _, e := range all {
			if e.Kind == access.EventListNew {
				seen = append(seen, e)
			}
		}
		return err
	})
	if len(seen) != 1 || seen[0].About() != access.ListSubject("vault") || seen[0].Review.Hash != l.File.SHA256 || seen[0].Review.Counts.Rows != 4 || seen[0].Actor != by || !strings.Contains(seen[0].Note, "vault.csv") {
		t.Errorf("events of an import: %+v", seen)
	}
	maya := peopletest.ID("maya")
	if err := w.Occasion(t.Context(), maya, access.OnMoved); err != nil {
		t.Fatal(err)
	}
	all, _ := w.List(t.Context())
	c := w.Reads(all[0])
	if c.State != access.CampaignOpen || c.Counts.Rows != 2 {
		t.Fatalf("%s, %+v, %q", c.State, c.Counts, c.Unproven)
	}
	for _, row := range w.Rows(c) {
		if row.Person != maya || row.Group.Directory != access.ImportedDirectory || row.App != "vault" || campaignstest.Asks(row, 0) != "noor" {
			t.Errorf("a row: %+v", row)
		}
	}
	w.Clock.Advance(8 * 24 * time.Hour)
	if err := w.Occasion(t.Context(), peopletest.ID("tom"), access.OnMoved); err != nil {
		t.Fatal(err)
	}
	all, _ = w.List(t.Context())
	for _, c := range all {
		if c.About == peopletest.ID("tom") && w.Reads(c).State != access.CampaignCancelled {
			t.Errorf("by a list of eight days ago: %+v", w.Now(c))
		}
	}
}
