package campaigns_test

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
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
)

// TestACampaignUntilItIsOpen: IT begins it, every governed group is read, and each row says who has what, who is asked, and why.
func TestACampaignUntilItIsOpen(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya", "tom")
	w.Put("figma-admins", "maya")
	w.Put("payroll-clerks", "omar")
	c := w.Begun()
	if c.State != access.CampaignReading || c.Run != 1 {
		t.Fatalf("begun: %+v", c)
	}
	c = w.Reads(c)
	if c.State != access.CampaignDraft || c.Counts.Rows != 4 || c.Counts.People != 3 || c.Counts.Groups != 3 || c.Counts.Privileged != 1 || c.Counts.Alone != 0 || c.Counts.Reviewers != 2 {
		t.Fatalf("read: %s %+v %v", c.State, c.Counts, c.Unproven)
	}
	rows := w.Rows(c)
	row := rows["maya figma-editors"]
	if row.Person != peopletest.ID("maya") || row.Name != "Maya" || row.Department != "Design" || row.AppName != "Figma" || row.RoleName != "Editor" || row.Source != catalog.ByNothing || campaignstest.Asks(row, 0) != "noor" {
		t.Errorf("maya's row: %+v", row)
	}
	if got := campaignstest.Asks(rows["omar payroll-clerks"], 0); got != "grace" {
		t.Errorf("omar's row goes to %s, want grace", got)
	}
	if !rows["maya figma-admins"].Privileged {
		t.Error("the group of administrators isn't privileged")
	}
	c, again, err := w.Start(t.Context(), campaignstest.IT(), c.ID)
	if err != nil || again || c.State != access.CampaignOpen || !c.Due.Equal(w.Clock.Now().Add(catalog.Week)) {
		t.Fatalf("started: %+v, %v, %v", c, again, err)
	}
	st, err := w.Status(t.Context(), c.ID)
	if err != nil || len(st.Worklists) != 2 {
		t.Fatalf("status: %+v, %v", st, err)
	}
	for _, l := range st.Worklists {
		if want := map[access.PersonID]int{peopletest.ID("noor"): 3, peopletest.ID("grace"): 1}[l.Reviewer]; l.Rows != want || l.Left() != want {
			t.Errorf("worklist of %s: %+v, want %d rows", l.Reviewer, l, want)
		}
	}
	if all, err := w.List(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("list: %v, %v", all, err)
	}
}

// TestOnlyOneRunAtATime: a second run of a definition waits for the end of the first, and has the next number.
func TestOnlyOneRunAtATime(t *testing.T) {
	w := campaignstest.NewReadings(t)
	c := w.Begun()
	if _, err := w.BeginConfigured(t.Context(), campaignstest.IT(), "quarterly"); campaignstest.Reason(err) != access.Duplicate {
		t.Errorf("a second run: %v", err)
	}
	if _, err := w.Cancel(t.Context(), campaignstest.IT(), c.ID, ""); campaignstest.Reason(err) != access.Invalid {
		t.Errorf("cancelled without a reason: %v", err)
	}
	if _, err := w.Cancel(t.Context(), campaignstest.IT(), c.ID, "wrong scope"); err != nil {
		t.Fatal(err)
	}
	if w.Reads(c); w.Now(c).State != access.CampaignCancelled {
		t.Errorf("a cancelled campaign was read: %s", w.Now(c).State)
	}
	if next := w.Begun(); next.Run != 2 {
		t.Errorf("the next run is %d", next.Run)
	}
}

// TestOnlyITRunsReviews: nobody else begins, starts, reads, accepts or cancels one, and Latchkey itself does by the calendar.
func TestOnlyITRunsReviews(t *testing.T) {
	w := campaignstest.NewReadings(t)
	maya := campaignstest.By("maya")
	if _, err := w.BeginConfigured(t.Context(), maya, "quarterly"); campaignstest.Reason(err) != access.NotAllowed {
		t.Errorf("maya begins: %v", err)
	}
	c := w.Begun()
	for name, do := range map[string]func() error{
		"start":  func() error { _, _, err := w.Start(t.Context(), maya, c.ID); return err },
		"read":   func() error { _, err := w.ReadAgain(t.Context(), maya, c.ID); return err },
		"accept": func() error { _, err := w.Accept(t.Context(), maya, c.ID, "so"); return err },
		"cancel": func() error { _, err := w.Cancel(t.Context(), maya, c.ID, "so"); return err },
	} {
		if err := do(); campaignstest.Reason(err) != access.NotAllowed {
			t.Errorf("maya may %s: %v", name, err)
		}
	}
	if _, err := w.BeginConfigured(t.Context(), campaignstest.IT(), "yearly"); campaignstest.Reason(err) != access.Unknown {
		t.Errorf("a review that isn't configured: %v", err)
	}
	if _, _, err := w.Start(t.Context(), campaignstest.IT(), c.ID); campaignstest.Reason(err) != access.TooLate {
		t.Errorf("started while it is read: %v", err)
	}
	if _, err := w.Campaign(t.Context(), "RV-NONE"); campaignstest.Reason(err) != access.Unknown {
		t.Errorf("a review that isn't there: %v", err)
	}
}

