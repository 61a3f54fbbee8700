package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/jira/jiratest"
	"latchkey/jira/rest"
)

// meter is Jira as a pace sees it: every call takes a moment and is noted.
type meter struct {
	latency time.Duration
	answer  func(n int, resp *http.Response) // may change the n-th answer, from 1

	mu    sync.Mutex
	calls []time.Time
}

func (m *meter) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(m.latency) // virtual time
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, time.Now())
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`)), Request: req}
	if m.answer != nil {
		m.answer(len(m.calls), resp)
	}
	return resp, nil
}

// most is the largest number of calls in any stretch of time.
func (m *meter) most(per time.Duration) int {
	most := 0
	for i := range m.calls {
		n := 0
		for _, at := range m.calls[i:] {
			if at.Before(m.calls[i].Add(per)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func send(ctx context.Context, p *rest.Pace, method, path string) error {
	req, err := http.NewRequestWithContext(ctx, method, "https://acme.atlassian.net/"+path, nil)
	if err != nil {
		return err
	}
	resp, err := p.RoundTrip(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// persist is a worker's way: sent away, it comes back at the time it was told.
func persist(ctx context.Context, p *rest.Pace, method, path string) error {
	for {
		err := send(ctx, p, method, path)
		var f *access.Failure
		if !errors.As(err, &f) || f.Class != access.Limited {
			return err
		}
		time.Sleep(f.After)
	}
}

func all(t *testing.T, n int, do func(i int) error) (took time.Duration) {
	t.Helper()
	began := time.Now()
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			if err := do(i); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	return time.Since(began)
}

func TestPaceKeepsToTheLimitOfAnIssue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{latency: 50 * time.Millisecond}
		p := rest.NewPace(rest.PaceConfig{Next: m, Clock: clock.System{}, PerSecond: 50})
		all(t, 200, func(int) error { return persist(t.Context(), p, http.MethodPost, "rest/api/3/issue/10001/comment") })
		if n := m.most(2 * time.Second); n > 20 {
			t.Errorf("%d writes to one issue in 2 s", n)
		}
		if n := m.most(30 * time.Second); n > 100 {
			t.Errorf("%d writes to one issue in 30 s", n)
		}
		if len(m.calls) != 200 {
			t.Errorf("%d calls", len(m.calls))
		}
	})
}

func TestPaceUsesWhatItMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{latency: 50 * time.Millisecond}
		p := rest.NewPace(rest.PaceConfig{Next: m, Clock: clock.System{}})
		took := all(t, 400, func(i int) error {
			return persist(t.Context(), p, http.MethodPost, fmt.Sprintf("rest/api/3/issue/IT-%d/transitions", i+1))
		})
		if bound := 19 * time.Second; float64(took-m.latency) > 1.03*float64(bound) {
			t.Errorf("400 writes to 400 issues took %v, at 20 a second %v are enough", took, bound)
		}
		if n := m.most(time.Second); n != rest.DefaultPerSecond {
			t.Errorf("%d calls in a second", n)
		}
	})
}

func TestPaceSparesTheCustomerSearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{}
		p := rest.NewPace(rest.PaceConfig{Next: m, Clock: clock.System{}})
		all(t, 20, func(int) error {
			return persist(t.Context(), p, http.MethodGet, "rest/servicedeskapi/servicedesk/10/customer")
		})
		if n := m.most(time.Second); n > 5 {
			t.Errorf("%d calls in a second", n)
		}
	})
}

func TestPaceObeysWhatAnswersSay(t *testing.T) {
	const comment, other = "rest/api/3/issue/10001/comment", "rest/api/3/issue/10002/comment"
	for _, c := range []struct {
		name         string
		status       int
		header       [][2]string
		same, others time.Duration // how long the issue and another one rest
	}{
		{"the endpoint's limit", 429, [][2]string{{"Retry-After", "7"}, {"RateLimit-Reason", "jira-burst-based"}}, 7 * time.Second, 7 * time.Second},
		{"an issue's limit", 429, [][2]string{{"Retry-After", "3"}, {"RateLimit-Reason", "jira-per-issue-on-write"}}, 3 * time.Second, 0},
		{"a limit without words", 429, nil, 5 * time.Second, 5 * time.Second},
		{"nothing left", 201, [][2]string{{"X-RateLimit-Remaining", "0"}}, time.Second, time.Second},
		{"little left", 201, [][2]string{{"X-RateLimit-NearLimit", "true"}}, 200 * time.Millisecond, 200 * time.Millisecond},
		{"enough left", 201, [][2]string{{"X-RateLimit-Remaining", "349"}}, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := &meter{answer: func(n int, resp *http.Response) {
					if n > 1 {
						return
					}
					resp.StatusCode = c.status
					for _, h := range c.header {
						resp.Header.Set(h[0], h[1])
					}
				}}
				p := rest.NewPace(rest.PaceConfig{Next: m, Clock: clock.System{}})
				waited := func(path string) time.Duration {
					return all(t, 1, func(int) error { return persist(t.Context(), p, http.MethodPost, path) })
				}
				if got := waited(comment); got != 0 {
					t.Fatalf("the first call waited %v", got)
				}
				if got := waited(other); got != c.others {
					t.Errorf("another issue waited %v, want %v", got, c.others)
				}
				if got := waited(comment); got != c.same-c.others {
					t.Errorf("the issue waited %v more, want %v", got, c.same-c.others)
				}
			})
		})
	}
}

func TestPaceIsALimitedFailureOfTheClient(t *testing.T) {
	cfg := jiratest.Config("https://acme.atlassian.net", time.Now).Rest
	cfg.HTTP, cfg.Logger = &http.Client{Transport: full{}}, slog.New(slog.DiscardHandler)
	c, err := rest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	f := access.Classify(c.Send(t.Context(), find()))
	if f.Class != access.Limited || f.After != 3*time.Second || !strings.Contains(f.Sentence, "Jira takes only so many calls") {
		t.Errorf("got %+v", f)
	}
}

// full sends every call away, as a pace does when nothing more is allowed.
type full struct{}

func (full) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &access.Failure{Class: access.Limited, After: 3 * time.Second, Sentence: "Jira takes only so many calls at a time"}
}
