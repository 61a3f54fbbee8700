// Package jiratest is what the tests of the rooms of jira share: an emulated site
// with people, a site that answers whatever a test wants, and requests that are
// moved by the real machines.
package jiratest

import (
	"net/http/httptest"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/jira"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

// Clock moves only when told to; nobody waits by it in the emulation.
type Clock struct{ *clocktest.Clock }

// NewClock shows the Monday on which the tests begin.
func NewClock() Clock {
	return Clock{clocktest.New(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
}

// After never fires: delays of the emulation last until a test ends them.
func (Clock) After(time.Duration) <-chan time.Time { return nil }

// Desk is an emulated site with the people of the tests and a client for it.
type Desk struct {
	T      *testing.T
	Clock  Clock
	Site   *sandbox.Server
	URL    string
	Config jira.Config
	Client *jira.Client
	Keys   note.Keys // with which what goes into issues is signed
}

// The people of the tests. Iris has no account in Jira.
const (
	Maya = access.PersonID("maya@acme.example")
	Noor = access.PersonID("noor@acme.example")
	Iris = access.PersonID("iris@acme.example")
)

// New makes a desk. It fails the test when the client breaks a rule of the site.
func New(t *testing.T, change ...func(*sandbox.Config)) *Desk {
	t.Helper()
	d := &Desk{T: t, Clock: NewClock(), Keys: notetest.Keys(notetest.Log)}
	cfg := sandbox.Config{Clock: d.Clock, Logf: t.Logf}
	for _, f := range change {
		f(&cfg)
	}
	d.Site = sandbox.New(cfg)
	server := httptest.NewServer(d.Site.Handler())
	t.Cleanup(func() {
		server.Close()
		d.Site.Close()
		if got := d.Site.Violations(); len(got) > 0 {
			t.Errorf("the client broke the rules of the site: %q", got)
		}
	})
	d.Site.AddAccount(sandbox.Account{Email: string(Maya), DisplayName: "Maya Lind", Active: true, Customer: true})
	d.Site.AddAccount(sandbox.Account{Email: string(Noor), DisplayName: "Noor Haddad", Active: true, Customer: true})
	d.URL = server.URL
	d.Config = Config(server.URL, d.Clock.Now)
	d.Config.Rest.HTTP = server.Client()
	d.Restart()
	return d
}

// Config is the configuration that fits the emulated site and the Fake.
func Config(url string, now func() time.Time) jira.Config {
	return jira.Config{
		Rest: rest.Config{URL: url, Email: "latchkey@acme.example", Token: "demo-jira-token", Now: now},
		Site: site.Config{
			Project: "IT", RequestType: "Access request",
			Statuses: map[string]string{
				site.Pending: "Waiting for approval", site.Approved: "In progress", site.Manual: "Waiting for support",
				site.Active: "Granted", site.Stuck: "Needs attention", site.Denied: "Declined",
				site.Cancelled: "Canceled", site.Ended: "Closed",
			},
			Resolutions: map[string]string{site.Denied: "Declined", site.Cancelled: "Canceled", site.Ended: "Done"},
		},
	}
}

// Restart replaces the client by one that remembers nothing.
func (d *Desk) Restart() {
	d.T.Helper()
	c, err := jira.New(d.Config)
	if err != nil {
		d.T.Fatalf("New: %v", err)
	}
	d.Client = c
}

// Calls counts the calls that f makes, by method and path template.
func (d *Desk) Calls(f func()) map[string]int {
	before := d.Site.Stats()
	f()
	after := d.Site.Stats()
	for k, n := range before {
		if after[k] -= n; after[k] == 0 {
			delete(after, k)
		}
	}
	return after
}

// Issue is an issue of the site as it stands.
func (d *Desk) Issue(key string) sandbox.Issue {
	d.T.Helper()
	is, ok := d.Site.Issue(key)
	if !ok {
		d.T.Fatalf("there is no issue %q", key)
	}
	return is
}
