package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// Config describes the world.
type Config struct {
	Groups []string // groups to make in the first directory, besides "security"
	// Directories are those that there are; none: one of kind okta, called okta.
	Directories []DirectoryConfig
	People      []Person // who is there besides the people of Acme
	// Called is what Acme's statuses, transitions and fields in Jira are called here: by the names that Acme has for them. Two
	// statuses with the same name are one.
	Called    map[string]string
	Outcomes  []string // resolutions of issues, besides those that there are
	ITChannel string   // default "#it-access"
	Channels  []string // further channels, with everybody but guests in them
	Clock     *Clock   // default: a new one
	Logf      func(format string, args ...any)
	Listen    func() (net.Listener, error) // for each service; default: a loopback port

	Slack slack.Config // tokens, limits and oddities; clock and hooks are filled in
	Jira  jira.Config
	Okta  okta.Config
}

// Addresses is where the world can be reached and with which tokens.
type Addresses struct {
	SlackAPI  string `json:"slack_api_url"`
	AppToken  string `json:"slack_app_token"`
	BotToken  string `json:"slack_bot_token"`
	Jira      string `json:"jira_url"`
	JiraEmail string `json:"jira_email"`
	JiraToken string `json:"jira_token"`
	AdminAPI  string `json:"atlassian_admin_url"`
	OrgID     string `json:"atlassian_org_id"`
	OrgKey    string `json:"atlassian_org_key"`
	Okta      string `json:"okta_url"` // the first directory of this kind, as in Directories
	OktaToken string `json:"okta_token"`

	Directories []DirectoryAddress `json:"directories"`
}

// DirectoryAddress is where a directory can be reached, and what Latchkey signs in there with, by the keys of the
// directory's own settings.
type DirectoryAddress struct {
	ID    string            `json:"id"`
	Kind  string            `json:"kind"`
	URL   string            `json:"url"`
	Signs map[string]string `json:"signs"`
}

// World is the running sandbox.
type World struct {
	Clock *Clock
	Slack *slack.Server
	Jira  *jira.Server
	Okta  *okta.Server // the first directory of this kind

	directories []Directory

	cfg     Config
	where   Addresses
	servers []*http.Server
	serving sync.WaitGroup
	delays  atomic.Pointer[func(service string) time.Duration]
	calls   atomic.Int64

	mu      sync.Mutex
	version uint64
	changed chan struct{} // closed and replaced at every change
}

// Start peoples the world and opens its services on loopback ports.
func Start(cfg Config) (*World, error) {
	if cfg.ITChannel == "" {
		cfg.ITChannel = "#it-access"
	}
	if cfg.Clock == nil {
		cfg.Clock = NewClock()
	}
	if cfg.Listen == nil {
		cfg.Listen = func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }
	}
	w := &World{cfg: cfg, Clock: cfg.Clock, changed: make(chan struct{})}
	w.build()
	if err := w.found(); err != nil {
		return nil, err
	}
	if err := w.populate(); err != nil {
		return nil, err
	}
	if err := w.open(); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *World) build() {
	s, j := w.cfg.Slack, w.cfg.Jira
	s.AppToken, s.BotToken = either(s.AppToken, "xapp-1-A0LATCHKEY-1000000000001-demo"), either(s.BotToken, "xoxb-1000000000001-1000000000002-demo")
	s.Clock, s.Logf, s.OnChange = w.Clock, w.cfg.Logf, w.change
	j.BotEmail, j.BotToken = either(j.BotEmail, "latchkey@acme.example"), either(j.BotToken, "demo-jira-token")
	j.OrgID, j.OrgKey = either(j.OrgID, "5f0e2a1b-77aa-4c1e-9d3f-0a1b2c3d4e5f"), either(j.OrgKey, "demo-org-key")
	j.Clock, j.Logf, j.OnChange = w.Clock, w.cfg.Logf, w.change
	if len(j.Fields) == 0 {
		j.Fields, j.Workflow = called(w.cfg.Called, formFields(), workflow())
	}
	if len(j.Resolutions) == 0 {
		j.Resolutions = resolutions(w.cfg.Outcomes)
	}
	w.Slack, w.Jira = slack.New(s), jira.New(j)
	w.where = Addresses{AppToken: s.AppToken, BotToken: s.BotToken, JiraEmail: j.BotEmail, JiraToken: j.BotToken, OrgID: j.OrgID, OrgKey: j.OrgKey}
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (w *World) open() error {
	for _, service := range []struct {
		name    string
		handler http.Handler
		url     *string
		path    string
	}{
		{"slack", w.Slack.Handler(), &w.where.SlackAPI, "/api/"},
		{"jira", w.Jira.Handler(), &w.where.Jira, ""},
	} {
		at, err := w.serve(service.name, service.handler)
		if err != nil {
			return err
		}
		*service.url = at + service.path
	}
	w.where.AdminAPI = w.where.Jira // in life api.atlassian.com
	for _, d := range w.directories {
		at, err := w.serve(d.ID, d.Handler())
		if err != nil {
			return err
		}
		w.where.Directories = append(w.where.Directories, DirectoryAddress{d.ID, d.Kind, at, d.Opened(at)})
		if d.Kind == "okta" && w.where.Okta == "" {
			w.where.Okta, w.where.OktaToken = at, d.Opened(at)["token"]
		}
	}
	return nil
}

// serve opens a service at an address of its own.
func (w *World) serve(name string, handler http.Handler) (url string, err error) {
	l, err := w.cfg.Listen()
	if err != nil {
		return "", fmt.Errorf("sandbox: open a port: %w", err)
	}
	srv := &http.Server{Handler: w.late(name, handler), ReadHeaderTimeout: 10 * time.Second}
	w.servers = append(w.servers, srv)
	w.serving.Go(func() { _ = srv.Serve(l) }) // ends with Close
	return "http://" + l.Addr().String(), nil
}

// Addresses tells where the services are.
func (w *World) Addresses() Addresses { return w.where }

// Close ends the world.
func (w *World) Close() error {
	var errs []error
	w.Slack.Close()
	w.Jira.Close()
	for _, d := range w.directories {
		d.Close()
	}
	for _, s := range w.servers {
		errs = append(errs, s.Close())
	}
	w.serving.Wait()
	return errors.Join(errs...)
}

func (w *World) change() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.version++
	close(w.changed)
	w.changed = make(chan struct{})
}

// Changed returns a channel that is closed at the next change of anything a
// person could see.
func (w *World) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// Eventually waits until ok holds, looking again after each change.
func (w *World) Eventually(ctx context.Context, ok func() error) error {
	for {
		next := w.Changed()
		err := ok()
		if err == nil {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return err
		}
	}
}
