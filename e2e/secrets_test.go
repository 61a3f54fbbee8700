package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"latchkey/app"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

// gossip stands before a service and, of some calls, repeats in its refusal everything that it was called with: headers,
// address and form. There are proxies that do.
type gossip struct {
	next   *httputil.ReverseProxy
	refuse atomic.Value // a func(*http.Request) bool
	status int
	answer func(heard string) string
	spoke  atomic.Int64
}

func newGossip(t *testing.T, to string, status int, answer func(string) string) (*gossip, string) {
	t.Helper()
	at, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	g := &gossip{status: status, answer: answer, next: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = at.Scheme, at.Host, at.Host
	}}}
	g.never()
	s := httptest.NewServer(g)
	t.Cleanup(s.Close)
	return g, s.URL + at.Path
}

func (g *gossip) never() { g.refuse.Store(func(*http.Request) bool { return false }) }

// next has the next call to a path refused, once.
func (g *gossip) once(part string) {
	var done atomic.Bool
	g.refuse.Store(func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, part) && r.Method != http.MethodGet && done.CompareAndSwap(false, true)
	})
}

// ServeHTTP implements http.Handler.
func (g *gossip) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refuse, _ := g.refuse.Load().(func(*http.Request) bool); !refuse(r) {
		g.next.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body) // what it says is nobody's matter
	heard := fmt.Sprintf("%s %s Authorization: %s %s", r.Method, r.URL, r.Header.Get("Authorization"), body)
	g.spoke.Add(1)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(g.status)
	fmt.Fprint(w, g.answer(heard))
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always can be
	return string(text)
}

// house is a bot in a process of its own, before services that talk, and everything that it writes.
type house struct {
	*testing.T
	world             *sandbox.World
	tell              *harness.Harness
	dir               string
	env               []string
	slack, jira, okta *gossip
	written           bytes.Buffer
}

