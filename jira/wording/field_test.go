package wording_test

import (
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
	"latchkey/jira/jiratest"
	"latchkey/jira/wording"
)

// Whom a request waits for and who decided stand in fields, in a line each.
func TestWhoIsWaitedForAndWhoDecided(t *testing.T) {
	both := []access.PersonID{jiratest.Noor, jiratest.Iris}
	said := func(kind access.EventKind, by access.Actor) func(*jiratest.Story) {
		return func(s *jiratest.Story) { s.Append(s.Request.Event(kind, by, s.Clock.Now())) }
	}
	for name, tc := range map[string]struct {
		set            func(*jiratest.Story)
		waits, decided string
	}{
		"an approver":    {set: func(s *jiratest.Story) { s.Request.Stages[0].Asked = both[:1] }, waits: "Noor Haddad"},
		"one of several": {set: func(s *jiratest.Story) { s.Request.Stages[0].Asked = both }, waits: "Noor Haddad or iris@acme.example"},
		"all of them": {set: func(s *jiratest.Story) {
			s.Request.Stages[0].Asked, s.Request.Stages[0].Need = both, catalog.Need{All: true}
		}, waits: "Noor Haddad and iris@acme.example (all of them)"},
		"two of them": {set: func(s *jiratest.Story) {
			s.Request.Stages[0].Asked, s.Request.Stages[0].Need = both, catalog.Need{AtLeast: 2}
		}, waits: "Noor Haddad or iris@acme.example (2 of them)"},
		"the second stage": {set: func(s *jiratest.Story) {
			s.Request.Stages, s.Request.Stage = []access.Stage{{}, {Asked: both[1:]}}, 1
			said(access.EventApproved, jiratest.Slack(jiratest.Noor))(s)
		}, waits: "Stage 2 of 2: iris@acme.example", decided: "Noor Haddad"},
		"an answer":        {set: func(s *jiratest.Story) { s.Request.Questioned, s.Request.Stages[0].Asked = true, both }, waits: "Maya Lind, to answer a question"},
		"nobody was found": {set: func(*jiratest.Story) {}, waits: "IT, to find who may decide"},
		"hands": {set: func(s *jiratest.Story) {
			s.Request.State, s.Grant = access.RequestApproved, &access.Grant{State: access.GrantManual, Manual: true}
		}, waits: "iris@acme.example", decided: "nobody: the rules ask nobody"},
		"IT": {set: func(s *jiratest.Story) {
			s.Request.State, s.Grant = access.RequestApproved, &access.Grant{State: access.GrantStuck}
			said(access.EventApproved, jiratest.Slack(jiratest.Noor))(s)
		}, waits: "IT", decided: "Noor Haddad"},
		"a review": {set: func(s *jiratest.Story) {
			s.Request.State, s.Request.BreakGlass, s.Grant = access.RequestApproved, true, &access.Grant{State: access.GrantActive}
			s.Request.Review = &access.Review{Asked: both}
			said(access.EventBreakGlass, jiratest.Slack(jiratest.Maya))(s)
		}, waits: "Noor Haddad or iris@acme.example, to say whether it was an emergency", decided: "Maya Lind, in an emergency"},
		"refused": {set: func(s *jiratest.Story) {
			s.Request.State = access.RequestDenied
			said(access.EventDenied, jiratest.Slack(jiratest.Noor))(s)
		}, decided: "Noor Haddad"},
		"refused by a rule": {set: func(s *jiratest.Story) {
			s.Request.State = access.RequestDenied
			said(access.EventDenied, access.System())(s)
		}, decided: "a rule"},
		"in force": {set: func(s *jiratest.Story) {
			s.Request.State, s.Grant = access.RequestApproved, &access.Grant{State: access.GrantActive}
			said(access.EventApproved, jiratest.Slack(jiratest.Noor))(s)
		}, decided: "Noor Haddad"},
	} {
		s := story(t, tc.set)
		if got := wording.WaitsFor(s.Case); got != tc.waits {
			t.Errorf("%s: it waits for %q, want %q", name, got, tc.waits)
		}
		if got := wording.DecidedBy(s.Case); got != tc.decided {
			t.Errorf("%s: decided by %q, want %q", name, got, tc.decided)
		}
	}
}

// However many are asked, the field takes a line.
func TestAFieldIsALine(t *testing.T) {
	s := story(t, func(s *jiratest.Story) {
		for range 300 {
			s.Request.Stages[0].Asked = append(s.Request.Stages[0].Asked, jiratest.Noor)
		}
	})
	if got := wording.WaitsFor(s.Case); len([]rune(got)) > adf.LineLimit || strings.Contains(got, "\n") {
		t.Errorf("%d characters: %s", len([]rune(got)), got)
	}
}

// Whoever waits for longer than a moment reads who decided, and why it takes its time.
func TestWhatTakesItsTime(t *testing.T) {
	for want, set := range map[string]func(*jiratest.Story){
		"Approved in Slack by Noor Haddad. It is being set up, and takes longer than usual.": func(*jiratest.Story) {},
		"Approved in Slack by Noor Haddad. Setting it up needs a hand from IT, who have been told.": func(s *jiratest.Story) {
			s.Request.State, s.Grant = access.RequestApproved, &access.Grant{State: access.GrantStuck}
		},
		"Approved in Slack by Noor Haddad. New access waits for the moment. This request is kept, and what it gives follows after that.": func(s *jiratest.Story) {
			s.Append(s.Request.Event(access.EventDeferred, access.System(), s.Clock.Now()))
		},
	} {
		s := story(t, func(s *jiratest.Story) {
			s.Append(s.Request.Event(access.EventApproved, jiratest.Slack(jiratest.Noor), s.Clock.Now()))
		}, set)
		if got := read(t, wording.Late(s.Case)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
