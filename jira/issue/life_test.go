package issue_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/jiratest"
)

func TestLifeOfARequest(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	key := s.Request.Issue.Key

	s.Ask()
	is := s.Status("Waiting for approval")
	if is.Summary != "Figma · Editor for Maya Lind [AR-7F3K9Q]" {
		t.Errorf("summary %q", is.Summary)
	}
	for _, want := range []string{"Maya Lind (maya@acme.example) asks for Figma · Editor, to be held for 6 hours.", "Launch assets", "made in Slack at 23 Nov 2026 09:00 UTC", "Risk: medium"} {
		if !strings.Contains(is.Description, want) {
			t.Errorf("description lacks %q:\n%s", want, is.Description)
		}
	}
	if who := s.Site.Render(is); !strings.Contains(who, "Reporter: Maya Lind\nRaised by: Latchkey") {
		t.Errorf("the request is not raised on behalf of Maya:\n%s", who)
	}
	if want := s.URL + "/servicedesk/customer/portal/10/" + key; s.Request.Issue.Portal != want || s.Request.Issue.CustomerURL() != want {
		t.Errorf("customers are sent to %q, want %q", s.Request.Issue.CustomerURL(), want)
	}
	if s.Request.Issue.URL != s.URL+"/browse/"+key {
		t.Errorf("address %q", s.Request.Issue.URL)
	}

	s.Recorded(s.Agree())
	s.Status("In progress")
	s.GrantEvent(access.EventRecorded, access.System())
	s.Recorded(s.GrantEvent(access.EventMemberAdded, access.System()))
	s.Status("Granted")
	s.Clock.Advance(time.Hour)
	s.Recorded(s.GrantEvent(access.EventExtended, jiratest.Slack(jiratest.Maya), func(e *access.Event) { e.Until = s.Clock.Now().Add(8 * time.Hour) }))
	s.Clock.Advance(8 * time.Hour)
	s.Recorded(s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.Status("Granted")
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	is = s.Status("Closed")
	if is.Resolution != "Done" {
		t.Errorf("resolution %q, want Done", is.Resolution)
	}
	var public []string
	for _, c := range is.Comments {
		if c.Public {
			public = append(public, c.Text)
		}
	}
	want := []string{
		"Approved in Slack by Noor Haddad. Maya Lind now has Figma · Editor, until 23 Nov 2026 15:00 UTC.",
		"Extended until 23 Nov 2026 18:00 UTC in Slack by Maya Lind.",
		"The time is up. Maya Lind no longer has Figma · Editor.",
	}
	if diff := cmp.Diff(want, public); diff != "" {
		t.Errorf("what the customer reads (-want +got):\n%s", diff)
	}
}

func TestEvidenceIsInternal(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.GrantAccess()
	is := s.Status("Granted")
	added, _ := s.Last(access.EventMemberAdded)
	for _, text := range []string{"okta:figma-editors", "Before: not a member", "Read back: is a member", added.Leaf.String(), "account U-noor", "May decide at that moment: Noor Haddad (noor@acme.example)"} {
		found := jiratest.Comments(is, text)
		if len(found) != 1 {
			t.Errorf("%d comments say %q, want 1", len(found), text)
		}
		for _, c := range found {
			if c.Public {
				t.Errorf("the customer can read the evidence %q", c.Text)
			}
		}
	}
	var stamp struct {
		ID   string
		N    uint64
		Leaf access.Hash
	}
	if err := json.Unmarshal(jiratest.Comments(is, "now has")[0].Properties["latchkey.event"], &stamp); err != nil {
		t.Fatal(err)
	}
	if stamp.ID != added.ID || stamp.N != added.N || stamp.Leaf != added.Leaf {
		t.Errorf("the comment is stamped %+v, want %s %s", stamp, added.ID, added.Leaf)
	}
}

func TestHistoryNamesWhoDecided(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	e := s.Agree()
	s.Recorded(e)
	var got struct {
		Actor     struct{ ID, DisplayName string }
		ExtraData struct{ Event, Via string }
	}
	for _, h := range s.Status("In progress").History {
		if h.Field == "status" {
			if err := json.Unmarshal(h.Metadata, &got); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got.Actor.ID != string(jiratest.Noor) || got.Actor.DisplayName != "Noor Haddad" || got.ExtraData.Event != e.ID || got.ExtraData.Via != "slack" {
		t.Errorf("the history says %+v", got)
	}
}

// What the issue carries for machines is written as it is given, the state and
// the pages, and never more than that.
func TestStateForMachines(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.GrantAccess()
	want, err := s.MakeRecord(s.Request.Issue)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for key, raw := range s.Status("Granted").Properties {
		var text string
		if strings.HasPrefix(key, "latchkey") && json.Unmarshal(raw, &text) == nil {
			got[key] = text
		}
	}
	if diff := cmp.Diff(map[string]string{"latchkey": want.State, "latchkey.1": want.Pages[0]}, got); diff != "" {
		t.Errorf("the issue carries (-want +got):\n%s", diff)
	}
}

func TestDenial(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	s.Recorded(s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) {
		e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, "Please use the shared seat."
	}))
	is := s.Status("Declined")
	if is.Resolution != "Declined" {
		t.Errorf("resolution %q", is.Resolution)
	}
	said := jiratest.Comments(is, "Denied in Slack by Noor Haddad")
	if len(said) != 2 || !said[0].Public || said[1].Public || !strings.Contains(said[0].Text, "Please use the shared seat.") {
		t.Errorf("the refusal reads %+v", said)
	}
}

func TestWithdrawal(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	s.Recorded(s.RequestEvent(access.EventCancelled, jiratest.Slack(jiratest.Maya)))
	if is := s.Status("Canceled"); is.Resolution != "Canceled" {
		t.Errorf("resolution %q", is.Resolution)
	}
}

func TestManualChange(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t), func(s *jiratest.Story) { s.App.Provisioning = catalog.Manual }).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.Recorded(s.GrantEvent(access.EventRecorded, access.System()))
	if len(jiratest.Comments(s.Status("Waiting for support"), "iris@acme.example has been asked to make it.")) != 1 {
		t.Error("the issue does not say whose turn it is")
	}
	s.Recorded(s.GrantEvent(access.EventFulfilled, jiratest.Slack(jiratest.Iris)))
	s.Status("Granted")
	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Status("Granted")
	s.Recorded(s.GrantEvent(access.EventFulfilled, jiratest.Slack(jiratest.Iris)))
	if len(jiratest.Comments(s.Status("Closed"), "Revoked in Slack by iris@acme.example. Maya Lind no longer has Figma · Editor. Made by hand and confirmed in Slack by iris@acme.example.")) != 1 {
		t.Error("the issue does not say that the access was removed manually")
	}
}

