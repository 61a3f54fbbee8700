package jira_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.uber.org/goleak"

	"latchkey/sandbox/handclock"
	"latchkey/sandbox/jira"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is an emulated Jira behind a real socket.
type site struct {
	*jira.Server
	t     *testing.T
	clock *handclock.Clock
	url   string
	http  *http.Client
	ann   jira.Account // customer and licensed user
	noor  jira.Account // agent and approver
	pat   jira.Account // portal-only customer
}

func newSite(t *testing.T, cfg jira.Config) *site {
	t.Helper()
	ck := handclock.New()
	cfg.Clock, cfg.Logf = ck, t.Logf
	s := jira.New(cfg)
	web := httptest.NewServer(s.Handler())
	tr := &http.Transport{}
	st := &site{Server: s, t: t, clock: ck, url: web.URL, http: &http.Client{Transport: tr}}
	t.Cleanup(func() { s.Close(); tr.CloseIdleConnections(); web.Close() })
	st.ann = s.AddAccount(jira.Account{Email: "ann@acme.example", DisplayName: "Ann Lee", Active: true, Customer: true, Token: "ann-token"})
	st.noor = s.AddAccount(jira.Account{Email: "noor@acme.example", DisplayName: "Noor Aziz", Active: true, Agent: true, Customer: true, HideEmail: true, Token: "noor-token"})
	st.pat = s.AddAccount(jira.Account{Email: "pat@partner.example", DisplayName: "Pat Roe", Active: true, Customer: true, AccountType: "customer", Token: "pat-token"})
	return st
}

// answer is a decoded HTTP answer.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	raw    []byte
}

type option func(*http.Request)

func as(email, token string) option {
	return func(r *http.Request) { r.SetBasicAuth(email, token) }
}

func anonymous(r *http.Request) { r.Header.Del("Authorization") }

func header(k, v string) option {
	return func(r *http.Request) { r.Header.Set(k, v) }
}

// call sends a request as the bot unless an option says otherwise.
func (s *site) call(method, path, body string, opts ...option) answer {
	s.t.Helper()
	a, err := s.try(method, path, body, opts...)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (s *site) try(method, path, body string, opts ...option) (answer, error) {
	req, err := http.NewRequest(method, s.url+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetBasicAuth("latchkey@acme.example", "demo-jira-token")
	for _, o := range opts {
		o(req)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return answer{s.t, resp.StatusCode, resp.Header, raw}, err
}

func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.raw)
	}
	return a
}

// at reads a value by path; numbers index arrays. Missing is nil.
func (a answer) at(path ...any) any {
	a.t.Helper()
	var v any
	if err := json.Unmarshal(a.raw, &v); err != nil {
		a.t.Fatalf("answer is not JSON: %v: %q", err, a.raw)
	}
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (a answer) is(want any, path ...any) answer {
	a.t.Helper()
	if got := a.at(path...); fmt.Sprint(got) != fmt.Sprint(want) {
		a.t.Fatalf("%v = %v, want %v in %s", path, got, want, a.raw)
	}
	return a
}

func (a answer) size(want int, path ...any) answer {
	a.t.Helper()
	l, _ := a.at(path...).([]any)
	if len(l) != want {
		a.t.Fatalf("%v has %d entries, want %d: %s", path, len(l), want, a.raw)
	}
	return a
}

// raise creates a request on behalf of Ann and returns its key.
func (s *site) raise(summary string) string {
	s.t.Helper()
	body := fmt.Sprintf(`{"serviceDeskId":"10","requestTypeId":"25","raiseOnBehalfOf":%q,
		"requestFieldValues":{"summary":%q,"description":"please"}}`, s.ann.AccountID, summary)
	key, _ := s.call("POST", "/rest/servicedeskapi/request", body).want(201).at("issueKey").(string)
	return key
}

func adf(text string) string {
	return fmt.Sprintf(`{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":%q}]}]}`, text)
}