// newHouse configures one. Its tokens come from the environment, and one from a file.
func newHouse(t *testing.T) *house {
	t.Helper()
	path, err := filepath.Abs(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	said, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(said, sandbox.NewClock(), func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, world: world, dir: t.TempDir(), tell: &harness.Harness{World: world, Timeout: timeout}}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	at := world.Addresses()
	var slackURL, jiraURL, oktaURL string
	h.slack, slackURL = newGossip(t, at.SlackAPI, http.StatusOK, func(heard string) string {
		return `{"ok":false,"error":"fatal_error","response_metadata":{"messages":[` + quoted(heard) + `]}}`
	})
	h.jira, jiraURL = newGossip(t, at.Jira, http.StatusBadRequest, func(heard string) string { return `{"errorMessages":[` + quoted(heard) + `],"errors":{}}` })
	h.okta, oktaURL = newGossip(t, at.Okta, http.StatusForbidden, func(heard string) string {
		return `{"errorCode":"E0000006","errorSummary":` + quoted("You do not have permission: "+heard) + `,"errorCauses":[]}`
	})
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h.file("okta.token", at.OktaToken+"\n")
	h.file("config.yaml", strings.NewReplacer("# api_url: https://slack.com/api/", "api_url: "+slackURL, "url: https://acme.atlassian.net", "url: "+jiraURL, "url: https://acme.okta.com", "url: "+oktaURL,
		"${OKTA_TOKEN}", "${file:"+filepath.Join(h.dir, "okta.token")+"}", "path: latchkey.db", "path: "+filepath.Join(h.dir, "store", "latchkey.db"),
		"keys/evidence.key", filepath.Join(h.dir, "keys", "evidence.key"), "level: info", "level: debug", "reconcile: \"0 6", "reconcile: \"0 7").Replace(string(text)))
	for _, folder := range []string{"store", "keys"} {
		if err := os.Mkdir(filepath.Join(h.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	h.env = []string{"SLACK_APP_TOKEN=" + at.AppToken, "SLACK_BOT_TOKEN=" + at.BotToken, "JIRA_TOKEN=" + at.JiraToken, repoEnv + "=.."}
	return h
}

func (h *house) file(name, text string) {
	h.Helper()
	if err := os.WriteFile(filepath.Join(h.dir, name), []byte(text), 0o600); err != nil {
		h.Fatal(err)
	}
}

// latchkey is a command that isn't begun yet.
func (h *house) latchkey(args ...string) *exec.Cmd {
	h.Helper()
	exe, err := os.Executable()
	if err != nil {
		h.Fatal(err)
	}
	c := exec.CommandContext(h.Context(), exe)
	c.Args, c.Env = append([]string{"latchkey"}, append(args, "--config", filepath.Join(h.dir, "config.yaml"))...), append(os.Environ(), h.env...)
	return c
}

// says runs a command and keeps what it says, whatever comes of it.
func (h *house) says(args ...string) string {
	h.Helper()
	out, err := h.latchkey(args...).CombinedOutput()
	if err != nil && len(out) == 0 {
		h.Fatalf("latchkey %v: %v", args, err)
	}
	fmt.Fprintf(&h.written, "\n== latchkey %v\n%s", args, out)
	return string(out)
}

func (h *house) play(lines ...string) {
	h.Helper()
	play(h.T, &company{tell: h.tell}, lines...)
}

// files adds all files of a folder to what was written.
func (h *house) files(folder string) {
	h.Helper()
	err := filepath.WalkDir(filepath.Join(h.dir, folder), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		fmt.Fprintf(&h.written, "\n== %s\n%s", path, raw)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

// secrets are what must stand nowhere, in the forms in which it may.
func (h *house) secrets() (all []string) {
	at := h.world.Addresses()
	key, err := os.ReadFile(filepath.Join(h.dir, "keys", "evidence.key"))
	if err != nil {
		h.Fatal(err)
	}
	for _, s := range []string{at.AppToken, at.BotToken, at.JiraToken, at.OktaToken, strings.TrimSpace(string(key))} {
		all = append(all, s, url.QueryEscape(s), base64.StdEncoding.EncodeToString([]byte(s)), base64.StdEncoding.EncodeToString([]byte(at.JiraEmail+":"+s)))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// pasted is what somebody puts into a text although it belongs nowhere. It is theirs, and in the record; in the log it
// has no business.
const pasted = "AKIA-pasted-by-mistake-4711"

// TestNoSecretIsWritten plays stories in which services and proxies repeat the tokens that they are called with, and looks
// through everything that comes out of Latchkey: its log, its store, issues, messages, exports, pages, metrics, and the
// traces of a process that is stopped the hard way.
func TestNoSecretIsWritten(t *testing.T) {
	h := newHouse(t)
	bot := h.latchkey("run")
	var log locked
	log.w = &strings.Builder{}
	bot.Stdout, bot.Stderr = &log, &log
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = bot.Wait() // it is stopped the hard way
	}()
	t.Cleanup(func() {
		_ = bot.Process.Kill()
		<-ended
		if t.Failed() {
			t.Log(log.w.(*strings.Builder).String())
		}
	})

	h.play("slack maya '/access'")
	h.okta.once("/groups/")
	h.jira.once("/comment")
	h.play("slack maya submit app=figma role=editor for=6h reason='Slides "+pasted+"'", "slack noor click Approve", "channel '#it-access' 'You do not have permission'")
	h.slack.once("chat.")
	h.play("slack tom '/access'", "slack tom submit app=figma role=editor for=6h reason=Slides", "jira IT-2 status 'Waiting for approval'")
	stuck := h.says("stuck")
	if !strings.Contains(stuck, "figma-editors") {
		t.Errorf("nothing is stuck:\n%s", stuck)
	}
	h.says("stuck", "retry", "all")
	h.play("okta has figma-editors maya", "jira IT-1 status Granted")
	for _, g := range []*gossip{h.slack, h.jira, h.okta} {
		if g.spoke.Load() == 0 {
			t.Errorf("a service repeated nothing: %+v", g)
		}
	}
	for _, args := range [][]string{{"evidence", "export", "--format", "json"}, {"evidence", "export", "--format", "html"}, {"evidence", "export", "--format", "csv"}, {"evidence", "export", "--format", "bundle"},
		{"evidence", "trace", "--person", "maya@acme.example", "--app", "figma", "--format", "html"}, {"evidence", "verify"}, {"report"}, {"health", "--json"}, {"people", "show", "maya@acme.example"}, {"check"}} {
		h.says(args...)
	}
	h.jira.once("/") // a check asks, too
	h.okta.once("/")
	h.slack.once("/")
	h.says("check", "--online")
	h.files("store")
	for _, seen := range []any{h.world.Jira.Snapshot().Issues, h.world.Slack.Snapshot()} {
		raw, err := json.Marshal(seen)
		if err != nil {
			t.Fatal(err)
		}
		h.written.Write(raw)
	}
	if err := bot.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	<-ended
	said := log.w.(*strings.Builder).String()
	if !strings.Contains(said, "SIGQUIT") || !strings.Contains(said, "goroutine 1") {
		t.Error("it left no trace")
	}
	tellsItsStory(t, said)
	if strings.Contains(said, pasted) {
		t.Errorf("the log quotes what somebody wrote")
	}
	h.written.WriteString(said)
	for _, s := range h.secrets() {
		if i := strings.Index(h.written.String(), s); i >= 0 {
			all := h.written.String()
			t.Errorf("%s… was written:\n%s", s[:6], all[max(0, i-600):min(len(all), i+200)])
		}
	}
}

// tellsItsStory: who reads the log at night finds every step of a story by its issue, with who it is about and who did it.
func tellsItsStory(t *testing.T, log string) {
	t.Helper()
	for _, want := range []string{
		`msg="Latchkey starts" version=`, `level=INFO msg="request submitted" request=AR-`, `person=maya@acme.example app=figma role=editor actor=maya@acme.example via=slack for=6h`,
		`level=INFO msg="request approvers asked"`, `asked=noor@acme.example`, `level=INFO msg="request approved" issue=IT-1 request=AR-`, `actor=noor@acme.example via=slack`,
		`level=INFO msg="grant stuck" issue=IT-1`, `level=WARN msg="something didn't work; it is tried again" issue=IT-1`, `level=INFO msg="grant member added" issue=IT-1`, `role=editor actor=latchkey until=20`, `group=okta:figma-editors`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	for line := range strings.SplitSeq(log, "\n") {
		if strings.Contains(line, "level=WARN") && strings.Contains(line, "class=limited") {
			t.Errorf("waiting is a warning: %s", line)
		}
	}
}
