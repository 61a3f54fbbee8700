package rest_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	"latchkey/jira/rest"
)

// client asks a site that answers whatever a test wants.
func client(t *testing.T, fake *jiratest.Fake, change ...func(*rest.Config)) *rest.Client {
	t.Helper()
	cfg := fake.NewConfig().Rest
	cfg.Project, cfg.Logger = "IT", slog.New(slog.DiscardHandler)
	for _, f := range change {
		f(&cfg)
	}
	c, err := rest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	searchPath = "rest/api/3/user/search"
	createPath = "rest/servicedeskapi/request"
)

// find only reads; create shows when it is made twice.
func find() rest.Call {
	return rest.Get("look the requester up", searchPath, url.Values{"query": {string(jiratest.Maya)}})
}

func create() rest.Call {
	return rest.Call{Method: http.MethodPost, Path: createPath, Body: map[string]any{}, What: "open the issue", NonIdempotent: true}
}

// What comes of an answer, to a call that may be repeated (a read) and to one
// that shows (the create).
func TestClasses(t *testing.T) {
	const words = `{"errorMessages":["Nope."],"errors":{"field":"bad"}}`
	for name, tc := range map[string]struct {
		status  int
		body    string
		header  map[string]string
		read    access.Class
		write   access.Class
		after   time.Duration // of both, when not 0
		readFor string        // in the sentence of the read
	}{
		"rate limit":            {429, `{}`, map[string]string{"Retry-After": "17"}, access.Limited, access.Limited, 17 * time.Second, "wait 17s"},
		"rate limit as a date":  {429, ``, map[string]string{"Retry-After": "Mon, 23 Nov 2026 09:01:30 GMT"}, access.Limited, access.Limited, 90 * time.Second, "wait 1m30s"},
		"rate limit, no header": {429, `Rate limit exceeded.`, nil, access.Limited, access.Limited, 5 * time.Second, "by itself"},
		"rate limit, nonsense":  {429, ``, map[string]string{"Retry-After": "-4"}, access.Limited, access.Limited, 5 * time.Second, "by itself"},
		"unavailable":           {503, ``, nil, access.Transient, access.Unclear, 0, "trouble of its own"},
		"maintenance": {503, `<!DOCTYPE html><title> Down for
 maintenance</title>`, nil, access.Transient, access.Unclear, 0, "A web page (503, “Down for maintenance”) answered in Jira's place when it was asked to look the requester up"},
		"maintenance, and when": {503, `<html>`, map[string]string{"Retry-After": "30"}, access.Limited, access.Unclear, 30 * time.Second, "A web page (503, Service Unavailable)"},
		"a page that is fine":   {200, " \n<html>", nil, access.Transient, access.Unclear, 0, "A web page (200, OK)"},
		"nothing but a page":    {404, `<html><title>Your site is unavailable</title>`, nil, access.Transient, access.Transient, 0, "“Your site is unavailable”"},
		"token, as a page":      {401, `<html>`, nil, access.Denied, access.Denied, 0, "create a new API token for latchkey@acme.example"},
		"overloaded":            {503, ``, map[string]string{"Retry-After": "30"}, access.Limited, access.Unclear, 30 * time.Second, "overloaded"},
		"broken":                {500, words, nil, access.Transient, access.Unclear, 0, "trouble of its own"},
		"gateway timeout":       {504, ``, nil, access.Transient, access.Unclear, 0, "trouble"},
		"request timeout":       {408, ``, nil, access.Transient, access.Unclear, 0, "trouble"},
		"not implemented":       {501, ``, nil, access.Rejected, access.Rejected, 0, "does not offer this call"},
		"token":                 {401, words, nil, access.Denied, access.Denied, 0, "create a new API token for latchkey@acme.example"},
		"no licence":            {403, ``, nil, access.Denied, access.Denied, 0, "Jira Service Management licence"},
		"no permission":         {403, `{"errorMessage":"Only admins.","i18nErrorMessage":{}}`, nil, access.Denied, access.Denied, 0, "Only admins. Give latchkey@acme.example the permission in project IT"},
		"web page":              {403, `<html><body>Forbidden by proxy</body></html>`, nil, access.Transient, access.Transient, 0, "A web page (403, Forbidden) answered in Jira's place"},
		"bad request":           {400, words, nil, access.Rejected, access.Rejected, 0, "Nope.; field: bad"},
		"bad form":              {422, `{"errorMessage":"","errors":[{"title":"Answer 1","detail":"is required"}]}`, nil, access.Rejected, access.Rejected, 0, "Answer 1 is required"},
		"silent 400":            {400, ``, nil, access.Rejected, access.Rejected, 0, "it answered 400 without a reason"},
		"gone":                  {404, `null`, nil, access.Rejected, access.Rejected, 0, "it isn't there, or latchkey@acme.example may not see it"},
		"conflict":              {409, ``, nil, access.Transient, access.Transient, 0, "at the same moment"},
		"redirect":              {302, ``, map[string]string{"Location": "https://login.acme.example/?next=x"}, access.Denied, access.Denied, 0, "it points to https://login.acme.example)"},
		"anonymous":             {200, `[]`, map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, access.Denied, access.Denied, 0, "as if nobody were signed in"},
	} {
		t.Run(name, func(t *testing.T) {
			check := func(call rest.Call, want access.Class) *access.Failure {
				fake := jiratest.NewFake(t)
				fake.Answer(call.Method+" /"+call.Path, tc.status, tc.body, tc.header)
				var out any
				f := jiratest.Failure(t, client(t, fake).Fetch(t.Context(), call, &out), want)
				if tc.after > 0 && f.After != tc.after {
					t.Errorf("%s: wait %s, want %s", call.Path, f.After, tc.after)
				}
				return f
			}
			if f := check(find(), tc.read); !strings.Contains(f.Sentence, tc.readFor) {
				t.Errorf("the failure reads\n%s\nwant %q in it", f.Sentence, tc.readFor)
			}
			check(create(), tc.write)
		})
	}
}