// TestTheCalendarBegins: a review with a line of its own is a duty. While a run goes on, IT hears that none begins.
func TestTheCalendarBegins(t *testing.T) {
	w := campaignstest.NewReadings(t)
	if len(w.Duties()) > 0 {
		t.Error("a review without a line is a duty")
	}
	w.Review.Line = "0 6 1 */3 *"
	all := w.Duties()
	if len(all) != 1 || all[0].Name != "review/quarterly" || all[0].Line != w.Review.Line {
		t.Fatalf("duties: %+v", all)
	}
	for range 2 {
		done, err := all[0].Do(t.Context(), store.Task{})
		if err != nil {
			t.Fatal(err)
		}
		w.Do(done)
	}
	found, err := w.List(t.Context())
	if err != nil || len(found) != 1 || found[0].By != access.System() {
		t.Errorf("begun by the calendar: %+v, %v", found, err)
	}
	if told := w.Told(); !strings.Contains(told, "could not begin") {
		t.Errorf("IT hears %q", told)
	}
}

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

// TestAcceptedAsItIs: where the vendor counts otherwise, somebody of IT takes it by name, and a review that starts by itself starts.
func TestAcceptedAsItIs(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Automatic = true
	w.Put("figma-editors", "maya")
	w.Odd["figma-editors"] = true
	c := w.Reads(w.Begun())
	if c.State != access.CampaignUnproven {
		t.Fatalf("unproven: %s %v", c.State, c.Unproven)
	}
	if told := w.Told(); !strings.Contains(told, "counts 2 and 1 were read") {
		t.Errorf("IT hears %q", told)
	}
	if _, err := w.Accept(t.Context(), campaignstest.IT(), c.ID, ""); campaignstest.Reason(err) != access.Invalid {
		t.Errorf("accepted without a reason: %v", err)
	}
	c, err := w.Accept(t.Context(), campaignstest.IT(), c.ID, "a contractor is being set up")
	if err != nil || c.State != access.CampaignOpen || c.Accepted == nil || c.Accepted.By != campaignstest.IT() {
		t.Errorf("accepted: %+v, %v", c, err)
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

// TestAnOldDraftIsReadAgain: what was read more than a day ago is read again, and starts then.
func TestAnOldDraftIsReadAgain(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Put("figma-editors", "maya")
	c := w.Reads(w.Begun())
	old := c.Snapshot
	w.Clock.Advance(25 * time.Hour)
	w.Put("figma-editors", "tom")
	c, again, err := w.Start(t.Context(), campaignstest.IT(), c.ID)
	if err != nil || !again || c.State != access.CampaignReading {
		t.Fatalf("started: %+v, %v, %v", c, again, err)
	}
	if c = w.Reads(c); c.State != access.CampaignOpen || c.StartedBy != campaignstest.IT() || c.Counts.Rows != 2 || c.Snapshot == old {
		t.Errorf("read again: %+v", c)
	}
	err = w.Units.View(t.Context(), func(tx store.Tx) error {
		_, err := campaigns.RowsOf(tx, access.Campaign{ID: c.ID, Snapshot: old}, w.Catalogue())
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was read first is still there: %v", err)
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
		r, err := campaigns.RowsOf(tx, c, w.Catalogue())
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
		r, err := campaigns.RowsOf(tx, c, w.Catalogue())
		if err != nil {
			return err
		}
		for g, err := range r.From.Groups() {
			if err != nil {
				return err
			}
			p, err := campaigns.ProofOf(g)
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
