package rest_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	"latchkey/jira/rest"
)

// script answers call after call with the next status; the last one again and again.
type script struct {
	answers []int
	calls   int
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	status := s.answers[min(s.calls, len(s.answers)-1)]
	s.calls++
	resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`[]`)), Request: req}
	if status == http.StatusTooManyRequests {
		resp.Header.Set("Retry-After", "7")
	}
	return resp, nil
}

// A read that nobody waits for goes on through trouble and rate limits, and ends
// with what a repetition can't mend.
func TestFetchWithRetry(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []int
		calls   int
		took    time.Duration
		want    access.Class // "" for success
	}{
		{"asked to wait, time and again", []int{429, 429, 429, 429, 429, 429, 429, 429, 200}, 9, 8 * 7 * time.Second, ""},
		{"trouble that passes", []int{500, 500, 200}, 3, 3 * time.Second, ""},
		{"trouble that stays", []int{500}, 6, 31 * time.Second, access.Transient},
		{"a refusal", []int{403}, 1, 0, access.Denied},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				site := &script{answers: c.answers}
				cfg := jiratest.Config("https://acme.atlassian.net", time.Now).Rest
				cfg.HTTP, cfg.Logger = &http.Client{Transport: site}, slog.New(slog.DiscardHandler)
				api, err := rest.New(cfg)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				var out []any
				err = api.FetchWithRetry(t.Context(), find(), &out)
				if c.want != "" {
					jiratest.Failure(t, err, c.want)
				} else if err != nil {
					t.Error(err)
				}
				if took := time.Since(began); site.calls != c.calls || c.took > 0 && took != c.took {
					t.Errorf("%d calls in %s, want %d in %s", site.calls, took, c.calls, c.took)
				}
			})
		})
	}
}

func TestWaitingEndsWhenStopped(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	jiratest.Failure(t, client(t, jiratest.NewFake(t)).Wait(ctx, time.Hour), access.Transient)
}
