package watch_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	"latchkey/jira/stamp"
)

// readings are what is read of the project as a whole.
func readings(s *jiratest.Story) map[string]func() (int, error) {
	ctx, r, a := context.Background(), s.Client.Snapshots, s.Client.Archive
	return map[string]func() (int, error){
		"changes": func() (int, error) {
			seen, err := r.Changes(ctx, s.Clock.Now(), jiratest.NobodyKnows)
			return len(seen), err
		},
		"anchors": func() (int, error) {
			found, _, err := r.Anchors(ctx, "7F3K9Q2M", false)
			return len(found), err
		},
		"the issue of anchors": func() (int, error) {
			_, id, err := r.AnchorIssue(ctx, stamp.AnchorMark+"7F3K9Q2M-")
			return len(id), err
		},
		"recorded issues": func() (int, error) {
			found, _, err := a.RecordedIssues(ctx)
			return len(found), err
		},
	}
}

// hidden is a site with an issue of a request and one of anchors, of which the client has known the project.
func hidden(t *testing.T) *jiratest.Story {
	t.Helper()
	s := jiratest.NewStory(jiratest.New(t)).Opened()
	ctx := context.Background()
	at, err := s.Client.Issues.OpenReport(ctx, access.IssueReport{ID: stamp.AnchorMark + "7F3K9Q2M-2026", At: s.Clock.Now(), Title: "Anchors"}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Client.Issues.PinAnchor(ctx, at, access.AnchorNote{ID: "note-1", At: s.Clock.Now(), Title: "How the log stands", Post: []byte(`{"n":1}`)}); err != nil {
		t.Fatal(err)
	}
	return s
}

// A search shows nothing to whoever may not see the project: that is no reading.
func TestNothingIsReadOfAHiddenProject(t *testing.T) {
	s := hidden(t)
	for what, read := range readings(s) {
		s.Site.Permit("BROWSE_PROJECTS", true)
		want, err := read()
		if err != nil || want == 0 {
			t.Fatalf("%s: %d, %v", what, want, err)
		}
		s.Site.Permit("BROWSE_PROJECTS", false)
		if n, err := read(); err == nil || access.Classify(err).Class != access.Denied {
			t.Errorf("%s of a hidden project: %d, %v", what, n, err)
		}
	}
}

// flicker takes the right to see the project before one call, and gives it back after it.
type flicker struct {
	s    *jiratest.Story
	path string
	next http.RoundTripper
	left int
}

func (f *flicker) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Path, f.path) {
		return f.next.RoundTrip(r)
	}
	if f.left--; f.left != 0 {
		return f.next.RoundTrip(r)
	}
	f.s.Site.Permit("BROWSE_PROJECTS", false)
	defer f.s.Site.Permit("BROWSE_PROJECTS", true)
	return f.next.RoundTrip(r)
}

// What is hidden while one answer is given is looked for again: nothing is missing from what is recovered.
func TestRecoveryMissesNothingThatWasHiddenForAMoment(t *testing.T) {
	for _, path := range []string{"/issue/bulkfetch", "/properties/", "/comment"} {
		for n := 1; n <= 3; n++ {
			s := hidden(t)
			s.Ask()
			s.Config.Rest.HTTP = &http.Client{Transport: &flicker{s: s, path: path, next: s.Config.Rest.HTTP.Transport, left: n}}
			s.Restart()
			found, reports, err := s.Client.Archive.RecordedIssues(context.Background())
			if err != nil || len(found) != 1 || len(reports) != 1 || found[0].Record.State == "" {
				t.Errorf("hidden during call %d of %s: %+v, %+v, %v", n, path, found, reports, err)
			}
		}
	}
}
