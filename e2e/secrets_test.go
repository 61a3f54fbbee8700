package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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

// house is a bot in a process of its own, before services that talk, and everything that it writes.
type house struct {
	*testing.T
	world             *sandbox.World
	tell              *harness.Harness
	dir               string
	env               []string
	slack, jira, okta *gossip
	beside            []*gossip // the other directories, and who is on call
	metrics           string    // where its pages are
	more              []string  // secrets beside the world's
	database          *atomic.Int64
	written           bytes.Buffer
}

// more are the services beside those of the example, as they are configured before it is known where they are.
const more = `  - {id: tenant, type: entra, tenant: 72f988bf-86f1-41af-91ab-2d7cd011db47, client_id: 11111111-2222-4333-8444-555555555555, client_secret: "${ENTRA_SECRET}"}
  - {id: workspace, type: google, subject: latchkey@acme.example, key: "${GOOGLE_KEY}"}
`

// besides has a configuration name these services where they gossip.
func (h *house) besides(text string) string {
	h.Helper()
	refuse := func(heard string) string {
		return `{"error":{"code":"Authorization_RequestDenied","message":` + quoted(heard) + `},"errors":[` + quoted(heard) + `]}`
	}
	pager := httptest.NewServer(http.NotFoundHandler())
	h.Cleanup(pager.Close)
	entries := ""
	for _, d := range h.world.Addresses().Directories {
		if d.ID == "okta" {
			continue
		}
		g, at := newGossip(h.T, d.URL, http.StatusForbidden, refuse)
		h.beside = append(h.beside, g)
		switch d.Kind {
		case "entra":
			h.knows("ENTRA_SECRET", d.Signs["client_secret"])
			entries += fmt.Sprintf("  - {id: %s, type: entra, api_url: %q, tenant: %s, client_id: %s, client_secret: \"${ENTRA_SECRET}\"}\n", d.ID, at, d.Signs["tenant"], d.Signs["client_id"])
		case "google":
			h.knows("GOOGLE_KEY", d.Signs["key"]) // it signs in where its key says; what it signs in with is repeated by the rest
			entries += fmt.Sprintf("  - {id: %s, type: google, url: %q, subject: %s, key: \"${GOOGLE_KEY}\"}\n", d.ID, at, d.Signs["subject"])
		}
	}
	g, at := newGossip(h.T, pager.URL, http.StatusForbidden, refuse)
	h.beside = append(h.beside, g)
	h.knows("PAGERDUTY_TOKEN", "y_NbAkKc66ryYTWUXYEu")
	return strings.NewReplacer(more, entries, "\napprovals:\n", "\noncall:\n  pager: {url: \""+at+"/oncalls?schedule_ids[]=P1\", type: pagerduty, token: \"${PAGERDUTY_TOKEN}\"}\napprovals:\n  paged: [manager, \"oncall:pager\"]\n",
		"metrics: {}", "metrics: {listen: \""+h.metrics+"\"}").Replace(text)
}

// knows gives it a secret by the environment.
func (h *house) knows(name, secret string) {
	h.env, h.more = append(h.env, name+"="+secret), append(h.more, secret)
}