func TestErrorTellsWhatJiraSaid(t *testing.T) {
	fake := jiratest.NewFake(t)
	fake.Answer("GET /"+searchPath, 400, `{"errorMessages":["No\n way"],"errors":{"b":"2","a":"1"}}`, map[string]string{"Atl-Traceid": "abc"})
	err := client(t, fake).Send(t.Context(), find())
	var e *rest.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v holds no *rest.Error", err)
	}
	if want := "GET rest/api/3/user/search: 400: No way; a: 1; b: 2 (trace abc)"; e.Error() != want || rest.StatusOf(err) != 400 {
		t.Errorf("got  %s\nwant %s", e, want)
	}
}

// A call that never left this machine can't have done anything.
func TestACreateThatWasNeverSentIsTransient(t *testing.T) {
	fake := jiratest.NewFake(t)
	c := client(t, fake)
	fake.Server.Close()
	jiratest.Failure(t, c.Send(t.Context(), create()), access.Transient)
}

// One whose answer did not come may have done what it was to do.
func TestACreateWithoutAnAnswerIsUnclear(t *testing.T) {
	fake := jiratest.NewFake(t)
	ctx, cancel := context.WithCancel(t.Context())
	entered, leave := make(chan struct{}), make(chan struct{})
	fake.Handle("POST /"+createPath, func(http.ResponseWriter, *http.Request) { close(entered); <-leave })
	done := make(chan error)
	go func() { done <- client(t, fake).Send(ctx, create()) }()
	<-entered
	cancel()
	jiratest.Failure(t, <-done, access.Unclear)
	close(leave)
}

func TestAnAnswerThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		call rest.Call
		want access.Class
	}{{find(), access.Denied}, {create(), access.Unclear}} {
		fake := jiratest.NewFake(t)
		fake.Answer(c.call.Method+" /"+c.call.Path, 200, `"signed out"`, nil)
		var out struct{ ID string }
		jiratest.Failure(t, client(t, fake).Fetch(t.Context(), c.call, &out), c.want)
	}
}

// Secrets and people's addresses stay out of errors and logs, whatever Jira echoes.
func TestNothingSecretIsTold(t *testing.T) {
	const token = "s3cret-t0ken"
	for name, status := range map[string]int{"refused": 400, "denied": 403} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			fake := jiratest.NewFake(t)
			fake.Handle("GET /"+searchPath, func(w http.ResponseWriter, r *http.Request) {
				_, token, _ := r.BasicAuth()
				w.WriteHeader(status)
				_, _ = w.Write([]byte(`{"errorMessages":["bad token ` + token + `"]}`))
			})
			err := client(t, fake, func(cfg *rest.Config) {
				cfg.Token = token
				cfg.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}).Send(t.Context(), find())
			for what, text := range map[string]string{"error": err.Error(), "log": log.String()} {
				if strings.Contains(text, token) || strings.Contains(text, string(jiratest.Maya)) {
					t.Errorf("the %s tells too much: %s", what, text)
				}
			}
			if !strings.Contains(err.Error(), "bad token •••") {
				t.Errorf("the rest of Jira's words is lost: %v", err)
			}
		})
	}
}

