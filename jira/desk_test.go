package jira_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/evidence"
	"latchkey/jira"
	sandbox "latchkey/sandbox/jira"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// handClock moves only when told to; nobody waits by it in the emulation.
type handClock struct{ *clocktest.Clock }

func newClock() handClock {
	return handClock{clocktest.New(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
}

func (handClock) After(time.Duration) <-chan time.Time { return nil }

// desk is an emulated site with the people of the tests and a client for it.
type desk struct {
	t     *testing.T
	clock handClock
	site  *sandbox.Server
	url   string
	cfg   jira.Config
	c     *jira.Client
}

const (
	maya = access.PersonID("maya@acme.example")
	noor = access.PersonID("noor@acme.example")
	iris = access.PersonID("iris@acme.example")
)

func newDesk(t *testing.T, change ...func(*sandbox.Config)) *desk {
	t.Helper()
	d := &desk{t: t, clock: newClock()}
	cfg := sandbox.Config{Clock: d.clock, Logf: t.Logf}
	for _, f := range change {
		f(&cfg)
	}
	d.site = sandbox.New(cfg)
	server := httptest.NewServer(d.site.Handler())
	t.Cleanup(func() {
		server.Close()
		d.site.Close()
		if got := d.site.Violations(); len(got) > 0 {
			t.Errorf("the client broke the rules of the site: %q", got)
		}
	})
	d.site.AddAccount(sandbox.Account{Email: string(maya), DisplayName: "Maya Lind", Active: true, Customer: true})
	d.site.AddAccount(sandbox.Account{Email: string(noor), DisplayName: "Noor Haddad", Active: true, Customer: true})
	d.url = server.URL
	d.cfg = config(server.URL, d.clock.Now)
	d.cfg.HTTP = server.Client()
	d.restart()
	return d
}

func config(url string, now func() time.Time) jira.Config {
	return jira.Config{
		URL: url, Email: "latchkey@acme.example", Token: "demo-jira-token",
		Project: "IT", RequestType: "Access request", Now: now,
		Statuses: map[string]string{
			jira.Pending: "Waiting for approval", jira.Approved: "In progress", jira.Manual: "Waiting for support",
			jira.Granted: "Granted", jira.Stuck: "Needs attention", jira.Declined: "Declined",
			jira.Withdrawn: "Canceled", jira.Closed: "Closed",
		},
		Resolutions: map[string]string{jira.Declined: "Declined", jira.Withdrawn: "Canceled", jira.Closed: "Done"},
	}
}

// restart replaces the client by one that remembers nothing.
func (d *desk) restart() {
	d.t.Helper()
	c, err := jira.New(d.cfg)
	if err != nil {
		d.t.Fatalf("New: %v", err)
	}
	d.c = c
}

// calls counts the calls that f makes, by method and path template.
func (d *desk) calls(f func()) map[string]int {
	before := d.site.Stats()
	f()
	after := d.site.Stats()
	for k, n := range before {
		if after[k] -= n; after[k] == 0 {
			delete(after, k)
		}
	}
	return after
}

func (d *desk) issue(key string) sandbox.Issue {
	d.t.Helper()
	is, ok := d.site.Issue(key)
	if !ok {
		d.t.Fatalf("there is no issue %q", key)
	}
	return is
}

// story is one request on its way, moved by the real machines.
type story struct {
	*desk
	access.Case
	entries []access.Entry
}

func newStory(d *desk, change ...func(*story)) *story {
	groups := []catalog.GroupRef{{Directory: "okta", Group: "figma-editors"}}
	s := &story{desk: d}
	s.App = catalog.App{ID: "figma", Name: "Figma", Provisioning: catalog.ByDirectory, Owners: []string{string(iris)}}
	s.Role = catalog.Role{ID: "editor", Name: "Editor", Groups: groups, Risk: catalog.Medium}
	s.Requester = access.Person{ID: maya, Email: access.Email(maya), Name: "Maya Lind", Standing: access.Active}
	s.Beneficiary = s.Requester
	s.Approvers = []access.Person{{ID: noor, Email: access.Email(noor), Name: "Noor Haddad"}}
	s.Request = access.Request{
		ID: "AR-7F3K9Q", Requester: maya, Beneficiary: maya, App: "figma", Role: "editor",
		Wanted: 6 * time.Hour, Allowed: 6 * time.Hour, Reason: "Launch assets", Route: "manager",
		Stages: []access.Stage{{}}, State: access.RequestPending, Created: d.clock.Now(),
	}
	for _, f := range change {
		f(s)
	}
	e := s.Request.Event(access.EventSubmitted, slack(maya), d.clock.Now())
	s.tell(e)
	return s
}

func slack(who access.PersonID) access.Actor {
	return access.Actor{Person: who, Via: access.ViaSlack, Account: "U-" + string(who[:4])}
}

// tell seals an event and makes it part of the story.
func (s *story) tell(e access.Event) access.Event {
	s.t.Helper()
	var last access.Entry
	if n := len(s.entries); n > 0 {
		last = s.entries[n-1]
	}
	entry, err := e.Encode(access.Seed{byte(len(s.entries)), 15: byte(len(s.entries))})
	if err == nil {
		entry, err = entry.Chain("acme.test/latchkey/7f3k9q2m/1", last.N, last.Leaf)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	entry.Place = last.Place + 2
	e = e.As(entry)
	s.entries, s.Story = append(s.entries, entry), append(s.Story, e)
	return e
}

// carry is what the issue is to carry as the story stands now.
func (s *story) carry(issue string) (access.IssueRecord, error) {
	return evidence.WriteIssue(issue, s.Case, s.entries, s.clock.Now())
}

// request moves the request by an event.
func (s *story) request(kind access.EventKind, by access.Actor, change ...func(*access.Event)) access.Event {
	s.t.Helper()
	e := s.Request.Event(kind, by, s.clock.Now())
	for _, f := range change {
		f(&e)
	}
	next, _, err := s.Request.Apply(e, s.clock.Now())
	if err != nil {
		s.t.Fatalf("%s: %v", kind, err)
	}
	s.Request = next
	return s.tell(e)
}

// grant moves the grant by an event.
func (s *story) grant(kind access.EventKind, by access.Actor, change ...func(*access.Event)) access.Event {
	s.t.Helper()
	e := s.Grant.Event(kind, by, s.clock.Now())
	if kind == access.EventMemberAdded || kind == access.EventMemberRemoved || kind == access.EventMemberKept {
		e.Group = &s.Grant.Entitlements[0].Group
	}
	for _, f := range change {
		f(&e)
	}
	next, _, err := s.Grant.Apply(e, s.clock.Now())
	if err != nil {
		s.t.Fatalf("%s: %v", kind, err)
	}
	s.Grant = &next
	return s.tell(e)
}

func (s *story) open(since time.Time) (access.Issue, error) {
	return s.c.Open(context.Background(), s.Case, s.carry, since)
}

// opened opens the issue and lets the story know.
func (s *story) opened() *story {
	s.t.Helper()
	issue, err := s.open(time.Time{})
	if err != nil {
		s.t.Fatalf("Open: %v", err)
	}
	s.request(access.EventIssueOpened, access.System(), func(e *access.Event) { e.Issue = &issue })
	return s
}

func (s *story) record(e access.Event, again bool) error {
	return s.c.Record(context.Background(), s.Case, e, s.carry, again)
}

// recorded records an event and fails the test if that does not work.
func (s *story) recorded(e access.Event) {
	s.t.Helper()
	if err := s.record(e, false); err != nil {
		s.t.Fatalf("record %s: %v", e.Kind, err)
	}
}

func (s *story) asked() {
	s.t.Helper()
	s.recorded(s.request(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{noor} }))
}

// agreed lets Noor approve and starts the grant.
func (s *story) agreed() access.Event {
	s.t.Helper()
	e := s.request(access.EventApproved, slack(noor), func(e *access.Event) { e.Approvers = []access.PersonID{noor} })
	g, started, _, err := access.Start(s.Request, s.App, s.Role, s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	s.Grant = &g
	s.tell(started)
	return e
}

// granted brings the story to where access is there.
func (s *story) granted() {
	s.t.Helper()
	s.asked()
	s.provisioned()
}

func (s *story) status(want string) sandbox.Issue {
	s.t.Helper()
	is := s.issue(s.Request.Issue.Key)
	if is.Status != want {
		s.t.Errorf("the issue is %q, want %q", is.Status, want)
	}
	return is
}

// said finds comments that contain a text.
func said(is sandbox.Issue, text string) []sandbox.Comment {
	var out []sandbox.Comment
	for _, c := range is.Comments {
		if strings.Contains(c.Text, text) {
			out = append(out, c)
		}
	}
	return out
}

// class checks the class of a failure and returns it.
func class(t *testing.T, err error, want access.Class) *access.Failure {
	t.Helper()
	var f *access.Failure
	if !errors.As(err, &f) {
		t.Fatalf("error %v is no failure, want %s", err, want)
	}
	if f.Class != want {
		t.Fatalf("failure %v is %s, want %s", err, f.Class, want)
	}
	return f
}
