package issue_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// maySee gives or takes the right to see the project.
func maySee(d *jiratest.Desk, may bool) { d.Site.Permit("BROWSE_PROJECTS", may) }

// before does something before the nth call of a path.
type before struct {
	path string
	n    int
	do   func()
	next http.RoundTripper

	mu sync.Mutex
}

func (b *before) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if strings.HasSuffix(r.URL.Path, b.path) {
		if b.n--; b.n == 0 {
			b.do()
		}
	}
	return b.next.RoundTrip(r)
}

// unclear is a story whose issue was made although Jira said that it failed, an hour ago.
func unclear(t *testing.T) (s *jiratest.Story, since time.Time) {
	t.Helper()
	s = jiratest.NewStory(jiratest.New(t))
	since = s.Clock.Now()
	s.Site.AddFault(sandbox.Fault{Path: requestPath, After: true, Status: http.StatusInternalServerError})
	_, err := s.Open(time.Time{})
	jiratest.Failure(t, err, access.Unclear)
	s.Clock.Advance(time.Hour)
	return s, since
}

// Whoever may not see the project is shown no issue: that is no proof that there is none.
func TestNoSecondIssueWhileTheProjectIsHidden(t *testing.T) {
	s, since := unclear(t)
	if err := s.Client.Site.Discover(context.Background()); err != nil {
		t.Fatal(err)
	}
	maySee(s.Desk, false)
	_, err := s.Open(since)
	jiratest.Failure(t, err, access.Denied)
	if n := len(s.Site.Issues()); n != 1 {
		t.Fatalf("%d issues while none can be seen", n)
	}
	maySee(s.Desk, true)
	if issue, err := s.Open(since); err != nil || issue.Key != "IT-1" {
		t.Errorf("found %+v, %v", issue, err)
	}
}

// The right may come back between any two answers.
func TestNoSecondIssueWhenTheProjectShowsAgain(t *testing.T) {
	for _, path := range []string{"/search/jql", "/issue/bulkfetch", "/mypermissions", "/servicedeskapi/request"} {
		for n := 1; n <= 3; n++ {
			s, since := unclear(t)
			on := &before{path: path, next: s.Config.Rest.HTTP.Transport, do: func() { maySee(s.Desk, true) }}
			s.Config.Rest.HTTP = &http.Client{Transport: on}
			s.Restart()
			if err := s.Client.Site.Discover(context.Background()); err != nil {
				t.Fatal(err)
			}
			s.Clock.Advance(time.Hour) // nothing was under way when it began that may still happen
			on.n = n
			maySee(s.Desk, false)
			_, err := s.Open(since)
			if all := len(s.Site.Issues()); all != 1 {
				t.Errorf("shown again before call %d of %s: %d issues (%v)", n, path, all, err)
			}
		}
	}
}