func TestAManualChangeThatIsCalledOffDoesNotLookGranted(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t), func(s *jiratest.Story) { s.App.Provisioning = catalog.Manual }).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.Recorded(s.GrantEvent(access.EventRecorded, access.System()))
	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Status("Waiting for support")
	s.Recorded(s.GrantEvent(access.EventFulfilled, jiratest.Slack(jiratest.Iris)))
	s.Status("Closed")
}

func TestStuckAndResume(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Ask()
	s.Recorded(s.Agree())
	s.GrantEvent(access.EventRecorded, access.System())
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta refuses the token." }))
	is := s.Status("Needs attention")
	if c := jiratest.Comments(is, "Okta refuses the token."); len(c) != 1 || c[0].Public {
		t.Errorf("the cause is told as %+v", c)
	}
	s.Recorded(s.GrantEvent(access.EventRetried, jiratest.Slack(jiratest.Iris)))
	s.Status("In progress")
	s.Recorded(s.GrantEvent(access.EventMemberAdded, access.System()))
	s.Status("Granted")

	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End, e.Reason = access.EndRevoked, "Project over" }))
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	s.Status("Needs attention")
	s.Recorded(s.GrantEvent(access.EventRetried, jiratest.Slack(jiratest.Iris)))
	s.Status("Granted")
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	s.Status("Closed")
}
