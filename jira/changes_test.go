package jira_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira"
	sandbox "latchkey/sandbox/jira"
)

func nobodyKnows(string, time.Time) bool { return false }

// changes reads what was changed since a moment and expects one issue.
func (d *desk) changes(since time.Time) access.IssueSnapshot {
	d.t.Helper()
	seen, err := d.c.Changes(context.Background(), since, nobodyKnows)
	if err != nil {
		d.t.Fatalf("Changes: %v", err)
	}
	if len(seen) != 1 {
		d.t.Fatalf("%d issues seen, want 1: %+v", len(seen), seen)
	}
	return seen[0]
}

func (d *desk) person(email access.PersonID) string {
	d.t.Helper()
	for _, a := range d.site.Accounts() {
		if a.Email == string(email) {
			return a.AccountID
		}
	}
	d.t.Fatalf("%s has no account", email)
	return ""
}

func withForm(cfg *sandbox.Config) {
	text := "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
	cfg.Fields = []sandbox.Field{
		{ID: "customfield_10070", Name: "Application", Type: "string", Custom: text, OnForm: true},
		{ID: "customfield_10071", Name: "Role", Type: "option", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:select", OnForm: true, Options: []string{"Editor", "Viewer"}},
		{ID: "customfield_10072", Name: "Duration", Type: "string", Custom: text, OnForm: true},
	}
}

func (d *desk) mapFields(fields map[string]string) {
	d.cfg.Fields = fields
	d.restart()
}

func (d *desk) raises(who access.PersonID, fields map[string]any) string {
	d.t.Helper()
	key, err := d.site.RaiseRequest(d.person(who), fields)
	if err != nil {
		d.t.Fatal(err)
	}
	return key
}

func TestARequestFromThePortalIsSeen(t *testing.T) {
	d := newDesk(t, withForm)
	d.mapFields(map[string]string{"app": "Application", "role": "Role", "duration": "Duration"})
	key := d.raises(maya, map[string]any{
		"summary": "Figma please", "description": "Launch *assets*", "customfield_10070": "Figma",
		"customfield_10071": map[string]string{"value": "Editor"}, "customfield_10072": "6 hours",
	})
	seen := d.changes(d.clock.Now())
	want := access.Form{App: "Figma", Role: "Editor", Duration: "6 hours", Reason: "Launch assets"}
	if diff := cmp.Diff(want, seen.Form); diff != "" {
		t.Errorf("the form (-want +got):\n%s", diff)
	}
	if !seen.Portal || seen.Own || seen.Issue.Key != key || seen.Reporter.Email != access.Email(maya) || !seen.Reporter.Active {
		t.Errorf("seen as %+v", seen)
	}
	if diff := cmp.Diff([]access.Phase{access.PhaseDeciding}, seen.Phases); diff != "" {
		t.Errorf("phases: %s", diff)
	}
}

func TestAFormCanBeWrittenAsLines(t *testing.T) {
	d := newDesk(t)
	d.raises(maya, map[string]any{"summary": "Access", "description": "App: Figma\nRole: Editor\nDuration: 6h\n\nLaunch assets\nfor Monday"})
	want := access.Form{App: "Figma", Role: "Editor", Duration: "6h", Reason: "Launch assets\nfor Monday"}
	if diff := cmp.Diff(want, d.changes(d.clock.Now()).Form); diff != "" {
		t.Errorf("the form (-want +got):\n%s", diff)
	}
}

func TestOnlyWhatOthersDidIsSeen(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.asked()
	key := s.Request.Issue.Key
	if err := s.site.Transition(s.person(noor), key, "Approve request"); err != nil {
		t.Fatal(err)
	}
	if err := s.site.Comment(s.person(noor), key, "Fine with *me*", true); err != nil {
		t.Fatal(err)
	}
	seen := s.changes(s.clock.Now())
	if len(seen.Changes) != 1 || len(seen.Comments) != 1 || !seen.Own {
		t.Fatalf("seen %+v", seen)
	}
	ch, m := seen.Changes[0], seen.Comments[0]
	if ch.Field != "status" || ch.By.Email != access.Email(noor) || !cmp.Equal(ch.Was, []access.Phase{access.PhaseDeciding}) || !cmp.Equal(ch.Is, []access.Phase{access.PhasePreparing}) || ch.ID == 0 || !ch.At.Equal(s.clock.Now()) {
		t.Errorf("change %+v", ch)
	}
	if m.Text != "Fine with me" || !m.Public || m.By.Email != access.Email(noor) || m.ID == 0 {
		t.Errorf("remark %+v", m)
	}
	if want, err := s.carry(s.Request.Issue.ID); err != nil || seen.State != want.State {
		t.Errorf("the state reads %q, want %q, %v", seen.State, want.State, err)
	}
	if n := len(s.issue(key).Comments) - 1; len(seen.OwnComments) != n {
		t.Errorf("%d comments of Latchkey's own, want %d", len(seen.OwnComments), n)
	}
}

func TestWhatIsKnownIsNotReadAgain(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	updated := s.changes(s.clock.Now()).Updated
	calls := s.calls(func() {
		seen, err := s.c.Changes(context.Background(), s.clock.Now(), func(id string, at time.Time) bool {
			return id == s.Request.Issue.ID && at.Equal(updated)
		})
		if err != nil || len(seen) != 0 {
			t.Errorf("seen %+v, %v", seen, err)
		}
	})
	if diff := cmp.Diff(map[string]int{"POST /rest/api/3/search/jql": 1}, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestChangesReachBackBehindALaggingIndex(t *testing.T) {
	d := newDesk(t, func(c *sandbox.Config) { c.SearchLag = 2 * time.Minute })
	d.raises(maya, map[string]any{"summary": "Figma"})
	if seen, err := d.c.Changes(context.Background(), d.clock.Now(), nobodyKnows); err != nil || len(seen) != 0 {
		t.Fatalf("the index is quicker than it should be: %+v, %v", seen, err)
	}
	d.clock.Advance(3 * time.Minute)
	d.changes(d.clock.Now().Add(-30 * time.Second))
}

func TestManyChangesComeInPages(t *testing.T) {
	d := newDesk(t)
	for i := range 130 {
		d.raises(maya, map[string]any{"summary": "Request " + strconv.Itoa(i)})
	}
	d.site.RepeatPageTokens(1)
	seen, err := d.c.Changes(context.Background(), d.clock.Now(), nobodyKnows)
	if err != nil {
		t.Fatal(err)
	}
	first := len(seen)
	seen, err = d.c.Changes(context.Background(), d.clock.Now(), nobodyKnows)
	if err != nil || len(seen) != 130 || first < 100 {
		t.Errorf("%d, then %d issues seen, want 130: %v", first, len(seen), err)
	}
}

func TestADeletedIssueIsGone(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	stays := access.Issue{ID: "10999", Key: "IT-99"}
	if err := s.site.DeleteIssue(s.person(noor), s.Request.Issue.Key); err != nil {
		t.Fatal(err)
	}
	seen, err := s.c.Look(context.Background(), []access.Issue{s.Request.Issue, stays})
	if err != nil || len(seen) != 2 || !seen[0].Gone || seen[0].Issue != s.Request.Issue || !seen[1].Gone {
		t.Errorf("seen %+v, %v", seen, err)
	}
}

func TestAMovedIssueKeepsItsID(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	key, err := s.site.MoveIssue(s.person(noor), s.Request.Issue.Key, "OPS")
	if err != nil {
		t.Fatal(err)
	}
	seen, err := s.c.Look(context.Background(), []access.Issue{s.Request.Issue})
	if err != nil || len(seen) != 1 || seen[0].Issue.Key != key || seen[0].Issue.ID != s.Request.Issue.ID {
		t.Fatalf("seen %+v, %v", seen, err)
	}
	if len(seen[0].Changes) != 1 || seen[0].Changes[0].Field != "key" || seen[0].Changes[0].To != key {
		t.Errorf("changes %+v", seen[0].Changes)
	}
}

func TestWhatOthersEditedIsNamedByWhatItHolds(t *testing.T) {
	d := newDesk(t, withForm)
	d.mapFields(map[string]string{"app": "Application"})
	s := newStory(d).opened()
	edit := func(field string, value any) {
		t.Helper()
		if err := s.site.EditField(s.person(noor), s.Request.Issue.Key, field, value); err != nil {
			t.Fatal(err)
		}
	}
	edit("customfield_10070", "Notion")
	edit("labels", []string{"vip"})
	edit("summary", "Something else")
	var fields []string
	for _, ch := range s.changes(s.clock.Now()).Changes {
		fields = append(fields, ch.Field)
	}
	if diff := cmp.Diff([]string{"app", "summary"}, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	s.recorded(s.tell(s.Request.Event(access.EventIssueDrift, access.System(), s.clock.Now())))
	is := s.issue(s.Request.Issue.Key)
	if is.Fields["customfield_10070"] != "Figma" || is.Summary != "Figma · Editor for Maya Lind [AR-7F3K9Q]" || !cmp.Equal(is.Labels, []string{"vip"}) {
		t.Errorf("put back as %q, %q, %q", is.Fields["customfield_10070"], is.Summary, is.Labels)
	}
}

func TestDriftPutsTheStatusBack(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.asked()
	key := s.Request.Issue.Key
	move := func(name string) {
		t.Helper()
		if err := s.site.Transition(s.person(noor), key, name); err != nil {
			t.Fatal(err)
		}
	}
	move("Approve request")
	s.recorded(s.tell(s.Request.Event(access.EventIssueDrift, access.System(), s.clock.Now())))
	s.status("Waiting for approval")
	move("Decline (with reason)")
	s.recorded(s.tell(s.Request.Event(access.EventIssueDrift, access.System(), s.clock.Now())))
	if len(said(s.status("Declined"), "It was left where it is")) != 1 {
		t.Error("the issue does not say that there is no way back")
	}
}

func TestWordsAreWrittenOnce(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	m := access.IssueComment{ID: "portal-1", At: s.clock.Now(), Title: "There is no app called “Figmaa”.", Words: "{code}",
		Lines: []string{"Figma"}, Link: "https://slack.com/app_redirect?app=A1", Public: true}
	for _, again := range []bool{false, true, true} {
		if err := s.c.Say(context.Background(), s.Request.Issue, m, again); err != nil {
			t.Fatal(err)
		}
	}
	found := said(s.issue(s.Request.Issue.Key), "There is no app called “Figmaa”.")
	if len(found) != 1 || !found[0].Public {
		t.Errorf("said %+v", found)
	}
	m.ID, m.Public = "note-1", false
	if err := s.c.Say(context.Background(), s.Request.Issue, m, false); err != nil {
		t.Fatal(err)
	}
	if found := said(s.issue(s.Request.Issue.Key), "Figmaa"); len(found) != 2 || found[1].Public {
		t.Errorf("said %+v", found)
	}
}

func TestLinksAndLabels(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	other := s.raises(noor, map[string]any{"summary": "Printer on fire"})
	for range 2 {
		if err := s.c.LinkIncident(context.Background(), s.Request.Issue, other); err != nil {
			t.Fatal(err)
		}
		if err := s.c.Label(context.Background(), s.Request.Issue, "break glass", ""); err != nil {
			t.Fatal(err)
		}
	}
	is := s.issue(s.Request.Issue.Key)
	if len(is.Links) != 1 || is.Links[0].Key != other || !cmp.Equal(is.Labels, []string{"break-glass", "latchkey"}) {
		t.Errorf("links %+v, labels %q", is.Links, is.Labels)
	}
	class(t, s.c.LinkIncident(context.Background(), s.Request.Issue, "IT-404"), access.Rejected)
	class(t, s.c.Link(context.Background(), access.Issue{}, s.Request.Issue), access.Rejected)
}

func approvals(c *sandbox.Config) { c.Workflow = sandbox.ApprovalWorkflow() }

func TestApproversAreNamedBeforeTheyAreAsked(t *testing.T) {
	d := newDesk(t, approvals)
	d.mapFields(map[string]string{"approvers": "Approvers"})
	s := newStory(d).opened()
	s.status("New request")
	s.asked()
	a := s.status("Waiting for approval").Approvals
	if len(a) != 1 || len(a[0].Decisions) != 2 || a[0].Decisions[s.person(noor)] != "pending" {
		t.Fatalf("approvals %+v", a)
	}
	if err := s.site.AnswerApproval(s.person(noor), s.Request.Issue.Key, "approve"); err != nil {
		t.Fatal(err)
	}
	seen := s.changes(s.clock.Now())
	if len(seen.Votes) != 1 || !seen.Votes[0].Yes || seen.Votes[0].By.Email != access.Email(noor) || seen.Votes[0].At.IsZero() {
		t.Errorf("votes %+v", seen.Votes)
	}
	s.recorded(s.agreed())
	s.status("In progress")
}

func TestADecisionMadeElsewhereIsPassedOnHonestly(t *testing.T) {
	for name, yes := range map[string]bool{"In progress": true, "Declined": false} {
		d := newDesk(t, approvals)
		d.mapFields(map[string]string{"approvers": "Approvers"})
		s := newStory(d).opened()
		s.asked()
		if yes {
			s.recorded(s.agreed())
		} else {
			s.recorded(s.request(access.EventDenied, slack(noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{noor}, "No seats" }))
		}
		is := s.status(name)
		if len(said(is, "Jira shows Latchkey as the approver")) != 1 || len(said(is, "in Slack by Noor Haddad")) != 1 {
			t.Errorf("the issue does not say who decided: %+v", is.Comments)
		}
		if seen := s.changes(s.clock.Now()); len(seen.Votes) != 0 {
			t.Errorf("Latchkey takes its own answer for somebody's: %+v", seen.Votes)
		}
	}
}

func TestSomebodyFasterThanLatchkeyIsNoFailure(t *testing.T) {
	d := newDesk(t, approvals)
	d.mapFields(map[string]string{"approvers": "Approvers"})
	s := newStory(d).opened()
	s.asked()
	d.site.AddFault(sandbox.Fault{Method: "POST", Path: "/rest/servicedeskapi/request/{issueIdOrKey}/approval/{approvalId}", Status: 409})
	e := s.agreed()
	if err := s.site.AnswerApproval(s.person(noor), s.Request.Issue.Key, "approve"); err != nil {
		t.Fatal(err)
	}
	s.recorded(e)
	s.status("In progress")
}

func TestFieldsThatDoNotFitAreRefused(t *testing.T) {
	for field, want := range map[string]string{"approvers": "Summary", "until": "Labels", "reason": "Nowhere"} {
		d := newDesk(t)
		d.cfg.Fields = map[string]string{field: want}
		c, err := jira.New(d.cfg)
		if err != nil {
			t.Fatal(err)
		}
		class(t, c.Discover(context.Background()), access.Rejected)
	}
}
