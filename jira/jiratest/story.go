package jiratest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/evidence/note/notetest"
	sandbox "latchkey/sandbox/jira"
)

// Story is one request on its way, moved by the real machines.
type Story struct {
	*Desk
	access.Case
	Entries []access.Entry // what the log keeps of it
}

// NewStory makes a request that was just submitted.
func NewStory(d *Desk, change ...func(*Story)) *Story {
	groups := []catalog.GroupRef{{Directory: "okta", Group: "figma-editors"}}
	s := &Story{Desk: d}
	s.App = catalog.App{ID: "figma", Name: "Figma", Provisioning: catalog.ByDirectory, Owners: []string{string(Iris)}}
	s.Role = catalog.Role{ID: "editor", Name: "Editor", Groups: groups, Risk: catalog.Medium}
	s.Requester = access.Person{ID: Maya, Email: access.Email(Maya), Name: "Maya Lind", Standing: access.Active}
	s.Beneficiary = s.Requester
	s.People = map[access.PersonID]access.Person{Iris: {ID: Iris, Email: access.Email(Iris)}}
	s.Approvers = []access.Person{{ID: Noor, Email: access.Email(Noor), Name: "Noor Haddad"}}
	s.Request = access.Request{
		ID: "AR-7F3K9Q", Requester: Maya, Beneficiary: Maya, App: "figma", Role: "editor",
		Wanted: 6 * time.Hour, Allowed: 6 * time.Hour, Reason: "Launch assets", Route: "manager",
		Stages: []access.Stage{{}}, State: access.RequestPending, Created: d.Clock.Now(),
	}
	for _, f := range change {
		f(s)
	}
	e := s.Request.Event(access.EventSubmitted, Slack(Maya), d.Clock.Now())
	s.Append(e)
	return s
}

// Slack is somebody acting in Slack.
func Slack(who access.PersonID) access.Actor {
	return access.Actor{Person: who, Via: access.ViaSlack, Account: "U-" + string(who[:4])}
}

// Append seals an event and makes it part of the story.
func (s *Story) Append(e access.Event) access.Event {
	s.T.Helper()
	var last access.Entry
	if n := len(s.Entries); n > 0 {
		last = s.Entries[n-1]
	}
	entry, err := e.Encode(access.Seed{byte(len(s.Entries)), 15: byte(len(s.Entries))})
	if err == nil {
		entry, err = entry.Chain(notetest.Log, last.N, last.Leaf)
	}
	if err != nil {
		s.T.Fatal(err)
	}
	entry.Place = last.Place + 2
	e = e.As(entry)
	s.Entries, s.Story = append(s.Entries, entry), append(s.Story, e)
	return e
}

// MakeRecord makes what the issue is to carry as the story stands now.
func (s *Story) MakeRecord(issue access.Issue) (access.IssueRecord, error) {
	if s.Keys.Signer == nil {
		s.Keys = notetest.Keys(notetest.Log)
	}
	return evidence.WriteIssue(context.Background(), s.Keys.Signer.Sign, evidence.Writing{
		Log: notetest.Log, Issue: issue, Case: s.Case, Entries: s.Entries, At: s.Clock.Now(),
	})
}

// RequestEvent moves the request by an event.
func (s *Story) RequestEvent(kind access.EventKind, by access.Actor, change ...func(*access.Event)) access.Event {
	s.T.Helper()
	e := s.Request.Event(kind, by, s.Clock.Now())
	for _, f := range change {
		f(&e)
	}
	next, _, err := s.Request.Apply(e, s.Clock.Now())
	if err != nil {
		s.T.Fatalf("%s: %v", kind, err)
	}
	s.Request = next
	return s.Append(e)
}

// GrantEvent moves the grant by an event.
func (s *Story) GrantEvent(kind access.EventKind, by access.Actor, change ...func(*access.Event)) access.Event {
	s.T.Helper()
	e := s.Grant.Event(kind, by, s.Clock.Now())
	if kind == access.EventMemberAdded || kind == access.EventMemberRemoved || kind == access.EventMemberKept || kind == access.EventMemberGone {
		e.Group = &s.Grant.Entitlements[0].Group
	}
	for _, f := range change {
		f(&e)
	}
	next, _, err := s.Grant.Apply(e, s.Clock.Now())
	if err != nil {
		s.T.Fatalf("%s: %v", kind, err)
	}
	s.Grant = &next
	return s.Append(e)
}

// Open opens the issue. since is the moment of an earlier attempt.
func (s *Story) Open(since time.Time) (access.Issue, error) {
	return s.Client.Issues.Open(context.Background(), s.Case, since)
}

// Opened opens the issue and lets the story know.
func (s *Story) Opened() *Story {
	s.T.Helper()
	issue, err := s.Open(time.Time{})
	if err != nil {
		s.T.Fatalf("Open: %v", err)
	}
	s.RequestEvent(access.EventIssueOpened, access.System(), func(e *access.Event) { e.Issue = &issue })
	return s
}

// Record tells the issue about an event.
func (s *Story) Record(e access.Event, again bool) error {
	return s.Client.Issues.Record(context.Background(), s.Case, e, s.MakeRecord, again)
}

// Recorded records an event and fails the test if that does not work.
func (s *Story) Recorded(e access.Event) {
	s.T.Helper()
	if err := s.Record(e, false); err != nil {
		s.T.Fatalf("record %s: %v", e.Kind, err)
	}
}

// Ask records that Noor was asked.
func (s *Story) Ask() {
	s.T.Helper()
	s.Recorded(s.RequestEvent(access.EventApproversAsked, access.System(), func(e *access.Event) { e.Approvers = []access.PersonID{Noor} }))
}

// Agree lets Noor approve and starts the grant.
func (s *Story) Agree() access.Event {
	s.T.Helper()
	e := s.RequestEvent(access.EventApproved, Slack(Noor), func(e *access.Event) { e.Approvers = []access.PersonID{Noor} })
	g, started, _, err := access.Start(s.Request, s.App, s.Role, s.Clock.Now())
	if err != nil {
		s.T.Fatal(err)
	}
	s.Grant = &g
	s.Append(started)
	return e
}

// There lets Noor approve, and access be there, of which the issue has still to be told.
func (s *Story) There() access.Event {
	s.T.Helper()
	s.Recorded(s.Agree())
	s.GrantEvent(access.EventRecorded, access.System())
	return s.GrantEvent(access.EventMemberAdded, access.System())
}

// GrantAccess brings the story to where access is there.
func (s *Story) GrantAccess() {
	s.T.Helper()
	s.Ask()
	s.Provision()
}

// Status fails the test unless the issue is in a status.
func (s *Story) Status(want string) sandbox.Issue {
	s.T.Helper()
	is := s.Issue(s.Request.Issue.Key)
	if is.Status != want {
		s.T.Errorf("the issue is %q, want %q", is.Status, want)
	}
	return is
}

// Comments finds comments that contain a text.
func Comments(is sandbox.Issue, text string) []sandbox.Comment {
	var out []sandbox.Comment
	for _, c := range is.Comments {
		if strings.Contains(c.Text, text) {
			out = append(out, c)
		}
	}
	return out
}

// Failure checks the class of a failure and returns it.
func Failure(t *testing.T, err error, want access.Class) *access.Failure {
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

// Provision goes on from where the approvers were asked.
func (s *Story) Provision() {
	s.T.Helper()
	s.Recorded(s.There())
}
