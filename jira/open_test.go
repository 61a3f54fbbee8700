package jira_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	sandbox "latchkey/sandbox/jira"
)

const requestPath = "/rest/servicedeskapi/request"

func TestCallsOfOpen(t *testing.T) {
	d := newDesk(t)
	if err := d.c.Discover(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := newStory(d)
	got := d.calls(func() { s.opened() })
	want := map[string]int{
		"GET /rest/api/3/user/search":          1,
		"POST /rest/servicedeskapi/request":    1,
		"PUT /rest/api/3/issue/{issueIdOrKey}": 1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls of Open (-want +got):\n%s", diff)
	}
}

// The answer is lost after Jira did the work: the next attempt must find the
// issue although the search does not show it yet.
func TestTimeoutAfterCommitMakesNoSecondIssue(t *testing.T) {
	for _, lost := range []sandbox.Fault{
		{Path: requestPath, After: true, Drop: true},
		{Path: requestPath, After: true, Status: http.StatusGatewayTimeout},
		{Path: requestPath, After: true, Status: http.StatusInternalServerError},
	} {
		s := newStory(newDesk(t, func(c *sandbox.Config) { c.SearchLag = time.Hour }))
		since := s.clock.Now()
		s.site.AddFault(lost)
		_, err := s.open(time.Time{})
		class(t, err, access.Unclear)
		s.restart() // nothing is remembered
		s.clock.Advance(time.Second)
		issue, err := s.open(since)
		if err != nil {
			t.Fatalf("Open after a lost answer: %v", err)
		}
		all := s.site.Issues()
		if len(all) != 1 || all[0].Key != issue.Key || all[0].ID != issue.ID {
			t.Errorf("opened %+v, and the site has %d issues", issue, len(all))
		}
		if all[0].Properties["latchkey"] == nil {
			t.Error("the issue that was found has no state")
		}
	}
}

func TestFoundBySearchAlone(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	s.restart()
	s.clock.Advance(48 * time.Hour)
	got := s.calls(func() {
		issue, err := s.open(s.clock.Now().Add(-48 * time.Hour))
		if err != nil || issue != s.Request.Issue {
			t.Errorf("found %+v, %v; want %+v", issue, err, s.Request.Issue)
		}
	})
	if got["POST /rest/api/3/search/jql"] != 1 || got["POST /rest/api/3/issue/bulkfetch"] != 0 || got["POST "+requestPath] != 0 {
		t.Errorf("calls %v: one search is enough", got)
	}
}

// A create that never happened is only repeated when that is certain.
func TestNoIssueUntilItHasSettled(t *testing.T) {
	s := newStory(newDesk(t))
	since := s.clock.Now()
	s.site.AddFault(sandbox.Fault{Path: requestPath, Status: http.StatusBadGateway})
	_, err := s.open(time.Time{})
	class(t, err, access.Unclear)
	s.restart()
	for range 5 {
		_, err := s.open(since)
		f := class(t, err, access.Unclear)
		if f.After <= 0 || f.After > 10*time.Second {
			t.Errorf("try again after %s", f.After)
		}
		s.clock.Advance(11 * time.Second)
	}
	if n := len(s.site.Issues()); n != 0 {
		t.Fatalf("%d issues before it is certain", n)
	}
	s.clock.Advance(10 * time.Second)
	if _, err := s.open(since); err != nil {
		t.Fatal(err)
	}
	if n := len(s.site.Issues()); n != 1 {
		t.Errorf("%d issues, want 1", n)
	}
}

// The caller may forget that an attempt was unclear; the client does not.
func TestAnUnclearAttemptIsRemembered(t *testing.T) {
	s := newStory(newDesk(t, func(c *sandbox.Config) { c.SearchLag = time.Hour }))
	s.site.AddFault(sandbox.Fault{Path: requestPath, After: true, Drop: true})
	_, err := s.open(time.Time{})
	class(t, err, access.Unclear)
	if _, err := s.open(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if n := len(s.site.Issues()); n != 1 {
		t.Errorf("%d issues, want 1", n)
	}
}

func TestProbeFindsTheIssueBehindOthers(t *testing.T) {
	d := newDesk(t)
	who := d.site.Accounts()[1].AccountID
	raise := func(n int) {
		for range n {
			if _, err := d.site.RaiseRequest(who, map[string]any{"summary": "Printer is on fire"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	raise(3)
	d.clock.Advance(time.Hour)
	d.site.SetSearchLag(30 * time.Minute)
	since := d.clock.Now()
	raise(130)
	s := newStory(d).opened()
	s.restart()
	s.clock.Advance(time.Second)
	issue, err := s.open(since)
	if err != nil || issue != s.Request.Issue {
		t.Errorf("found %+v, %v; want %+v", issue, err, s.Request.Issue)
	}
}

func TestProbeReachesBackAsFarAsTheAttempt(t *testing.T) {
	for _, ago := range []time.Duration{time.Minute, 99 * time.Hour, 400 * 24 * time.Hour} {
		d := newDesk(t)
		if _, err := d.site.RaiseRequest(d.site.Accounts()[1].AccountID, map[string]any{"summary": "Old"}); err != nil {
			t.Fatal(err)
		}
		d.clock.Advance(time.Hour)
		s := newStory(d).opened()
		since := d.clock.Now()
		d.clock.Advance(ago)
		s.restart()
		s.site.SetSearchFlap(1) // the search forgets the newest hit every time
		issue, err := s.open(since)
		if err != nil || issue != s.Request.Issue {
			t.Errorf("after %s: found %+v, %v; want %+v", ago, issue, err, s.Request.Issue)
		}
	}
}

// Many requests go on at once; the site is discovered once.
func TestManyRequestsAtOnce(t *testing.T) {
	d := newDesk(t)
	var wait sync.WaitGroup
	for i := range 12 {
		s := newStory(d, func(s *story) { s.Request.ID = "AR-" + strconv.Itoa(100+i) })
		asked := s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{noor} })
		agreed := s.agreed()
		wait.Go(func() {
			issue, err := s.open(time.Time{})
			if err != nil {
				t.Error(err)
				return
			}
			s.Request.Issue = issue
			for _, e := range []access.Event{asked, agreed} {
				if err := s.record(e, false); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	for _, is := range d.site.Issues() {
		if is.Status != "In progress" || len(is.Comments) != 3 {
			t.Errorf("%s is %s with %d comments", is.Key, is.Status, len(is.Comments))
		}
	}
	if n := len(d.site.Issues()); n != 12 {
		t.Errorf("%d issues, want 12", n)
	}
	if n := d.site.Stats()["GET /rest/api/3/myself"]; n != 1 {
		t.Errorf("discovered %d times, want once", n)
	}
}

// Anybody can write the marker into a request of their own.
func TestACopiedMarkerIsNotTaken(t *testing.T) {
	d := newDesk(t)
	who := d.site.Accounts()[1].AccountID
	if _, err := d.site.RaiseRequest(who, map[string]any{"summary": "Approved! [AR-7F3K9Q]"}); err != nil {
		t.Fatal(err)
	}
	s := newStory(d)
	since := d.clock.Now()
	d.clock.Advance(5 * time.Minute)
	issue, err := s.open(since)
	if err != nil || issue.Key != "IT-2" {
		t.Errorf("opened %+v, %v; want an issue of its own, IT-2", issue, err)
	}
}

func TestStateThatFailsIsWrittenWithTheNextRecord(t *testing.T) {
	s := newStory(newDesk(t))
	s.site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: "/rest/api/3/issue/{issueIdOrKey}"})
	s.opened()
	if s.status("Waiting for approval").Properties["latchkey"] != nil {
		t.Fatal("the fault did not apply")
	}
	s.asked()
	if s.status("Waiting for approval").Properties["latchkey"] == nil {
		t.Error("the state is still missing")
	}
}

func TestWhoTheRequestIsRaisedFor(t *testing.T) {
	site := func(email, name, kind string, hide, customer bool) sandbox.Account {
		return sandbox.Account{Email: email, DisplayName: name, Active: true, HideEmail: hide, Customer: customer, AccountType: kind}
	}
	for name, tc := range map[string]struct {
		people []sandbox.Account
		want   string // display name of the reporter
	}{
		"nobody":              {nil, "Latchkey"},
		"exact address":       {[]sandbox.Account{site("tom@acme.example", "Tom", "", false, true)}, "Tom"},
		"hidden address":      {[]sandbox.Account{site("tom@acme.example", "Tom", "", true, true)}, "Tom"},
		"portal customer":     {[]sandbox.Account{site("tom@acme.example", "Tom", "customer", false, true)}, "Tom"},
		"only the beginning":  {[]sandbox.Account{site("tom@acme.example.org", "Other Tom", "", false, true)}, "Latchkey"},
		"two hidden":          {[]sandbox.Account{site("tom@acme.example", "Tom", "", true, true), site("tom@acme.example.org", "Other Tom", "", true, true)}, "Latchkey"},
		"exact beside hidden": {[]sandbox.Account{site("tom@acme.example.org", "Other Tom", "", true, true), site("tom@acme.example", "Tom", "", false, true)}, "Tom"},
		"no customer here":    {[]sandbox.Account{site("tom@acme.example", "Tom", "", false, false)}, "Latchkey"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			for _, a := range tc.people {
				d.site.AddAccount(a)
			}
			s := newStory(d, func(s *story) {
				s.Requester = access.Person{ID: "tom@acme.example", Email: "tom@acme.example", Name: "Tom"}
				s.Beneficiary = s.Requester
				s.Request.Requester, s.Request.Beneficiary = "tom@acme.example", "tom@acme.example"
			}).opened()
			is := s.status("Waiting for approval")
			if text := s.site.Render(is); !strings.Contains(text, "Reporter: "+tc.want+"\n") {
				t.Errorf("want the reporter %s:\n%s", tc.want, text)
			}
			if alone := strings.Contains(is.Description, "raised this in its own name"); alone != (tc.want == "Latchkey") {
				t.Errorf("the description must say when Latchkey raises it alone, and only then:\n%s", is.Description)
			}
		})
	}
}

func TestUsersWordsStayWords(t *testing.T) {
	nasty := "{code}*bold*{code} [~accountid:x] !http://evil/x.png! h1. Big\nh1. Big\n</p>\x00\u202e \"quoted\" {\"type\":\"mention\"} \\\\"
	s := newStory(newDesk(t), func(s *story) {
		s.Requester.Name = "May[a] [AR-OTHER]\n{panel}"
		s.Beneficiary.Name = s.Requester.Name
		s.App.Name = "Fig*ma* [AR-OTHER] " + strings.Repeat("x", 300)
		s.Request.Reason = nasty
	}).opened()
	s.asked()
	s.recorded(s.request(access.EventDenied, slack(noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{noor}, nasty }))
	is := s.status("Declined")
	if n := len([]rune(is.Summary)); n > 255 || strings.Count(is.Summary, "[") != 1 || !strings.HasSuffix(is.Summary, " [AR-7F3K9Q]") {
		t.Errorf("summary of %d characters: %q", n, is.Summary)
	}
	kept := strings.NewReplacer("\x00", "", "\u202e", "").Replace(nasty)
	refusals := said(is, "Declined in Slack")
	for _, text := range []string{is.Description, refusals[0].Text} {
		if !strings.Contains(text, kept) {
			t.Errorf("the words are not there as they were said:\n%s", text)
		}
	}
}

func TestFieldsOfTheForm(t *testing.T) {
	const types = "com.atlassian.jira.plugin.system.customfieldtypes:"
	d := newDesk(t, func(c *sandbox.Config) {
		c.Fields = []sandbox.Field{
			{ID: "customfield_20001", Name: "Application", Type: "option", Custom: types + "select", Options: []string{"Figma", "GitHub"}, OnForm: true, Required: true},
			{ID: "customfield_20002", Name: "Role", Type: "string", Custom: types + "textfield", OnForm: true},
			{ID: "customfield_20003", Name: "How long", Type: "string", Custom: types + "textarea", OnForm: true},
			{ID: "customfield_20004", Name: "Access ends", Type: "string", Custom: types + "textfield"},
		}
	})
	d.cfg.Fields = map[string]string{"app": "application", "role": "customfield_20002", "duration": "How long", "until": "Access ends"}
	d.restart()
	s := newStory(d).opened()
	s.granted()
	want := map[string]string{"customfield_20001": "Figma", "customfield_20002": "Editor", "customfield_20003": "6 hours", "customfield_20004": "2026-11-23T15:00:00.000+0000"}
	got := s.status("Granted").Fields
	for id, text := range want {
		if got[id] != text {
			t.Errorf("field %s holds %q, want %q", id, got[id], text)
		}
	}
}

func TestAnIssueIsThereWhateverElseTheAnswerHolds(t *testing.T) {
	for body, ok := range map[string]bool{
		`{"issueId":"10007","issueKey":"IT-7","requestFieldValues":[{"value":{"a":[1]}}],"currentStatus":null}`: true,
		`{"issueId":10007,"issueKey":"IT-7","createdDate":"yesterday"}`:                                         true,
		`{"issueKey":""}`:      false,
		`<html>Sign in</html>`: false,
		``:                     false,
	} {
		fake := newFake(t)
		fake.answer("POST "+requestPath, http.StatusCreated, body, nil)
		issue, err := fake.client().Open(context.Background(), newStory(&desk{t: t, clock: fake.clock}).Case, nothingToCarry, time.Time{})
		if !ok {
			class(t, err, access.Unclear)
			continue
		}
		if err != nil || issue.Key != "IT-7" || issue.ID != "10007" {
			t.Errorf("%s: opened %+v, %v", body, issue, err)
		}
	}
}

// However many were asked, what the issue carries fits into properties.
func TestStateFitsIntoAProperty(t *testing.T) {
	s := newStory(newDesk(t)).opened()
	var crowd []access.PersonID
	for n := range 2400 {
		crowd = append(crowd, access.PersonID(fmt.Sprintf("a%04d@x.io", n*n%9973)))
	}
	s.recorded(s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = crowd }))
	s.same()
}

// The moment the caller knows may be long before the attempt of a process that
// died. A new process waits in full before it is certain.
func TestANewProcessSettlesInFull(t *testing.T) {
	s := newStory(newDesk(t))
	since := s.clock.Now()
	s.clock.Advance(time.Hour)
	s.restart()
	s.clock.Advance(time.Second)
	_, err := s.open(since)
	class(t, err, access.Unclear)
	s.clock.Advance(time.Minute)
	if _, err := s.open(since); err != nil {
		t.Fatal(err)
	}
}

func nothingToCarry(string) (access.IssueRecord, error) { return access.IssueRecord{}, nil }
