package issue_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

// closing is a site where access without an end closes its issue.
func closing(t *testing.T, on string) *jiratest.Desk {
	t.Helper()
	d := jiratest.New(t)
	d.Config.Site.CloseOn = on
	d.Config.Site.Resolutions = map[string]string{site.Denied: "Declined", site.Cancelled: "Canceled", site.Ended: "Done", site.Granted: "Granted", site.Revoked: "Revoked", site.Lapsed: "Lapsed"}
	d.Restart()
	return d
}

func forever(s *jiratest.Story) {
	s.Request.Wanted, s.Request.Allowed = catalog.Forever, catalog.Forever
}

func statuses(is sandbox.Issue) (all []string) {
	for _, h := range is.History {
		if h.Field == "status" {
			all = append(all, h.To)
		}
	}
	return all
}

// The issue of access without an end is closed when it is given, and stays so: what comes
// later is a comment.
func TestAccessWithoutAnEndClosesItsIssue(t *testing.T) {
	s := jiratest.NewStory(closing(t, site.Granted), forever).Opened()
	s.GrantAccess()
	is := s.Status("Closed")
	if is.Resolution != "Granted" {
		t.Errorf("resolved as %q", is.Resolution)
	}
	before := len(statuses(is))
	s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
	s.Recorded(s.GrantEvent(access.EventStuck, access.System(), func(e *access.Event) { e.Note = "Okta is down." }))
	s.Recorded(s.GrantEvent(access.EventRetried, jiratest.Slack(jiratest.Iris)))
	s.Restart()
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	is = s.Status("Closed")
	if n := len(statuses(is)); n != before || is.Resolution != "Granted" {
		t.Errorf("it was moved %d times after it was closed, and is resolved as %q", n-before, is.Resolution)
	}
	if said := jiratest.Comments(is, "Revoked in Slack by iris@acme.example. Maya Lind no longer has Figma · Editor."); len(said) != 1 || !said[0].Public {
		t.Errorf("the end reads %+v", said)
	}
}

// What has an end, and everything where so configured, stays open until then.
func TestAccessWithAnEndKeepsItsIssueOpen(t *testing.T) {
	for name, s := range map[string]*jiratest.Story{
		"with an end":       jiratest.NewStory(closing(t, site.Granted)).Opened(),
		"until it is over":  jiratest.NewStory(closing(t, site.Ended), forever).Opened(),
		"for ninety days":   jiratest.NewStory(closing(t, site.Granted), func(s *jiratest.Story) { s.Request.Wanted, s.Request.Allowed = 90*catalog.Day, 90*catalog.Day }).Opened(),
		"not said to close": jiratest.NewStory(closing(t, ""), forever).Opened(),
	} {
		s.GrantAccess()
		s.Status("Granted")
		s.Clock.Advance(time.Hour)
		s.Recorded(s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked }))
		s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
		if is := s.Status("Closed"); is.Resolution != "Revoked" {
			t.Errorf("%s: resolved as %q", name, is.Resolution)
		}
	}
}

// A resolution says what came of a request, where one is named for that.
func TestResolutionsSayWhatCameOfIt(t *testing.T) {
	lapsed := jiratest.NewStory(closing(t, site.Granted), func(s *jiratest.Story) { s.Request.Lapses = s.Clock.Now().Add(time.Hour) }).Opened()
	lapsed.Ask()
	lapsed.Clock.Advance(2 * time.Hour)
	lapsed.Recorded(lapsed.RequestEvent(access.EventLapsed, access.System()))
	if is := lapsed.Status("Canceled"); is.Resolution != "Lapsed" {
		t.Errorf("what lapsed is resolved as %q", is.Resolution)
	}
	over := jiratest.NewStory(closing(t, site.Granted)).Opened()
	over.GrantAccess()
	over.Clock.Advance(6 * time.Hour)
	over.Recorded(over.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }))
	over.Recorded(over.GrantEvent(access.EventMemberRemoved, access.System()))
	if is := over.Status("Closed"); is.Resolution != "Done" {
		t.Errorf("what ended is resolved as %q", is.Resolution)
	}
}
