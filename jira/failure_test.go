package jira_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira"
	sandbox "latchkey/sandbox/jira"
)

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
		"unavailable":           {503, `<html>`, nil, access.Transient, access.Unclear, 0, "trouble of its own"},
		"overloaded":            {503, ``, map[string]string{"Retry-After": "30"}, access.Limited, access.Unclear, 30 * time.Second, "overloaded"},
		"broken":                {500, words, nil, access.Transient, access.Unclear, 0, "trouble of its own"},
		"gateway timeout":       {504, ``, nil, access.Transient, access.Unclear, 0, "trouble"},
		"request timeout":       {408, ``, nil, access.Transient, access.Unclear, 0, "trouble"},
		"not implemented":       {501, ``, nil, access.Rejected, access.Rejected, 0, "does not offer this call"},
		"token":                 {401, words, nil, access.Denied, access.Denied, 0, "create a new API token for latchkey@acme.example"},
		"no licence":            {403, ``, nil, access.Denied, access.Denied, 0, "Jira Service Management licence"},
		"no permission":         {403, `{"errorMessage":"Only admins.","i18nErrorMessage":{}}`, nil, access.Denied, access.Denied, 0, "Only admins. Give latchkey@acme.example the permission in project IT"},
		"web page":              {403, `<html><body>Forbidden by proxy</body></html>`, nil, access.Denied, access.Denied, 0, "agent"},
		"bad request":           {400, words, nil, access.Rejected, access.Rejected, 0, "Nope.; field: bad"},
		"bad form":              {422, `{"errorMessage":"","errors":[{"title":"Answer 1","detail":"is required"}]}`, nil, access.Rejected, access.Rejected, 0, "Answer 1 is required"},
		"silent 400":            {400, ``, nil, access.Rejected, access.Rejected, 0, "it answered 400 without a reason"},
		"gone":                  {404, `null`, nil, access.Rejected, access.Rejected, 0, "it isn't there, or latchkey@acme.example may not see it"},
		"conflict":              {409, ``, nil, access.Transient, access.Transient, 0, "at the same moment"},
		"redirect":              {302, ``, map[string]string{"Location": "https://login.acme.example/?next=x"}, access.Denied, access.Denied, 0, "it points to https://login.acme.example)"},
		"anonymous":             {200, `[]`, map[string]string{"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}, access.Denied, access.Denied, 0, "as if nobody were signed in"},
	} {
		t.Run(name, func(t *testing.T) {
			check := func(call string, want access.Class) *access.Failure {
				fake := newFake(t)
				fake.answer(call, tc.status, tc.body, tc.header)
				s := newStory(&desk{t: t, clock: fake.clock, c: fake.client()})
				_, err := s.open(time.Time{})
				f := class(t, err, want)
				if tc.after > 0 && f.After != tc.after {
					t.Errorf("%s: wait %s, want %s", call, f.After, tc.after)
				}
				return f
			}
			if f := check("GET /rest/api/3/user/search", tc.read); !strings.Contains(f.Sentence, tc.readFor) {
				t.Errorf("the failure reads\n%s\nwant %q in it", f.Sentence, tc.readFor)
			}
			check("POST "+requestPath, tc.write)
		})
	}
}

func TestErrorTellsWhatJiraSaid(t *testing.T) {
	fake := newFake(t)
	fake.answer("GET /rest/api/3/user/search", 400, `{"errorMessages":["No\n way"],"errors":{"b":"2","a":"1"}}`, map[string]string{"Atl-Traceid": "abc"})
	s := newStory(&desk{t: t, clock: fake.clock, c: fake.client()})
	_, err := s.open(time.Time{})
	var e *jira.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v holds no *jira.Error", err)
	}
	if want := "GET rest/api/3/user/search: 400: No way; a: 1; b: 2 (trace abc)"; e.Error() != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
}

// A call that never left this machine can't have done anything.
func TestACreateThatWasNeverSentIsTransient(t *testing.T) {
	fake := newFake(t)
	c := fake.client()
	if err := c.Discover(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := newStory(&desk{t: t, clock: fake.clock, c: c}, func(s *story) { s.Requester.Bindings = []access.Binding{{System: "jira", ID: "m"}} })
	fake.server.Close()
	_, err := s.open(time.Time{})
	class(t, err, access.Transient)
}

func TestATimeoutOfACreateIsUnclear(t *testing.T) {
	opened := make(chan struct{}, 1)
	s := newStory(newDesk(t, func(c *sandbox.Config) {
		c.OnChange = func() {
			select {
			case opened <- struct{}{}:
			default:
			}
		}
	}))
	<-opened // the accounts
	ctx, cancel := context.WithCancel(context.Background())
	s.site.AddFault(sandbox.Fault{Path: requestPath, After: true, Delay: time.Hour})
	done := make(chan error)
	go func() {
		_, err := s.c.Open(ctx, s.Case, s.carry, time.Time{})
		done <- err
	}()
	<-opened // the issue
	cancel()
	class(t, <-done, access.Unclear)
}

// Secrets and people's addresses stay out of errors and logs, whatever Jira echoes.
func TestNothingSecretIsTold(t *testing.T) {
	for name, status := range map[string]int{"refused": 400, "denied": 403} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			fake := newFake(t)
			fake.handle("GET /rest/api/3/user/search", func(w http.ResponseWriter, r *http.Request) {
				_, token, _ := r.BasicAuth()
				w.WriteHeader(status)
				_, _ = w.Write([]byte(`{"errorMessages":["bad token ` + token + `"]}`))
			})
			cfg := fake.config()
			cfg.Token = "s3cret-t0ken"
			cfg.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			s := fakeStory(t, fake, cfg)
			_, err := s.open(time.Time{})
			for what, text := range map[string]string{"error": err.Error(), "log": log.String()} {
				if strings.Contains(text, cfg.Token) || strings.Contains(text, string(maya)) {
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
	other := newFake(t)
	fake := newFake(t)
	fake.answer("GET /rest/api/3/myself", http.StatusFound, "", map[string]string{"Location": other.server.URL + "/rest/api/3/myself"})
	class(t, fake.client().Discover(context.Background()), access.Denied)
	if other.count("GET /rest/api/3/myself") != 0 {
		t.Error("the token was sent to another host")
	}
}

func TestExpiredToken(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		s := newStory(newDesk(t, func(c *sandbox.Config) { c.BadTokenAnonymous = quiet })).opened()
		s.site.RotateToken("another")
		e := s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{noor} })
		class(t, s.record(e, false), access.Denied)
		_, err := s.open(s.clock.Now())
		class(t, err, access.Denied)
	}
}
