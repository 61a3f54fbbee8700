package site_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/jira"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

func TestDiscoveryFaults(t *testing.T) {
	const form = "GET /rest/servicedeskapi/servicedesk/10/requesttype/25/field"
	for name, tc := range map[string]struct {
		call, body string
		status     int
		class      access.Class
		want       string
	}{
		"not Jira Cloud": {"GET /rest/api/3/serverInfo", `{"deploymentType":"Server"}`, 200, access.Rejected, "Latchkey works with Jira Cloud only"},
		"no account":     {"GET /rest/api/3/myself", `{"name":"bot"}`, 200, access.Rejected, "check that jira.url is the address of a Jira Cloud site"},
		"no project":     {"GET /rest/api/3/project/IT", `{"errorMessages":["No project could be found"]}`, 404, access.Rejected, "check jira.project, or give the account the permission Browse projects"},
		"software":       {"GET /rest/api/3/project/IT", `{"key":"IT","projectTypeKey":"software","style":"classic"}`, 200, access.Rejected, "is not a service project"},
		"team-managed":   {"GET /rest/api/3/project/IT", `{"key":"IT","projectTypeKey":"service_desk","style":"next-gen","simplified":true}`, 200, access.Rejected, "is team-managed"},
		"no permission": {"GET /rest/api/3/mypermissions", `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"CREATE_ISSUES":{"havePermission":true},"TRANSITION_ISSUES":{"havePermission":false},"ADD_COMMENTS":{"havePermission":true}}}`,
			200, access.Denied, "latchkey@acme.example lacks permissions in project IT: add it to the permission scheme for EDIT_ISSUES, TRANSITION_ISSUES"},
		"no desk":         {"GET /rest/servicedeskapi/servicedesk/IT", `{"errorMessage":"x"}`, 404, access.Rejected, "make the account an agent"},
		"not an agent":    {"GET /rest/servicedeskapi/servicedesk/IT", ``, 403, access.Denied, "make latchkey@acme.example an agent of the service project"},
		"no request type": {"GET /rest/servicedeskapi/servicedesk/10/requesttype", `{"values":[{"id":"1","name":"Laptop"}],"isLastPage":true}`, 200, access.Rejected, "set jira.request_type to one of Laptop"},
		"a list without end": {"GET /rest/servicedeskapi/servicedesk/10/requesttype", `{"values":[{"id":"1","name":"Laptop"}],"isLastPage":false}`, 200, access.Transient,
			"never end when Latchkey wants to list the request types of project IT"},
		"not for others": {form, `{"canRaiseOnBehalfOf":false}`, 200, access.Rejected, "may not raise requests for others"},
		"no description": {form, `{"canRaiseOnBehalfOf":true,"requestTypeFields":[{"fieldId":"summary"}]}`, 200, access.Rejected, "lacks Summary or Description"},
		"wants more": {form, `{"canRaiseOnBehalfOf":true,"requestTypeFields":[{"fieldId":"summary"},{"fieldId":"description"},
			{"fieldId":"customfield_1","name":"Cost centre","required":true},{"fieldId":"customfield_2","name":"Team","required":true,"defaultValues":[{"value":"1"}]}]}`,
			200, access.Rejected, `requires "Cost centre", which Latchkey can't fill in`},
		"status renamed": {"GET /rest/api/3/project/IT/statuses", `[{"id":"1","statuses":[{"id":"1","name":"Open"}]},{"id":"2","statuses":[{"id":"1","name":"Waiting for approval"}]}]`,
			200, access.Rejected, `has no status "Waiting for approval": set jira.statuses.pending to one of Open`},
		"a login page":   {"GET /rest/api/3/myself", `<!doctype html><title>Sign in</title>`, 200, access.Transient, "A web page (200, “Sign in”) answered in Jira's place"},
		"out of service": {"GET /rest/api/3/myself", `<html>Bad gateway</html>`, 502, access.Transient, "A web page (502, Bad Gateway) answered in Jira's place"},
	} {
		t.Run(name, func(t *testing.T) {
			fake := jiratest.NewFake(t)
			fake.Answer(tc.call, tc.status, tc.body, nil)
			f := jiratest.Failure(t, fake.NewClient().Site.Discover(context.Background()), tc.class)
			if !strings.Contains(f.Sentence, tc.want) {
				t.Errorf("the failure reads\n%s\nwant %q in it", f.Sentence, tc.want)
			}
		})
	}
}

