package jiratest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"latchkey/access"
	"latchkey/jira"
)

// Fake is a site that answers with whatever a test wants, also what Jira would
// never say.
type Fake struct {
	T      *testing.T
	Clock  Clock
	Server *httptest.Server

	mu      sync.Mutex
	answers map[string]func(http.ResponseWriter, *http.Request)
	seen    []string
}

// NewFake answers discovery the way Jira does and everything else with 200 {}.
func NewFake(t *testing.T) *Fake {
	f := &Fake{T: t, Clock: NewClock(), answers: map[string]func(http.ResponseWriter, *http.Request){}}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Server.Close)
	const desk = "GET /rest/servicedeskapi/servicedesk/"
	for call, body := range map[string]string{
		"GET /rest/api/3/myself":     `{"accountId":"bot"}`,
		"GET /rest/api/3/serverInfo": `{"baseUrl":"https://acme.atlassian.net","deploymentType":"Cloud"}`,
		"GET /rest/api/3/project/IT": `{"key":"IT","projectTypeKey":"service_desk","style":"classic"}`,
		"GET /rest/api/3/mypermissions": `{"permissions":{"BROWSE_PROJECTS":{"havePermission":true},"CREATE_ISSUES":{"havePermission":true},
			"EDIT_ISSUES":{"havePermission":true},"TRANSITION_ISSUES":{"havePermission":true},"ADD_COMMENTS":{"havePermission":true}}}`,
		desk + "IT":                      `{"id":"10","projectKey":"IT"}`,
		desk + "10/requesttype":          `{"values":[{"id":"25","name":"Access request","issueTypeId":"1"}],"isLastPage":true}`,
		desk + "10/requesttype/25/field": `{"canRaiseOnBehalfOf":true,"requestTypeFields":[{"fieldId":"summary","required":true},{"fieldId":"description"}]}`,
		"GET /rest/api/3/project/IT/statuses": `[{"id":"1","statuses":[{"id":"1","name":"Waiting for approval"},{"id":"2","name":"In progress"},
			{"id":"3","name":"Waiting for support"},{"id":"4","name":"Granted"},{"id":"5","name":"Needs attention"},{"id":"6","name":"Declined"},
			{"id":"7","name":"Canceled"},{"id":"8","name":"Closed"}]}]`,
		"GET /rest/api/3/user/search":          `[]`,
		"GET /rest/api/3/field":                `[]`,
		"GET /rest/api/3/issue/10007":          `{"fields":{"status":{"id":"1"}}}`,
		"POST /rest/api/3/issue/10007/comment": `{"id":"900"}`,
	} {
		f.Answer(call, http.StatusOK, body, nil)
	}
	return f
}

// Answer makes the site answer a call, named by method and path.
func (f *Fake) Answer(call string, status int, body string, header map[string]string) {
	f.Handle(call, func(w http.ResponseWriter, _ *http.Request) {
		for k, v := range header {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// Handle lets a function answer a call.
func (f *Fake) Handle(call string, h func(http.ResponseWriter, *http.Request)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[call] = h
}

func (f *Fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	call := r.Method + " " + r.URL.Path
	f.seen = append(f.seen, call)
	h, ok := f.answers[call]
	f.mu.Unlock()
	if !ok {
		_, _ = w.Write([]byte(`{}`))
		return
	}
	h(w, r)
}

// Count is how often a call was made.
func (f *Fake) Count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.seen {
		if c == call {
			n++
		}
	}
	return n
}

// NewConfig is the configuration of a client for the site.
func (f *Fake) NewConfig() jira.Config {
	cfg := Config(f.Server.URL, f.Clock.Now)
	cfg.Rest.HTTP = f.Server.Client()
	return cfg
}

// NewClient makes a client for the site.
func (f *Fake) NewClient() *jira.Client {
	f.T.Helper()
	c, err := jira.New(f.NewConfig())
	if err != nil {
		f.T.Fatal(err)
	}
	return c
}

// TransitionID is the transition that a call asks for.
func TransitionID(r *http.Request) string {
	var in struct{ Transition struct{ ID string } }
	if json.NewDecoder(r.Body).Decode(&in) != nil {
		return ""
	}
	return in.Transition.ID
}

// FakeStory is a story whose issue, 10007, is on the fake site already.
func FakeStory(t *testing.T, f *Fake, cfg jira.Config) *Story {
	t.Helper()
	c, err := jira.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := NewStory(&Desk{T: t, Clock: f.Clock, Client: c})
	s.Request.Issue = access.Issue{ID: "10007", Key: "IT-7"}
	return s
}