// newHouse configures one. Its tokens come from the environment, and one from a file.
func newHouse(t *testing.T) *house {
	t.Helper()
	example, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(example), "\nstore:\n", "\n"+more+"\nstore:\n", 1)
	h := &house{T: t, dir: t.TempDir()}
	h.file("said.yaml", text)
	said, err := loadConfig(filepath.Join(h.dir, "said.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(said, sandbox.NewClock(), func(string, ...any) {})
	if err != nil {
		t.Fatal(err)
	}
	h.world, h.tell = world, &harness.Harness{World: world, Timeout: timeout}
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
	h.env = []string{"SLACK_APP_TOKEN=" + at.AppToken, "SLACK_BOT_TOKEN=" + at.BotToken, "JIRA_TOKEN=" + at.JiraToken, repoEnv + "=.."}
	h.metrics = freeAddress(t)
	h.file("okta.token", at.OktaToken+"\n")
	text = h.besides(strings.NewReplacer("# api_url: https://slack.com/api/", "api_url: "+slackURL, "url: https://acme.atlassian.net", "url: "+jiraURL, "url: https://acme.okta.com", "url: "+oktaURL,
		"${OKTA_TOKEN}", "${file:"+filepath.Join(h.dir, "okta.token")+"}", "path: latchkey.db", "path: "+filepath.Join(h.dir, "store", "latchkey.db"),
		"keys/evidence.key", filepath.Join(h.dir, "keys", "evidence.key"), "level: info", "level: debug", "reconcile: \"0 6", "reconcile: \"0 7").Replace(text))
	h.file("config.yaml", text)
	for _, folder := range []string{"store", "keys"} {
		if err := os.Mkdir(filepath.Join(h.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	h.onPostgres(text)
	return h
}

// onPostgres writes the same configuration with a store that lets nobody in.
func (h *house) onPostgres(text string) {
	h.Helper()
	at, spoke := gossipingDatabase(h.T)
	h.database = spoke
	h.knows("LATCHKEY_DSN", "postgres://latchkey:database-pass-4711@"+at+"/latchkey?sslmode=disable")
	h.more = append(h.more, "database-pass-4711")
	from := strings.Index(text, "\nstore:\n")
	end := from + strings.Index(text[from:], "\n\n")
	h.file("postgres.yaml", text[:from]+"\nstore: {type: postgres, dsn: \"${LATCHKEY_DSN}\"}\n"+text[end:])
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// page adds a page of the bot's to what was written.
func (h *house) page(path, want string) {
	h.Helper()
	resp, err := http.Get("http://" + h.metrics + path)
	if err != nil {
		h.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(raw), want) {
		h.Errorf("%s: %v, without %s\n%s", path, err, want, raw)
	}
	fmt.Fprintf(&h.written, "\n== %s\n%s", path, raw)
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
	c.Args, c.Env = append([]string{"latchkey"}, h.configured(args)...), append(os.Environ(), h.env...)
	return c
}

// configured names the configuration, unless another one is named.
func (h *house) configured(args []string) []string {
	if slices.Contains(args, "--config") {
		return args
	}
	return append(args, "--config", filepath.Join(h.dir, "config.yaml"))
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
	var tickets []string
	for _, g := range append([]*gossip{h.slack}, h.beside...) {
		g.mu.Lock()
		tickets = append(tickets, g.tickets...)
		g.mu.Unlock()
		if g == h.slack && len(tickets) == 0 {
			h.Error("no ticket was handed out: has Slack's way of opening a socket changed?")
		}
	}
	for _, s := range slices.Concat([]string{at.AppToken, at.BotToken, at.JiraToken, at.OktaToken, strings.TrimSpace(string(key))}, h.more, tickets) {
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
	h.page("/metrics", "latchkey_build_info")
	everybody := append([]*gossip{h.slack, h.jira, h.okta}, h.beside...)
	for _, g := range everybody { // a check asks, too
		g.spoke.Store(0)
		g.always()
	}
	h.says("check", "--online")
	for i, g := range everybody {
		if g.spoke.Load() == 0 {
			t.Errorf("service %d repeated nothing to a check", i)
		}
		g.never()
	}
	for _, args := range [][]string{{"check", "--online"}, {"stuck"}} {
		h.says(append(args, "--config", filepath.Join(h.dir, "postgres.yaml"))...)
	}
	if h.database.Load() < 2 {
		t.Errorf("the database repeated the password %d times", h.database.Load())
	}
	h.page("/metrics", "latchkey_vendor_calls_total")
	h.page("/healthz", "")
	h.page("/readyz", "")
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
		`msg="Latchkey starts" version=`, `workspace=T`, `level=INFO msg="request submitted" request=AR-`, `person=maya@acme.example app=figma role=editor actor=maya@acme.example via=slack for=6h`,
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
