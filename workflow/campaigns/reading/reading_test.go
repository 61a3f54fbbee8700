package reading_test

import (
	"errors"
	"fmt"
	"slices"
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
	"latchkey/workflow/campaigns/population"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestPageTwoFails: what isn't read to its end doesn't start. While that may pass it is tried again; then the group is said, and the
// others are read all the same.
func TestPageTwoFails(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Automatic = true
	w.Put("figma-editors", "maya", "tom")
	w.Put("payroll-clerks", "omar")
	w.Dir.PageTwo[w.Groups["figma-editors"]] = errors.New("502")
	c := w.Begun()
	if err := w.Tries(); err == nil {
		t.Fatal("a list that breaks off was read")
	}
	if c = w.Now(c); c.State != access.CampaignReading {
		t.Fatalf("it went on: %s", c.State)
	}
	w.Do(func(u *engine.Unit) error { // as after some attempts
		task := w.Tasks(campaigns.ReadTask)[0]
		task.Attempts = 3 // attempts
		return u.Tx.Requeue(task)
	})
	c = w.Reads(c)
	if c.State != access.CampaignUnproven || len(c.Unproven) != 1 || !strings.Contains(c.Unproven[0], "figma-editors") || c.Counts.Rows != 1 {
		t.Fatalf("after some attempts: %s %+v %v", c.State, c.Counts, c.Unproven)
	}
	if _, _, err := w.Start(t.Context(), campaignstest.IT(), c.ID); campaignstest.Reason(err) != access.TooLate {
		t.Errorf("started: %v", err)
	}
	if _, err := w.Accept(t.Context(), campaignstest.IT(), c.ID, "it is small"); campaignstest.Reason(err) != access.Invalid {
		t.Errorf("what wasn't read was accepted: %v", err)
	}
	delete(w.Dir.PageTwo, w.Groups["figma-editors"])
	if c, err := w.ReadAgain(t.Context(), campaignstest.IT(), c.ID); err != nil || c.State != access.CampaignReading {
		t.Fatalf("read again: %+v, %v", c, err)
	}
	w.Clock.Advance(time.Second)
	if c = w.Reads(c); c.State != access.CampaignOpen || c.Counts.Rows != 3 {
		t.Errorf("once the directory works: %s %+v", c.State, c.Counts)
	}
}

// TestACrashWhileItIsRead: the next attempt goes on behind the last group that was read whole, and counts all of them.
func TestACrashWhileItIsRead(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya", "tom")
	w.Put("figma-admins", "maya")
	w.Put("payroll-clerks", "omar", "maya")
	w.Dir.PageTwo[w.Groups["payroll-clerks"]] = errors.New("killed")
	c := w.Begun()
	if err := w.Tries(); err == nil {
		t.Fatal("it wasn't broken off")
	}
	before := w.Dir.Asked["members "+w.Groups["figma-editors"]]
	delete(w.Dir.PageTwo, w.Groups["payroll-clerks"])
	w.Build(w.Dir) // another process
	c = w.Reads(c)
	if got := w.Dir.Asked["members "+w.Groups["figma-editors"]]; got != before {
		t.Errorf("a group that was read whole was read again: %d, then %d times", before, got)
	}
	if c.State != access.CampaignDraft || c.Counts.Rows != 5 || c.Counts.People != 3 || c.Counts.Groups != 3 {
		t.Errorf("after the crash: %s %+v", c.State, c.Counts)
	}
	if got := w.Rows(c); len(got) != 5 || campaignstest.Asks(got["maya payroll-clerks"], 0) != "noor" {
		t.Errorf("rows: %v", got)
	}
}

// TestACrashAfterItWasRead: what was finished is not read again.
func TestACrashAfterItWasRead(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya")
	c := w.Begun()
	task := w.Tasks(campaigns.ReadTask)[0]
	if _, err := w.Handlers()[campaigns.ReadTask].Do(t.Context(), task); err != nil { // and its outcome was lost
		t.Fatal(err)
	}
	before := w.Dir.Asked["members "+w.Groups["figma-editors"]]
	if c = w.Reads(c); c.State != access.CampaignDraft || c.Counts.Rows != 1 {
		t.Errorf("after the crash: %s %+v", c.State, c.Counts)
	}
	if got := w.Dir.Asked["members "+w.Groups["figma-editors"]]; got != before {
		t.Errorf("read again: %d, then %d times", before, got)
	}
}

// TestBegunTheDayBefore: what was broken off a day ago is begun anew.
func TestBegunTheDayBefore(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya")
	w.Dir.PageTwo[w.Groups["payroll-clerks"]] = errors.New("killed")
	c := w.Begun()
	if err := w.Tries(); err == nil {
		t.Fatal("it wasn't broken off")
	}
	delete(w.Dir.PageTwo, w.Groups["payroll-clerks"])
	w.Clock.Advance(25 * time.Hour)
	w.Put("figma-editors", "tom")
	if c = w.Reads(c); c.Counts.Rows != 2 {
		t.Errorf("rows: %+v", c.Counts)
	}
}

// TestWhoIsAsked: the manager, walked up past those who can't answer, never whoever it is about, and an end to every circle.
func TestWhoIsAsked(t *testing.T) {
	w := campaignstest.NewReadings(t)
	// stranger is nobody in Slack, and between maya2 and grace.
	w.Accounts["stranger"] = w.Vendor.AddPerson(idptest.Person{Email: "stranger@acme.example", Manager: "grace@acme.example"})
	w.Accounts["kim"] = w.Vendor.AddPerson(idptest.Person{Email: "kim@acme.example", Manager: "stranger@acme.example"})
	w.Accounts["self"] = w.Vendor.AddPerson(idptest.Person{Email: "self@acme.example", Manager: "self@acme.example"})
	w.Accounts["ring"] = w.Vendor.AddPerson(idptest.Person{Email: "ring@acme.example", Manager: "gnir@acme.example"})
	w.Accounts["gnir"] = w.Vendor.AddPerson(idptest.Person{Email: "gnir@acme.example", Manager: "ring@acme.example"})
	w.Put("figma-editors", "maya", "kim", "self", "ring", "grace", "ines")
	rows := w.Rows(w.Reads(w.Begun()))
	for who, want := range map[string]string{"maya": "noor", "kim": "grace", "self": "ines", "ring": "ines", "grace": "ines", "ines": "grace"} {
		if got := campaignstest.Asks(rows[who+" figma-editors"], 0); got != want {
			t.Errorf("about %s asks %q, want %q", who, got, want)
		}
	}
}

// TestNobodyReviewsThemselves: neither as an owner nor as IT; the row is nobody's then, and a review that starts by itself waits.
func TestNobodyReviewsThemselves(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Automatic = true
	w.Review.Stages[0].Reviewers, w.Review.Stages[0].Fallback = []catalog.Approver{{Kind: catalog.Owner}}, nil
	w.Put("figma-editors", "noor", "maya")
	c := w.Reads(w.Begun())
	if c.State != access.CampaignDraft || c.Counts.Alone != 1 {
		t.Fatalf("%s %+v", c.State, c.Counts)
	}
	rows := w.Rows(c)
	if campaignstest.Asks(rows["maya figma-editors"], 0) != "noor" || campaignstest.Asks(rows["noor figma-editors"], 0) != "" {
		t.Errorf("asked: %v", rows)
	}
	d, err := w.Draft(t.Context(), c.ID)
	if err != nil || len(d.Alone) != 1 || d.Alone[0].Person != peopletest.ID("noor") || len(d.Reviewers) != 1 || d.Reviewers[0].Rows != 1 || d.Reviewers[0].How != "an owner of the apps" {
		t.Errorf("draft: %+v, %v", d, err)
	}
	if c, _, err = w.Start(t.Context(), campaignstest.IT(), c.ID); err != nil || c.State != access.CampaignOpen {
		t.Errorf("IT starts it all the same: %+v, %v", c, err)
	}
}

// TestTwoStages: each has reviewers of its own, and those who answer beside the others.
func TestTwoStages(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Stages[0].Additional = []catalog.Approver{{Kind: catalog.Named, Person: "omar@acme.example"}}
	w.Review.Stages = append(w.Review.Stages, catalog.ReviewStage{Reviewers: []catalog.Approver{{Kind: catalog.SecondManager}}, Lasts: catalog.Week})
	w.Put("figma-editors", "maya")
	c := w.Reads(w.Begun())
	row := w.Rows(c)["maya figma-editors"]
	if campaignstest.Asks(row, 0) != "noor omar" || campaignstest.Asks(row, 1) != "grace" {
		t.Errorf("asked: %q, then %q", campaignstest.Asks(row, 0), campaignstest.Asks(row, 1))
	}
	if c.Counts.Reviewers != 3 {
		t.Errorf("reviewers: %d", c.Counts.Reviewers)
	}
	err := w.Units.View(t.Context(), func(tx store.Tx) error {
		r, err := rows.Of(tx, c, w.Catalogue())
		if err != nil {
			return err
		}
		for stage, who := range []string{"noor", "grace"} {
			n := 0
			for row, err := range r.Of(peopletest.ID(who), stage, 0) {
				if n++; err != nil || row.Account != w.Accounts["maya"] {
					t.Errorf("stage %d: %+v, %v", stage, row, err)
				}
			}
			if n != 1 {
				t.Errorf("%s has %d rows in stage %d", who, n, stage)
			}
		}
		if _, err := r.Row(99); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("row 99: %v", err)
		}
		n := 0
		for range r.About(peopletest.ID("maya")) {
			n++
		}
		if n != 1 {
			t.Errorf("maya has %d rows", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestLeaversAndTwoDirectories: a leaver in a list is one, and somebody in two directories reviews themselves in neither.
func TestLeaversAndTwoDirectories(t *testing.T) {
	w := campaignstest.NewReadings(t)
	other := idptest.NewVendor("entra", w.Clock)
	w.Build(w.Dir, other.Directory())
	w.Review.Stages[0].Reviewers = []catalog.Approver{{Kind: catalog.Owner}}
	second := other.AddPerson(idptest.Person{Email: "noor@acme.example", Name: "Noor"})
	group := other.AddGroup("figma-viewers", idptest.Plain)
	other.SetMember(group, second, true)
	w.Do(func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, peopletest.ID("noor"))
		if err != nil {
			return err
		}
		k.Person, _ = k.Bind(access.Binding{System: "entra", ID: second, Level: access.AssuranceChecked, Since: w.Clock.Now()}, "")
		return store.PutPerson(u.Tx, &k)
	})
	apps := slices.Clone(w.Catalogue().Apps())
	apps[0].Roles = append(slices.Clone(apps[0].Roles), catalog.Role{ID: "viewer", Name: "Viewer", Groups: []catalog.GroupRef{{Directory: "entra", Group: "figma-viewers"}}})
	w.Offered = catalog.New(apps, nil)
	w.Put("figma-editors", "maya", "tom")
	w.Vendor.SetStatus(w.Accounts["tom"], idp.Left)
	c := w.Reads(w.Begun())
	rows := w.Rows(c)
	if row := rows["tom figma-editors"]; !row.Left || row.Recommended != access.RecommendRevoke || row.Because != access.BecauseLeft {
		t.Errorf("the leaver's row: %+v", row)
	}
	if c.Counts.Left != 1 {
		t.Errorf("leavers: %+v", c.Counts)
	}
	if row := rows["noor figma-viewers"]; row.Person != peopletest.ID("noor") || campaignstest.Asks(row, 0) != "ines" {
		t.Errorf("noor's row in the other directory: %+v, asks %q", row, campaignstest.Asks(row, 0))
	}
}

// TestReadByTheExtractor: what proves a population is what the directory says of how it was read, and stands in the snapshot.
func TestReadByTheExtractor(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Extracting()
	w.Put("figma-editors", "maya", "tom")
	w.Put("figma-admins", "maya")
	w.Put("payroll-clerks", "omar")
	c := w.Reads(w.Begun())
	if c.State != access.CampaignDraft || c.Counts.Rows != 4 || len(c.Unproven) > 0 {
		t.Fatalf("read: %s %+v %v", c.State, c.Counts, c.Unproven)
	}
	err := w.Units.View(t.Context(), func(tx store.Tx) error {
		r, err := rows.Of(tx, c, w.Catalogue())
		if err != nil {
			return err
		}
		for g, err := range r.From.Groups() {
			if err != nil {
				return err
			}
			p, err := population.ProofOf(g)
			if err != nil || !p.Proven() || p.Tool != "1.2.3" || p.Group != g.ID || p.Last().Accounts != g.Rows {
				t.Errorf("the proof of %s: %+v, %v", g.Ref, p, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNothingIsKeptOfAListThatBreaksOff: those who were named before it broke off are no rows.
func TestNothingIsKeptOfAListThatBreaksOff(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Extracting()
	w.Put("figma-editors", "maya", "tom")
	w.Put("figma-admins", "maya")
	w.Put("payroll-clerks", "omar")
	w.Dir.PageTwo[w.Groups["figma-editors"]] = fmt.Errorf("page 2: %w", idp.ErrDenied)
	c := w.Reads(w.Begun())
	rows := w.Rows(c)
	if _, kept := rows["maya figma-editors"]; kept || len(rows) != 2 || c.State != access.CampaignUnproven || len(c.Unproven) != 1 {
		t.Errorf("%s %v, %d rows", c.State, c.Unproven, len(rows))
	}
}
