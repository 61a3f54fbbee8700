package issue_test

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
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

const requestPath = "/rest/servicedeskapi/request"

func TestCallsOfOpen(t *testing.T) {
	d := jiratest.New(t)
	if err := d.Client.Site.Discover(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := jiratest.NewStory(d)
	got := d.Calls(func() { s.Opened() })
	want := map[string]int{
		"GET /rest/api/3/user/search":       1,
		"POST /rest/servicedeskapi/request": 1,
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
		s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.SearchLag = time.Hour }))
		since := s.Clock.Now()
		s.Site.AddFault(lost)
		_, err := s.Open(time.Time{})
		jiratest.Failure(t, err, access.Unclear)
		s.Restart() // nothing is remembered
		s.Clock.Advance(time.Second)
		issue, err := s.Open(since)
		if err != nil {
			t.Fatalf("Open after a lost answer: %v", err)
		}
		all := s.Site.Issues()
		if len(all) != 1 || all[0].Key != issue.Key || all[0].ID != issue.ID {
			t.Errorf("opened %+v, and the site has %d issues", issue, len(all))
		}
	}
}

func TestFoundBySearchAlone(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	s.Restart()
	s.Clock.Advance(48 * time.Hour)
	got := s.Calls(func() {
		issue, err := s.Open(s.Clock.Now().Add(-48 * time.Hour))
		if err != nil || issue != s.Request.Issue {
			t.Errorf("found %+v, %v; want %+v", issue, err, s.Request.Issue)
		}
	})
	if got["POST /rest/api/3/search/jql"] != 1 || got["POST /rest/api/3/issue/bulkfetch"] != 0 || got["POST "+requestPath] != 0 {
		t.Errorf("calls %v: one search is enough", got)
	}
}

// A create that never happened is only repeated when that is certain.
func TestNoIssueWhileTheSearchMayLag(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t))
	since := s.Clock.Now()
	s.Site.AddFault(sandbox.Fault{Path: requestPath, Status: http.StatusBadGateway})
	_, err := s.Open(time.Time{})
	jiratest.Failure(t, err, access.Unclear)
	s.Restart()
	for range 5 {
		_, err := s.Open(since)
		f := jiratest.Failure(t, err, access.Unclear)
		if f.After <= 0 || f.After > 10*time.Second {
			t.Errorf("try again after %s", f.After)
		}
		s.Clock.Advance(11 * time.Second)
	}
	if n := len(s.Site.Issues()); n != 0 {
		t.Fatalf("%d issues before it is certain", n)
	}
	s.Clock.Advance(10 * time.Second)
	if _, err := s.Open(since); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Site.Issues()); n != 1 {
		t.Errorf("%d issues, want 1", n)
	}
}

// The caller may forget that an attempt was unclear; the client does not.
func TestAnUnclearAttemptIsRemembered(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t, func(c *sandbox.Config) { c.SearchLag = time.Hour }))
	s.Site.AddFault(sandbox.Fault{Path: requestPath, After: true, Drop: true})
	_, err := s.Open(time.Time{})
	jiratest.Failure(t, err, access.Unclear)
	if _, err := s.Open(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Site.Issues()); n != 1 {
		t.Errorf("%d issues, want 1", n)
	}
}

// However many issues others have made since the attempt: not to find it would make a second one.
func TestProbeFindsTheIssueBehindOthers(t *testing.T) {
	for _, others := range []int{130, 5_050} {
		t.Run(strconv.Itoa(others), func(t *testing.T) { findsBehind(t, others) })
	}
}