func TestFieldsThatAreNotThere(t *testing.T) {
	for key, want := range map[string]string{"app": "correct jira.fields.app", "until": "correct jira.fields.until"} {
		d := jiratest.New(t)
		d.Config.Site.Fields = map[string]string{key: "Colour"}
		d.Restart()
		f := jiratest.Failure(t, d.Client.Site.Discover(context.Background()), access.Rejected)
		if !strings.Contains(f.Sentence, want) {
			t.Errorf("the failure reads %s", f.Sentence)
		}
	}
}

// The bot may start while Jira is down: the first call that gets through
// discovers what is needed.
func TestDiscoveryIsMadeUpFor(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t))
	s.Site.AddFault(sandbox.Fault{Path: "/rest/api/3/project/{projectIdOrKey}", Times: 2})
	jiratest.Failure(t, s.Client.Site.Discover(context.Background()), access.Transient)
	_, err := s.Open(s.Clock.Now())
	jiratest.Failure(t, err, access.Transient)
	s.Opened()
	before := s.Site.Stats()["GET /rest/api/3/myself"]
	s.Ask()
	if after := s.Site.Stats()["GET /rest/api/3/myself"]; after != before {
		t.Errorf("discovered once more: %d calls instead of %d", after, before)
	}
}

func TestUnreachable(t *testing.T) {
	fake := jiratest.NewFake(t)
	c := fake.NewClient()
	fake.Server.Close()
	f := jiratest.Failure(t, c.Site.Discover(context.Background()), access.Transient)
	if strings.Contains(f.Error(), "demo-jira-token") {
		t.Errorf("the failure gives the token away: %v", f)
	}
}

func TestGivingUpWhileOthersDiscover(t *testing.T) {
	fake := jiratest.NewFake(t)
	c := fake.NewClient()
	entered, leave := make(chan struct{}), make(chan struct{})
	fake.Handle("GET /rest/api/3/myself", func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		_, _ = w.Write([]byte(`{"accountId":"bot"}`))
	})
	done := make(chan error)
	go func() { done <- c.Site.Discover(context.Background()) }()
	<-entered
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	jiratest.Failure(t, c.Site.Discover(ctx), access.Transient)
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestGatewayAndBearer(t *testing.T) {
	d := jiratest.New(t, func(c *sandbox.Config) { c.CloudID, c.BaseURL = "c-1", "https://acme.atlassian.net" })
	d.Config.Rest.URL, d.Config.Rest.Email = d.URL+"/ex/jira/c-1/", ""
	d.Restart()
	s := jiratest.NewStory(d).Opened()
	if want := "https://acme.atlassian.net/browse/IT-1"; s.Request.Issue.URL != want {
		t.Errorf("the address for people is %s, want %s", s.Request.Issue.URL, want)
	}
	s.GrantAccess()
	s.Status("Granted")
}

func TestFieldsThatDoNotFitAreRefused(t *testing.T) {
	for field, want := range map[string]string{"approvers": "Summary", "until": "Labels", "reason": "Nowhere"} {
		d := jiratest.New(t)
		d.Config.Site.Fields = map[string]string{field: want}
		c, err := jira.New(d.Config)
		if err != nil {
			t.Fatal(err)
		}
		jiratest.Failure(t, c.Site.Discover(context.Background()), access.Rejected)
	}
}
