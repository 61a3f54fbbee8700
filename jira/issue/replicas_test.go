package issue_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// attempts are those of all replicas.
type attempts struct {
	mu   sync.Mutex
	last map[string]time.Time
	down error
}

func (a *attempts) Last(_ context.Context, id string) (time.Time, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.last[id], a.down
}

func (a *attempts) Begins(_ context.Context, id string, at time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.down == nil {
		a.last[id] = at
	}
	return a.down
}

func (a *attempts) Resolved(_ context.Context, id string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.last, id)
	return a.down
}

// replicas are three of a bot that have run for an hour, and what they know together.
func replicas(t *testing.T) (s *jiratest.Story, all [3]*jira.Client, known *attempts) {
	s, known = jiratest.NewStory(jiratest.New(t)), &attempts{last: map[string]time.Time{}}
	s.Config.Attempts = known
	for i := range all {
		s.Restart()
		all[i] = s.Client
	}
	return s, all, known
}

// TestWhatOneReplicaTriedAnotherWaitsFor: Jira may carry it out any moment, however long ago the request was made. Who waits
// opens the issue in the end, and it is told what it tried in turn.
func TestWhatOneReplicaTriedAnotherWaitsFor(t *testing.T) {
	s, all, known := replicas(t)
	since := s.Clock.Now()
	s.Clock.Advance(time.Hour)
	for i, r := range all[:2] {
		s.Site.AddFault(sandbox.Fault{Path: requestPath, Status: http.StatusBadGateway, Times: 1})
		_, err := r.Issues.Open(t.Context(), s.Case, since)
		jiratest.Failure(t, err, access.Unclear)
		s.Clock.Advance(time.Second)
		for n, other := range all {
			_, err := other.Issues.Open(t.Context(), s.Case, since)
			if jiratest.Failure(t, err, access.Unclear); len(s.Site.Issues()) > 0 {
				t.Fatalf("replica %d opens an issue a second after replica %d has tried", n, i)
			}
		}
		s.Clock.Advance(time.Minute)
	}
	got, err := all[0].Issues.Open(t.Context(), s.Case, since)
	if err != nil || got.Key == "" || len(s.Site.Issues()) != 1 {
		t.Fatalf("a minute later: %+v, %v; %d issues", got, err, len(s.Site.Issues()))
	}
	if len(known.last) > 0 {
		t.Errorf("it is known what came of it, and still kept: %v", known.last)
	}
}

// TestWhatOthersTriedCantBeKnown, so nothing is tried; and an attempt that can't be noted isn't made.
func TestWhatOthersTriedCantBeKnown(t *testing.T) {
	s, all, known := replicas(t)
	since := s.Clock.Now()
	s.Clock.Advance(time.Hour)
	known.down = errors.New("no route to the database")
	for _, tried := range []time.Time{{}, since} {
		if _, err := all[0].Issues.Open(t.Context(), s.Case, tried); err == nil || len(s.Site.Issues()) > 0 {
			t.Errorf("tried before at %v: %v, %d issues", tried, err, len(s.Site.Issues()))
		}
	}
	known.down = nil
	if _, err := all[0].Issues.Open(t.Context(), s.Case, since); err != nil {
		t.Errorf("once they can: %v", err)
	}
}
