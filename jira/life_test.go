package jira_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
)

func TestLifeOfARequest(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	key := s.Request.Issue.Key

	s.asked()
	is := s.status("Waiting for approval")
	if is.Summary != "Figma · Editor for Maya Lind [AR-7F3K9Q]" {
		t.Errorf("summary %q", is.Summary)
	}
	for _, want := range []string{"Maya Lind (maya@acme.example) asks for Figma · Editor, to be held for 6 hours.", "Launch assets", "made in Slack at 23 Nov 2026 09:00 UTC", "Risk: medium"} {
		if !strings.Contains(is.Description, want) {
			t.Errorf("description lacks %q:\n%s", want, is.Description)
		}
	}
	if who := s.site.Render(is); !strings.Contains(who, "Reporter: Maya Lind\nRaised by: Latchkey") {
		t.Errorf("the request is not raised on behalf of Maya:\n%s", who)
	}
	if s.Request.Issue.URL != s.url+"/browse/"+key {
		t.Errorf("address %q", s.Request.Issue.URL)
	}

	s.recorded(s.agreed())
	s.status("In progress")
	s.grant(access.EventRecorded, access.System())
	s.recorded(s.grant(access.EventMemberAdded, access.System()))
	s.status("Granted")
	s.clock.Advance(time.Hour)
	s.recorded(s.grant(access.EventExtended, slack(maya), func(e *access.Event) { e.Until = s.clock.Now().Add(8 * time.Hour) }))
	s.clock.Advance(8 * time.Hour)
	s.recorded(s.grant(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	s.status("Granted")
	s.recorded(s.grant(access.EventMemberRemoved, access.System()))
	is = s.status("Closed")
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
		"Waiting for Noor Haddad to decide.",
		"Approved in Slack by Noor Haddad (noor@acme.example), recorded by Latchkey.",
		"Maya Lind now has Figma · Editor. It ends by itself on 23 Nov 2026 15:00 UTC.",
		"Extended until 23 Nov 2026 18:00 UTC in Slack by Maya Lind (maya@acme.example), recorded by Latchkey.",
		"The time is up. Access to Figma · Editor is being removed.",
		"Done: Maya Lind no longer has Figma · Editor.",
	}
	if diff := cmp.Diff(want, public); diff != "" {
		t.Errorf("what the customer reads (-want +got):\n%s", diff)
	}
}

func TestEvidenceIsInternal(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.granted()
	is := s.status("Granted")
	added, _ := s.Last(access.EventMemberAdded)
	for _, text := range []string{"okta:figma-editors", "Before: not a member", "Read back: is a member", added.Leaf.String(), "account U-noor", "May decide at that moment: noor@acme.example"} {
		found := said(is, text)
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
	if err := json.Unmarshal(said(is, "now has")[0].Properties["latchkey.event"], &stamp); err != nil {
		t.Fatal(err)
	}
	if stamp.ID != added.ID || stamp.N != added.N || stamp.Leaf != added.Leaf {
		t.Errorf("the comment is stamped %+v, want %s %s", stamp, added.ID, added.Leaf)
	}
}

func TestHistoryNamesWhoDecided(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.asked()
	e := s.agreed()
	s.recorded(e)
	var got struct {
		Actor     struct{ ID, DisplayName string }
		ExtraData struct{ Event, Via string }
	}
	for _, h := range s.status("In progress").History {
		if h.Field == "status" {
			if err := json.Unmarshal(h.Metadata, &got); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got.Actor.ID != string(noor) || got.Actor.DisplayName != "Noor Haddad" || got.ExtraData.Event != e.ID || got.ExtraData.Via != "slack" {
		t.Errorf("the history says %+v", got)
	}
}

// What the issue carries for machines is written as it is given, the state and
// the pages, and never more than that.
func TestStateForMachines(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.granted()
	want, err := s.carry(s.Request.Issue.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for key, raw := range s.status("Granted").Properties {
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
	s := newStory(newDesk(t)).opened()
	s.asked()
	s.recorded(s.request(access.EventDenied, slack(noor), func(e *access.Event) {
		e.Approvers, e.Reason = []access.PersonID{noor}, "Please use the shared seat."
	}))
	is := s.status("Declined")
	if is.Resolution != "Declined" {
		t.Errorf("resolution %q", is.Resolution)
	}
	said := said(is, "Declined in Slack by Noor Haddad")
	if len(said) != 1 || !said[0].Public || !strings.Contains(said[0].Text, "Please use the shared seat.") {
		t.Errorf("the refusal reads %+v", said)
	}
}

func TestWithdrawal(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.asked()
	s.recorded(s.request(access.EventCancelled, slack(maya)))
	if is := s.status("Canceled"); is.Resolution != "Canceled" {
		t.Errorf("resolution %q", is.Resolution)
	}
}

func TestManualChange(t *testing.T) {
	s := newStory(newDesk(t), func(s *story) { s.App.Provisioning = catalog.Manual }).opened()
	s.asked()
	s.recorded(s.agreed())
	s.recorded(s.grant(access.EventRecorded, access.System()))
	if len(said(s.status("Waiting for support"), "iris@acme.example has been asked to make it.")) != 1 {
		t.Error("the issue does not say whose turn it is")
	}
	s.recorded(s.grant(access.EventFulfilled, slack(iris)))
	s.status("Granted")
	s.recorded(s.grant(access.EventEnding, slack(iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.status("Granted")
	s.recorded(s.grant(access.EventFulfilled, slack(iris)))
	if len(said(s.status("Closed"), "Maya Lind no longer has Figma · Editor. Made by hand and confirmed in Slack by iris@acme.example, recorded by Latchkey.")) != 1 {
		t.Error("the issue does not say that the access was removed by hand")
	}
}

func TestAManualChangeThatIsCalledOffDoesNotLookGranted(t *testing.T) {
	s := newStory(newDesk(t), func(s *story) { s.App.Provisioning = catalog.Manual }).opened()
	s.asked()
	s.recorded(s.agreed())
	s.recorded(s.grant(access.EventRecorded, access.System()))
	s.recorded(s.grant(access.EventEnding, slack(iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.status("Waiting for support")
	s.recorded(s.grant(access.EventFulfilled, slack(iris)))
	s.status("Closed")
}

func TestStuckAndResume(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.asked()
	s.recorded(s.agreed())
	s.grant(access.EventRecorded, access.System())
	s.recorded(s.grant(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta refuses the token." }))
	is := s.status("Needs attention")
	if c := said(is, "Okta refuses the token."); len(c) != 1 || c[0].Public {
		t.Errorf("the cause is told as %+v", c)
	}
	s.recorded(s.grant(access.EventRetried, slack(iris)))
	s.status("In progress")
	s.recorded(s.grant(access.EventMemberAdded, access.System()))
	s.status("Granted")

	s.recorded(s.grant(access.EventEnding, slack(iris), func(e *access.Event) { e.End, e.Reason = access.EndRevoked, "Project over" }))
	s.recorded(s.grant(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	s.status("Needs attention")
	s.recorded(s.grant(access.EventRetried, slack(iris)))
	s.status("Granted")
	s.recorded(s.grant(access.EventMemberRemoved, access.System()))
	s.status("Closed")
}

// A record may come late: by then the case has gone further than the event.
func TestSeveralTransitionsInOneRecord(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	e := s.agreed()
	s.grant(access.EventRecorded, access.System())
	s.grant(access.EventMemberAdded, access.System())
	s.recorded(e)
	is := s.status("Granted")
	var trail []string
	for _, h := range is.History {
		if h.Field == "status" {
			trail = append(trail, h.To)
		}
	}
	if diff := cmp.Diff([]string{"In progress", "Granted"}, trail); diff != "" {
		t.Errorf("the way (-want +got):\n%s", diff)
	}
	if n := len(said(is, "Approved in Slack")); n != 1 {
		t.Errorf("%d comments on the approval, want 1", n)
	}
}
