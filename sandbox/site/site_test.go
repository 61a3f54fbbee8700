package site_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/sandbox"
	"latchkey/sandbox/harness"
	"latchkey/sandbox/site"
	"latchkey/sandbox/slack"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bad is what would run if anything drew it as it is.
const bad = `<img src=x onerror=alert(1)>"'><script>alert(1)</script>`

// served is the page of a world without a bot.
func served(t *testing.T) (*sandbox.World, *httptest.Server) {
	t.Helper()
	w, err := sandbox.Start(sandbox.Config{People: []sandbox.Person{{Address: "kim@corp.example", Name: bad, Title: bad}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	s := &site.Site{Harness: &harness.Harness{World: w}}
	s.Begin(ctx)
	at := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		cancel()
		at.Close()
		w.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return w, at
}

func read(t *testing.T, r *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Nobody's words run, and nothing that stands in a text could.
func TestNothingRuns(t *testing.T) {
	w, at := served(t)
	maya, _ := w.Slack.UserByName("maya")
	if _, err := w.Slack.Say(t.Context(), maya.ID, "C0GENERAL", "", bad); err != nil {
		t.Fatal(err)
	}
	w.Slack.AddChannel(slack.Channel{ID: "C0BAD", Name: bad, Members: []string{maya.ID}})
	resp, err := http.Get(at.URL + "/?in=general&as=maya&issue=" + "%3Cscript%3E")
	page := read(t, resp, err)
	policy := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "script-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	for _, no := range []string{"<img src=x", "<script>", " style=", " onclick="} {
		if strings.Contains(page, no) {
			t.Errorf("%q is in the page", no)
		}
	}
	if strings.Count(page, "&lt;script&gt;alert(1)") < 3 {
		t.Error("the words themselves are not shown")
	}
}

// act is what the page's scripts do.
func act(t *testing.T, at, origin, body string) (status int, shows string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"/act", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", origin)
	resp, err := http.DefaultClient.Do(r)
	said := read(t, resp, err)
	var out struct{ Shows string }
	_ = json.Unmarshal([]byte(said), &out) // a refusal by the server is no JSON
	return resp.StatusCode, out.Shows
}

// What can't be done is said, and another page can't act at all.
func TestWhatCantBeDoneIsSaid(t *testing.T) {
	w, at := served(t)
	for body, want := range map[string]string{
		`{"do":"say","as":"nobody","text":"hi"}`:                            "nobody is called",
		`{"do":"paint","as":"maya"}`:                                        "nothing that can be done",
		`{"do":"say","as":"maya","channel":"C0GENERAL","text":"/access"}`:   `/access failed with the error "dispatch_failed"`,
		`{"do":"say","as":"maya","channel":"C0GENERAL","text":"/weather"}`:  "/weather is not a valid command",
		`{"do":"say","as":"maya","channel":"C0NOWHERE","text":"hi"}`:        "no channel",
		`{"do":"submit","as":"maya","view":"V1"}`:                           "look again",
		`{"do":"fill","as":"maya","view":"V1","fields":[{"Action":"a"}]}`:   "look again",
		`{"do":"clock","by":"1y"}`:                                          "can't be moved",
		`{"do":"clock","by":"next"}`:                                        "nothing is due",
		`{"do":"clock","by":"2001-01-01T00:00:00Z"}`:                        "over already",
		`{"do":"clock","by":"9001-01-01T00:00:00Z"}`:                        "more than a year",
		`{"do":"clock","by":"1w"}`:                                          "",
		`{"do":"use","as":"maya","app":"Figma","directory":"okta"}`:         "no application",
		`{"do":"replay","story":"page fault down-okta off\npage bot stop"}`: "can't be stopped",
		`{"do":"fault","fault":"none","on":true}`:                           "no fault",
		`{"do":"bot"}`:                                                             "can't be stopped",
		`{"do":"replay","story":"dance maya"}`:                                     "the story stopped",
		`{"do":"comment","as":"gus","issue":"IT-1","text":"hi"}`:                   "no account in Jira",
		`{"do":"comment","as":"maya","issue":"IT-99","text":"hi"}`:                 "no issue",
		`{"do":"say","as":"maya","channel":"C0GENERAL","text":"Good day"}`:         "",
		`{"do":"click","as":"maya","channel":"C0GENERAL","ts":"1.1"}`:              "look again",
		`{"do":"replay","story":"slack maya say 'hello'\nclock +1h"}`:              "",
		`{"do":"fault","fault":"renamed","on":true}`:                               "has no group",
		`{"do":"fault","fault":"down-okta","on":true}`:                             "",
		`{"do":"tour","by":"play"}`:                                                "",
		`{"do":"home","as":"maya"}`:                                                "",
		`{"do":"say","as":"maya","channel":"C0GENERAL","thread":"1.1","text":"x"}`: "look again",
	} {
		if status, shows := act(t, at.URL, at.URL, body); status != http.StatusOK || (want == "") != (shows == "") || !strings.Contains(shows, want) {
			t.Errorf("%s: %d %q, want %q", body, status, shows, want)
		}
	}
	before := w.Clock.Now()
	if status, _ := act(t, at.URL, "https://evil.example", `{"do":"clock","by":"1d"}`); status != http.StatusForbidden || w.Clock.Now().Sub(before) > 12*60*60*1e9 {
		t.Errorf("another page moved the clock: %d", status)
	}
	if status, _ := act(t, at.URL, at.URL, "{"); status != http.StatusBadRequest {
		t.Errorf("what can't be read: %d", status)
	}
}
