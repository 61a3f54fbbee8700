package watch_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

func TestARequestFromThePortalIsSeen(t *testing.T) {
	d := jiratest.New(t, jiratest.WithForm)
	d.MapFields(map[string]string{"app": "Application", "role": "Role", "duration": "Duration"})
	key := d.Raise(jiratest.Maya, map[string]any{
		"summary": "Figma please", "description": "Launch *assets*", "customfield_10070": "Figma",
		"customfield_10071": map[string]string{"value": "Editor"}, "customfield_10072": "6 hours",
	})
	seen := d.Changes(d.Clock.Now())
	want := access.Form{App: "Figma", Role: "Editor", Duration: "6 hours", Reason: "Launch assets"}
	if diff := cmp.Diff(want, seen.Form); diff != "" {
		t.Errorf("the form (-want +got):\n%s", diff)
	}
	if !seen.Portal || seen.Own || seen.Issue.Key != key || seen.Reporter.Email != access.Email(jiratest.Maya) || !seen.Reporter.Active {
		t.Errorf("seen as %+v", seen)
	}
	if diff := cmp.Diff([]access.Phase{access.PhasePending}, seen.Phases); diff != "" {
		t.Errorf("phases: %s", diff)
	}
}

func TestAFormCanBeWrittenAsLines(t *testing.T) {
	d := jiratest.New(t)
	d.Raise(jiratest.Maya, map[string]any{"summary": "Access", "description": "App: Figma\nRole: Editor\nDuration: 6h\n\nLaunch assets\nfor Monday"})
	want := access.Form{App: "Figma", Role: "Editor", Duration: "6h", Reason: "Launch assets\nfor Monday"}
	if diff := cmp.Diff(want, d.Changes(d.Clock.Now()).Form); diff != "" {
		t.Errorf("the form (-want +got):\n%s", diff)
	}
}

// When a change was made is read however a site writes it, and never before what
// it followed.
func TestWhenAChangeWasMade(t *testing.T) {
	for _, dates := range []string{"", "seconds", "milliseconds"} {
		s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.ChangelogDates = dates }))
		s.Clock.Advance(400 * time.Millisecond)
		s.Opened().Ask()
		if err := s.Site.Transition(s.Account(jiratest.Noor), s.Request.Issue.Key, "Approve request"); err != nil {
			t.Fatal(err)
		}
		seen := s.Changes(s.Clock.Now())
		if len(seen.Changes) != 1 {
			t.Fatalf("%s: seen %+v", dates, seen.Changes)
		}
		if late := seen.Changes[0].At.Sub(s.Clock.Now()); late < 0 || late >= time.Second {
			t.Errorf("%s: the change is told %s after it was made", dates, late)
		}
	}
}

func TestOnlyWhatOthersDidIsSeen(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	key := s.Request.Issue.Key
	if err := s.Site.Transition(s.Account(jiratest.Noor), key, "Approve request"); err != nil {
		t.Fatal(err)
	}
	if err := s.Site.Comment(s.Account(jiratest.Noor), key, "Fine with *me*", true); err != nil {
		t.Fatal(err)
	}
	seen := s.Changes(s.Clock.Now())
	if len(seen.Changes) != 1 || len(seen.Comments) != 1 || !seen.Own {
		t.Fatalf("seen %+v", seen)
	}
	ch, m := seen.Changes[0], seen.Comments[0]
	if ch.Field != "status" || ch.By.Email != access.Email(jiratest.Noor) || !cmp.Equal(ch.Was, []access.Phase{access.PhasePending}) || !cmp.Equal(ch.Is, []access.Phase{access.PhaseApproved}) || ch.ID == 0 || !ch.At.Equal(s.Clock.Now()) {
		t.Errorf("change %+v", ch)
	}
	if m.Text != "Fine with me" || !m.Public || m.By.Email != access.Email(jiratest.Noor) || m.ID == 0 {
		t.Errorf("comment %+v", m)
	}
	if want, err := s.MakeRecord(s.Request.Issue); err != nil || seen.State != want.State {
		t.Errorf("the state reads %q, want %q, %v", seen.State, want.State, err)
	}
	if n := len(s.Issue(key).Comments) - 1; len(seen.OwnComments) != n {
		t.Errorf("%d comments of Latchkey's own, want %d", len(seen.OwnComments), n)
	}
}