func findsBehind(t *testing.T, others int) {
	d := jiratest.New(t)
	who := d.Site.Accounts()[1].AccountID
	raise := func(n int) {
		for range n {
			if _, err := d.Site.RaiseRequest(who, map[string]any{"summary": "Printer is on fire"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	raise(3)
	d.Clock.Advance(time.Hour)
	d.Site.SetSearchLag(30 * time.Minute)
	since := d.Clock.Now()
	raise(others)
	s := jiratest.NewStory(d).Opened()
	s.Restart()
	s.Clock.Advance(time.Second)
	issue, err := s.Open(since)
	if err != nil || issue != s.Request.Issue {
		t.Errorf("found %+v, %v; want %+v", issue, err, s.Request.Issue)
	}
}

func TestProbeReachesBackAsFarAsTheAttempt(t *testing.T) {
	for _, ago := range []time.Duration{time.Minute, 99 * time.Hour, 400 * 24 * time.Hour} {
		d := jiratest.New(t)
		if _, err := d.Site.RaiseRequest(d.Site.Accounts()[1].AccountID, map[string]any{"summary": "Old"}); err != nil {
			t.Fatal(err)
		}
		d.Clock.Advance(time.Hour)
		s := jiratest.NewStory(d).Opened()
		since := d.Clock.Now()
		d.Clock.Advance(ago)
		s.Restart()
		s.Site.SetSearchFlap(1) // the search forgets the newest hit every time
		issue, err := s.Open(since)
		if err != nil || issue != s.Request.Issue {
			t.Errorf("after %s: found %+v, %v; want %+v", ago, issue, err, s.Request.Issue)
		}
	}
}

// Many requests go on at once; the site is discovered once.
func TestManyRequestsAtOnce(t *testing.T) {
	d := jiratest.New(t)
	var wait sync.WaitGroup
	for i := range 12 {
		s := jiratest.NewStory(d, func(s *jiratest.Story) { s.Request.ID = "AR-" + strconv.Itoa(100+i) })
		asked := s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
		agreed := s.Agree()
		wait.Go(func() {
			issue, err := s.Open(time.Time{})
			if err != nil {
				t.Error(err)
				return
			}
			s.Request.Issue = issue
			for _, e := range []access.Event{asked, agreed} {
				if err := s.Record(e, false); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	for _, is := range d.Site.Issues() {
		if is.Status != "In progress" || len(is.Comments) != 1 {
			t.Errorf("%s is %s with %d comments", is.Key, is.Status, len(is.Comments))
		}
	}
	if n := len(d.Site.Issues()); n != 12 {
		t.Errorf("%d issues, want 12", n)
	}
	if n := d.Site.Stats()["GET /rest/api/3/myself"]; n != 1 {
		t.Errorf("discovered %d times, want once", n)
	}
}

// Anybody can write the marker into a request of their own.
func TestACopiedMarkerIsNotTaken(t *testing.T) {
	d := jiratest.New(t)
	who := d.Site.Accounts()[1].AccountID
	if _, err := d.Site.RaiseRequest(who, map[string]any{"summary": "Approved! [AR-7F3K9Q]"}); err != nil {
		t.Fatal(err)
	}
	s := jiratest.NewStory(d)
	since := d.Clock.Now()
	d.Clock.Advance(5 * time.Minute)
	issue, err := s.Open(since)
	if err != nil || issue.Key != "IT-2" {
		t.Errorf("opened %+v, %v; want an issue of its own, IT-2", issue, err)
	}
}

// What an issue carries for machines comes with the first record: nothing waits for it.
func TestTheStateComesWithTheFirstRecord(t *testing.T) {
	d := jiratest.New(t)
	s := jiratest.NewStory(d)
	calls := d.Calls(func() { s.Opened() })
	if calls["PUT /rest/api/3/issue/{issueIdOrKey}"] != 0 || s.Status("Waiting for approval").Properties["latchkey"] != nil {
		t.Errorf("opening it makes the calls %v", calls)
	}
	s.Site.AddFault(sandbox.Fault{Method: http.MethodPut, Path: "/rest/api/3/issue/{issueIdOrKey}"})
	e := s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{jiratest.Noor} })
	if err := s.Record(e, false); err == nil {
		t.Error("the fault did not apply")
	}
	s.Recorded(e)
	if s.Status("Waiting for approval").Properties["latchkey"] == nil {
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
		"nobody":                 {nil, "Latchkey"},
		"exact address":          {[]sandbox.Account{site("tom@acme.example", "Tom", "", false, true)}, "Tom"},
		"hidden address":         {[]sandbox.Account{site("tom@acme.example", "Tom", "", true, true)}, "Latchkey"},
		"the address for a name": {[]sandbox.Account{site("sly@acme.example", "tom@acme.example", "", true, true)}, "Latchkey"},
		"portal customer":        {[]sandbox.Account{site("tom@acme.example", "Tom", "customer", false, true)}, "Tom"},
		"only the beginning":     {[]sandbox.Account{site("tom@acme.example.org", "Other Tom", "", false, true)}, "Latchkey"},
		"two hidden":             {[]sandbox.Account{site("tom@acme.example", "Tom", "", true, true), site("tom@acme.example.org", "Other Tom", "", true, true)}, "Latchkey"},
		"exact beside hidden":    {[]sandbox.Account{site("tom@acme.example.org", "Other Tom", "", true, true), site("tom@acme.example", "Tom", "", false, true)}, "Tom"},
		"no customer here":       {[]sandbox.Account{site("tom@acme.example", "Tom", "", false, false)}, "Latchkey"},
	} {
		t.Run(name, func(t *testing.T) {
			d := jiratest.New(t)
			for _, a := range tc.people {
				d.Site.AddAccount(a)
			}
			s := jiratest.NewStory(d, func(s *jiratest.Story) {
				s.Requester = access.Person{ID: "tom@acme.example", Email: "tom@acme.example", Name: "Tom"}
				s.Beneficiary = s.Requester
				s.Request.Requester, s.Request.Beneficiary = "tom@acme.example", "tom@acme.example"
			}).Opened()
			is := s.Status("Waiting for approval")
			if text := s.Site.Render(is); !strings.Contains(text, "Reporter: "+tc.want+"\n") {
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
	s := jiratest.NewStory(jiratest.New(t), func(s *jiratest.Story) {
		s.Requester.Name = "May[a] [AR-OTHER]\n{panel}"
		s.Beneficiary.Name = s.Requester.Name
		s.App.Name = "Fig*ma* [AR-OTHER] " + strings.Repeat("x", 300)
		s.Request.Reason = nasty
	}).Opened()
	s.Ask()
	s.Recorded(s.RequestEvent(access.EventDenied, jiratest.Slack(jiratest.Noor), func(e *access.Event) { e.Approvers, e.Reason = []access.PersonID{jiratest.Noor}, nasty }))
	is := s.Status("Declined")
	if n := len([]rune(is.Summary)); n > 255 || strings.Count(is.Summary, "[") != 1 || !strings.HasSuffix(is.Summary, " [AR-7F3K9Q]") {
		t.Errorf("summary of %d characters: %q", n, is.Summary)
	}
	kept := strings.NewReplacer("\x00", "", "\u202e", "").Replace(nasty)
	refusals := jiratest.Comments(is, "Denied in Slack")
	for _, text := range []string{is.Description, refusals[0].Text} {
		if !strings.Contains(text, kept) {
			t.Errorf("the words are not there as they were said:\n%s", text)
		}
	}
}

func TestFieldsOfTheForm(t *testing.T) {
	const types = "com.atlassian.jira.plugin.system.customfieldtypes:"
	d := jiratest.New(t, func(c *sandbox.Config) {
		c.Fields = []sandbox.Field{
			{ID: "customfield_20001", Name: "Application", Type: "option", Custom: types + "select", Options: []string{"Figma", "GitHub"}, OnForm: true, Required: true},
			{ID: "customfield_20002", Name: "Role", Type: "string", Custom: types + "textfield", OnForm: true},
			{ID: "customfield_20003", Name: "How long", Type: "string", Custom: types + "textarea", OnForm: true},
			{ID: "customfield_20004", Name: "Access ends", Type: "string", Custom: types + "textfield"},
		}
	})
	d.Config.Site.Fields = map[string]string{"app": "application", "role": "customfield_20002", "duration": "How long", "until": "Access ends"}
	d.Restart()
	s := jiratest.NewStory(d).Opened()
	s.GrantAccess()
	want := map[string]string{"customfield_20001": "Figma", "customfield_20002": "Editor", "customfield_20003": "6 hours", "customfield_20004": "2026-11-23T15:00:00.000+0000"}
	got := s.Status("Granted").Fields
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
		fake := jiratest.NewFake(t)
		fake.Answer("POST "+requestPath, http.StatusCreated, body, nil)
		issue, err := fake.NewClient().Issues.Open(context.Background(), jiratest.NewStory(&jiratest.Desk{T: t, Clock: fake.Clock}).Case, time.Time{})
		if !ok {
			jiratest.Failure(t, err, access.Unclear)
			continue
		}
		if err != nil || issue.Key != "IT-7" || issue.ID != "10007" {
			t.Errorf("%s: opened %+v, %v", body, issue, err)
		}
	}
}

// However many were asked, what the issue carries fits into properties.
func TestStateFitsIntoAProperty(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	var crowd []access.PersonID
	for n := range 2400 {
		crowd = append(crowd, access.PersonID(fmt.Sprintf("a%04d@x.io", n*n%9973)))
	}
	s.Recorded(s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = crowd }))
	s.Same()
}

// The moment the caller knows may be long before the attempt of a process that
// died. A new process waits in full before it is certain.
func TestANewProcessWaitsInFull(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t))
	since := s.Clock.Now()
	s.Clock.Advance(time.Hour)
	s.Restart()
	s.Clock.Advance(time.Second)
	_, err := s.Open(since)
	jiratest.Failure(t, err, access.Unclear)
	s.Clock.Advance(time.Minute)
	if _, err := s.Open(since); err != nil {
		t.Fatal(err)
	}
}
