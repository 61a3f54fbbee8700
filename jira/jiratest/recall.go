package jiratest

import (
	"context"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/access"
	"latchkey/evidence"
)

// Recall reads everything back with a client that remembers nothing.
func (d *Desk) Recall() []access.RecordedIssue {
	d.T.Helper()
	d.Restart()
	found, _, err := d.Client.Archive.RecordedIssues(context.Background())
	if err != nil {
		d.T.Fatalf("Recall: %v", err)
	}
	return found
}

// Same fails the test unless this is the only story, and comes back as it is now.
func (s *Story) Same() {
	s.T.Helper()
	found := s.Recall()
	if len(found) != 1 {
		s.T.Fatalf("recalled %d requests, want one", len(found))
	}
	s.Matches(found[0])
}

// Matches fails the test unless an issue that is read back tells the story as it
// is now.
func (s *Story) Matches(is access.RecordedIssue) {
	s.T.Helper()
	m, err := evidence.Reading{Trust: s.Keys.Trust}.ReadIssue(is.Issue, is.Record)
	if err != nil {
		s.T.Fatal(err)
	}
	if diff := cmp.Diff(s.Entries, m.Entries); diff != "" {
		s.T.Errorf("the entries came back differently (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(s.Story, m.Story); diff != "" {
		s.T.Errorf("the story came back differently (-want +got):\n%s", diff)
	}
	r, g, err := m.Replay()
	if err != nil {
		s.T.Fatal(err)
	}
	if diff := cmp.Diff(s.Request, r, cmpopts.IgnoreFields(access.Request{}, "Version"), cmpopts.EquateEmpty()); diff != "" {
		s.T.Errorf("the request came back differently (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(s.Grant, g, cmpopts.EquateEmpty()); diff != "" {
		s.T.Errorf("the grant came back differently (-want +got):\n%s", diff)
	}
}
