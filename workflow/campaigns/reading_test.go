package campaigns_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
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
		_, err := rows.Of(tx, access.Campaign{ID: c.ID, Snapshot: old}, w.Catalogue())
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what was read first is still there: %v", err)
	}
}
