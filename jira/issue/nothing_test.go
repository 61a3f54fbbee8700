package issue_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// A failure that is certain to have made no issue says so, whichever call it was:
// the next attempt then needs no look and no wait. One that may have made an issue
// doesn't.
func TestWhatIsCertainToHaveMadeNothing(t *testing.T) {
	const raise = "/rest/servicedeskapi/request"
	for name, c := range map[string]struct {
		fault   sandbox.Fault
		certain bool
	}{
		"refused":             {sandbox.Fault{Method: http.MethodPost, Path: raise, Status: 400, Times: 2}, true},
		"forbidden":           {sandbox.Fault{Method: http.MethodPost, Path: raise, Status: 403, Times: 2}, true},
		"asked to wait":       {sandbox.Fault{Method: http.MethodPost, Path: raise, Status: 429, RetryAfter: 7}, true},
		"the token is dead":   {sandbox.Fault{Path: "/rest/api/3/myself", Status: 401}, true},
		"nobody can be found": {sandbox.Fault{Path: "/rest/api/3/user/search", Status: 503}, true},
		"trouble on the way":  {sandbox.Fault{Method: http.MethodPost, Path: raise, Status: 503}, false},
		"the answer was lost": {sandbox.Fault{Method: http.MethodPost, Path: raise, Drop: true, After: true}, false},
	} {
		s := jiratest.NewStory(jiratest.New(t))
		s.Site.AddFault(c.fault)
		_, err := s.Open(time.Time{})
		if f := access.Classify(err); err == nil || f.Nothing != c.certain {
			t.Errorf("%s: %v says that nothing was done: %v", name, err, f.Nothing)
		}
		r := access.IssueReport{ID: "RC-1", Title: "Reconciliation"}
		s.Restart()
		s.Site.ClearFaults()
		s.Site.AddFault(c.fault)
		if name == "nobody can be found" {
			continue // it is raised for nobody
		}
		if _, err = s.Client.Issues.OpenReport(context.Background(), r, time.Time{}); access.Classify(err).Nothing != c.certain {
			t.Errorf("%s: the report's %v says that nothing was done: %v", name, err, !c.certain)
		}
	}
}

// Customers that the desk does not take get their issue all the same, whichever
// way Jira says so.
func TestACustomerWhoMayNotAsk(t *testing.T) {
	for _, status := range []int{400, 403, 404} {
		s := jiratest.NewStory(jiratest.New(t))
		s.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: "/rest/servicedeskapi/request", Status: status})
		if is, err := s.Open(time.Time{}); err != nil || is.Key != "IT-1" {
			t.Errorf("%d: %+v %v", status, is, err)
		}
	}
}