// Credentials must not follow a redirect to another host.
func TestRedirectsAreNotFollowed(t *testing.T) {
	other, fake := jiratest.NewFake(t), jiratest.NewFake(t)
	fake.Answer("GET /"+searchPath, http.StatusFound, "", map[string]string{"Location": other.Server.URL + "/" + searchPath})
	jiratest.Failure(t, client(t, fake).Send(t.Context(), find()), access.Denied)
	if other.Count("GET /"+searchPath) != 0 {
		t.Error("the token was sent to another host")
	}
}

// Where Jira doesn't say by the status that a permission is missing, it is asked: what was
// denied goes on by itself when the permission is there again.
func TestAMissingPermissionIsADenial(t *testing.T) {
	const lacks, has, silent = `{"permissions":{"ADD_COMMENTS":{"havePermission":false}}}`, `{"permissions":{"ADD_COMMENTS":{"havePermission":true}}}`, `{"permissions":{}}`
	for name, tc := range map[string]struct {
		status int
		needs  string
		answer string
		want   access.Class
	}{
		"400":                     {400, rest.AddComments, lacks, access.Denied},
		"404":                     {404, rest.AddComments, lacks, access.Denied},
		"it is there":             {400, rest.AddComments, has, access.Rejected},
		"nothing is said of it":   {404, rest.AddComments, silent, access.Rejected},
		"no matter of permission": {400, "", lacks, access.Rejected},
	} {
		fake := jiratest.NewFake(t)
		fake.Answer("POST /"+createPath, tc.status, `{"errorMessages":["Sie dürfen das nicht."]}`, nil)
		fake.Answer("GET /rest/api/3/mypermissions", 200, tc.answer, nil)
		call := create()
		call.Needs = tc.needs
		f := jiratest.Failure(t, client(t, fake).Send(t.Context(), call), tc.want)
		if tc.want == access.Denied && !strings.Contains(f.Sentence, "the permission ADD_COMMENTS in project IT") || rest.StatusOf(f) != tc.status {
			t.Errorf("%s: %s (%d)", name, f.Sentence, rest.StatusOf(f))
		}
	}
}

// Jira says "not found" of every issue to whoever may not see the project: what is read of
// an issue was denied then, and is read again when it can be seen. Else it isn't there.
func TestAHiddenIssueIsADenial(t *testing.T) {
	for want, may := range map[access.Class]string{access.Denied: "false", access.Rejected: "true"} {
		fake := jiratest.NewFake(t)
		fake.Answer("GET /rest/api/3/issue/10001/comment", 404, `{"errorMessages":["Issue does not exist or you do not have permission to see it."]}`, nil)
		fake.Answer("GET /rest/api/3/mypermissions", 200, `{"permissions":{"BROWSE_PROJECTS":{"havePermission":`+may+`}}}`, nil)
		f := jiratest.Failure(t, client(t, fake).Send(t.Context(), rest.GetIssue("read the comments", "10001", "/comment", nil)), want)
		if want == access.Denied && !strings.Contains(f.Sentence, "the permission BROWSE_PROJECTS in project IT") || rest.StatusOf(f) != 404 {
			t.Errorf("%s: %s (%d)", want, f.Sentence, rest.StatusOf(f))
		}
	}
}

// The permission may come back after a call was refused and before Jira is asked what was
// missing. Then the refusal says nothing about the call, which is made once more.
func TestAPermissionThatComesBackMeanwhile(t *testing.T) {
	for _, status := range []int{400, 404} {
		fake := jiratest.NewFake(t)
		fake.Answer("GET /rest/api/3/issue/10001/comment", status, `{"errorMessages":["Issue does not exist or you do not have permission to see it."]}`, nil)
		fake.Handle("GET /rest/api/3/mypermissions", func(w http.ResponseWriter, _ *http.Request) {
			fake.Answer("GET /rest/api/3/issue/10001/comment", 200, `{"comments":[],"total":0}`, nil)
			_, _ = w.Write([]byte(`{"permissions":{"BROWSE_PROJECTS":{"havePermission":true}}}`))
		})
		if err := client(t, fake).Send(t.Context(), rest.GetIssue("read the comments", "10001", "/comment", nil)); err != nil {
			t.Errorf("%d: %v", status, err)
		}
	}
}
