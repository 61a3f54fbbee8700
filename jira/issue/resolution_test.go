package issue_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// What comes to an end before the events that led there are told closes its issue with the event that says why: until
// then the resolution would be a mail that explains nothing.
func TestAnIssueIsResolvedByWhatSaysWhy(t *testing.T) {
	ended := func(s *jiratest.Story) []access.Event {
		s.GrantAccess()
		s.Clock.Advance(6 * time.Hour)
		return []access.Event{
			s.GrantEvent(access.EventEnding, access.System(), func(e *access.Event) { e.End = access.EndExpired }),
			s.GrantEvent(access.EventMemberRemoved, access.System()),
		}
	}
	asked := func(s *jiratest.Story) access.Event {
		return s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
	}
	denied := func(s *jiratest.Story) []access.Event {
		return []access.Event{asked(s), s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) {
			e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, "Please use the shared seat."
		})}
	}
	withdrawn := func(s *jiratest.Story) []access.Event {
		return []access.Event{asked(s), s.RequestEvent(access.EventCancelled, jiratest.Slack(jiratest.Maya))}
	}
	for name, told := range map[string]func(*jiratest.Story) []access.Event{"ended": ended, "denied": denied, "withdrawn": withdrawn} {
		s := jiratest.NewStory(jiratest.New(t)).Opened()
		all := told(s)
		for i, e := range all {
			s.MoreToTell = i < len(all)-1
			s.Recorded(e)
			is := s.Issue(s.Request.Issue.Key)
			if at := resolvedAt(is); !at.IsZero() && s.MoreToTell {
				t.Errorf("%s: %s resolved the issue before it was told why", name, e.Kind)
			}
		}
		if resolvedAt(s.Issue(s.Request.Issue.Key)).IsZero() {
			t.Errorf("%s: the issue is not resolved", name)
		}
	}
}

// resolvedAt is when an issue was given its resolution; zero while it has none.
func resolvedAt(is sandbox.Issue) (at time.Time) {
	for _, c := range is.History {
		if c.Field == "resolution" {
			at = c.At
		}
	}
	return at
}
