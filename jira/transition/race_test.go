package transition_test

import (
	"net/http"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/jira/jiratest"
)

// before is a way to Jira on which something happens, once, before a call.
type before struct {
	http.RoundTripper
	call string // method and end of the path
	do   func()
}

func (b *before) RoundTrip(r *http.Request) (*http.Response, error) {
	if b.do != nil && strings.HasPrefix(b.call, r.Method+" ") && strings.HasSuffix(r.URL.Path, strings.TrimPrefix(b.call, r.Method+" ")) {
		do := b.do
		b.do = nil
		do()
	}
	return b.RoundTripper.RoundTrip(r)
}

// An issue that somebody moves between the look at its status and the look at the
// ways out of it isn't stranded: the ways were those of another status.
func TestAnIssueThatMovesWhileItsWaysAreRead(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.GrantAccess()
	closes := &before{RoundTripper: s.Config.Rest.HTTP.Transport, call: "GET /transitions", do: func() {
		if err := s.Site.Transition(s.Site.Bot().AccountID, s.Request.Issue.Key, "Close it out"); err != nil {
			t.Error(err)
		}
	}}
	s.Config.Rest.HTTP.Transport = closes
	s.Restart()
	s.GrantEvent(access.EventEnding, jiratest.Slack(jiratest.Iris), func(e *access.Event) { e.End = access.EndRevoked })
	s.Recorded(s.GrantEvent(access.EventMemberRemoved, access.System()))
	if closes.do != nil {
		t.Error("the issue was not moved meanwhile")
	}
	s.Status("Closed")
}