func TestWhatIsKnownIsNotReadAgain(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	updated := s.Changes(s.Clock.Now()).Updated
	calls := s.Calls(func() {
		seen, err := s.Client.Snapshots.Changes(context.Background(), s.Clock.Now(), func(id string, at time.Time) bool {
			return id == s.Request.Issue.ID && at.Equal(updated)
		})
		if err != nil || len(seen) != 0 {
			t.Errorf("seen %+v, %v", seen, err)
		}
	})
	if diff := cmp.Diff(map[string]int{"GET /rest/api/3/mypermissions": 1, "POST /rest/api/3/search/jql": 1}, calls); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func TestChangesReachBackBehindALaggingIndex(t *testing.T) {
	d := jiratest.New(t, func(c *sandbox.Config) { c.SearchLag = 2 * time.Minute })
	d.Raise(jiratest.Maya, map[string]any{"summary": "Figma"})
	if seen, err := d.Client.Snapshots.Changes(context.Background(), d.Clock.Now(), jiratest.NobodyKnows); err != nil || len(seen) != 0 {
		t.Fatalf("the index is quicker than it should be: %+v, %v", seen, err)
	}
	d.Clock.Advance(3 * time.Minute)
	d.Changes(d.Clock.Now().Add(-30 * time.Second))
}

func TestManyChangesComeInPages(t *testing.T) {
	d := jiratest.New(t)
	for i := range 130 {
		d.Raise(jiratest.Maya, map[string]any{"summary": "Request " + strconv.Itoa(i)})
	}
	d.Site.RepeatPageTokens(1)
	seen, err := d.Client.Snapshots.Changes(context.Background(), d.Clock.Now(), jiratest.NobodyKnows)
	if err != nil {
		t.Fatal(err)
	}
	first := len(seen)
	seen, err = d.Client.Snapshots.Changes(context.Background(), d.Clock.Now(), jiratest.NobodyKnows)
	if err != nil || len(seen) != 130 || first < 100 {
		t.Errorf("%d, then %d issues seen, want 130: %v", first, len(seen), err)
	}
}

func TestADeletedIssueIsGone(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	stays := access.Issue{ID: "10999", Key: "IT-99"}
	if err := s.Site.DeleteIssue(s.Account(jiratest.Noor), s.Request.Issue.Key); err != nil {
		t.Fatal(err)
	}
	seen, err := s.Client.Snapshots.Look(context.Background(), []access.Issue{s.Request.Issue, stays})
	if err != nil || len(seen) != 2 || !seen[0].Gone || seen[0].Issue != s.Request.Issue || !seen[1].Gone {
		t.Errorf("seen %+v, %v", seen, err)
	}
}

func TestAMovedIssueKeepsItsID(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	key, err := s.Site.MoveIssue(s.Account(jiratest.Noor), s.Request.Issue.Key, "OPS")
	if err != nil {
		t.Fatal(err)
	}
	seen, err := s.Client.Snapshots.Look(context.Background(), []access.Issue{s.Request.Issue})
	if err != nil || len(seen) != 1 || seen[0].Issue.Key != key || seen[0].Issue.ID != s.Request.Issue.ID {
		t.Fatalf("seen %+v, %v", seen, err)
	}
	if len(seen[0].Changes) != 1 || seen[0].Changes[0].Field != "key" || seen[0].Changes[0].To != key {
		t.Errorf("changes %+v", seen[0].Changes)
	}
}

func TestWhatOthersEditedIsNamedByWhatItHolds(t *testing.T) {
	d := jiratest.New(t, jiratest.WithForm)
	d.MapFields(map[string]string{"app": "Application"})
	s := jiratest.NewStory(d).Opened()
	edit := func(field string, value any) {
		t.Helper()
		if err := s.Site.EditField(s.Account(jiratest.Noor), s.Request.Issue.Key, field, value); err != nil {
			t.Fatal(err)
		}
	}
	edit("customfield_10070", "Notion")
	edit("labels", []string{"vip"})
	edit("summary", "Something else")
	var fields []string
	for _, ch := range s.Changes(s.Clock.Now()).Changes {
		fields = append(fields, ch.Field)
	}
	if diff := cmp.Diff([]string{"app", "summary"}, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	s.Recorded(s.Append(s.Request.Event(access.EventIssueDrift, access.System(), s.Clock.Now())))
	is := s.Issue(s.Request.Issue.Key)
	if is.Fields["customfield_10070"] != "Figma" || is.Summary != "Figma · Editor for Maya Lind [AR-7F3K9Q]" || !cmp.Equal(is.Labels, []string{"vip"}) {
		t.Errorf("put back as %q, %q, %q", is.Fields["customfield_10070"], is.Summary, is.Labels)
	}
}
