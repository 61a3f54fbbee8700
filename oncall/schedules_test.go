package oncall

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
)

var monday = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

// service answers like one that says who is on call.
type service struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	text   string
	header string
	calls  int
}

func newService(t *testing.T) *service {
	s := &service{status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls++
		s.header = req.Header.Get("Authorization")
		w.Header().Set("Location", s.URL+"/elsewhere")
		w.WriteHeader(s.status)
		_, _ = w.Write([]byte(s.text))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) says(status int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.text = status, text
}

func flat(who ...string) string {
	return `{"data":{"onCallRecipients":["` + strings.Join(who, `","`) + `"]}}`
}

func TestTheServiceIsAskedAnewForAnAnswer(t *testing.T) {
	s, c := newService(t), clocktest.New(monday)
	all := New([]Source{{Name: "ops", URL: s.URL, Authorization: func() string { return "GenieKey x" }}}, nil, c)
	s.says(http.StatusOK, flat("omar@acme.example"))
	for i, step := range []struct {
		later time.Duration
		anew  bool
		calls int
		want  string
	}{
		{0, false, 1, "omar"}, {30 * time.Second, false, 1, "omar"}, {0, true, 2, "priya"}, {59 * time.Second, false, 2, "priya"}, {time.Second, false, 3, "priya"},
		{-time.Hour, false, 4, "priya"}, // the clock was set back
	} {
		if i == 2 {
			s.says(http.StatusOK, flat("priya@acme.example"))
		}
		c.Set(c.Now().Add(step.later))
		got, err := all.OnCall(t.Context(), "ops", step.anew)
		if err != nil || !slices.Equal(got, []string{step.want + "@acme.example"}) || s.calls != step.calls {
			t.Errorf("step %d: %v, %v after %d calls", i, got, err, s.calls)
		}
	}
	if s.header != "GenieKey x" {
		t.Errorf("it was asked with %q", s.header)
	}
}

func TestWhatCannotBeReadIsNotNobody(t *testing.T) {
	s := newService(t)
	all := New([]Source{{Name: "ops", URL: s.URL + "/now?key=hush"}}, nil, clocktest.New(monday))
	s.says(http.StatusOK, flat("omar@acme.example"))
	if _, err := all.OnCall(t.Context(), "ops", true); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status int
		text   string
		class  access.Class
		want   string
	}{
		{401, "", access.Denied, "put a token there"}, {403, "", access.Denied, "put a token"}, {404, "", access.Rejected, "correct its url"}, {302, "", access.Rejected, "302"},
		{429, "", access.Transient, "429"}, {503, "", access.Transient, "503"}, {200, "<html>", access.Transient, "not JSON"}, {200, strings.Repeat(" ", mostBytes+1), access.Transient, "too long"},
	} {
		s.says(c.status, c.text)
		got, err := all.OnCall(t.Context(), "ops", true)
		if f := new(access.Failure); !errors.As(err, &f) || f.Class != c.class || !strings.Contains(f.Sentence, c.want) || got != nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%d %.10q: %v, %v", c.status, c.text, got, err)
		}
		if _, err := all.OnCall(t.Context(), "ops", false); err == nil {
			t.Errorf("%d: what was known before stands in", c.status)
		}
	}
	s.Close()
	if _, err := all.OnCall(t.Context(), "ops", true); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := all.OnCall(t.Context(), "nights", true); err == nil {
		t.Error("there is no such schedule")
	}
}

// slow is a service whose answers wait until they are let through.
type slow struct {
	calls int
	pass  chan struct{}
}

func (s *slow) RoundTrip(req *http.Request) (*http.Response, error) {
	s.calls++ // one call at a time, or the race detector says so
	select {
	case <-s.pass:
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(flat("omar@acme.example")))}, nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// Whoever comes while a call is under way shares the next one, which begins after they
// came; the one under way may tell how it was before.
func TestManyShareTheNextCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{pass: make(chan struct{})}
		all := New([]Source{{Name: "ops", URL: "https://oncall.example"}}, s, clocktest.New(monday))
		ask := func() {
			if _, err := all.OnCall(t.Context(), "ops", true); err != nil {
				t.Error(err)
			}
		}
		go ask()
		synctest.Wait()
		for range 5 {
			go ask()
		}
		synctest.Wait()
		s.pass <- struct{}{}
		s.pass <- struct{}{}
		synctest.Wait()
		if s.calls != 2 {
			t.Errorf("six questions were %d calls", s.calls)
		}
	})
}

// Whoever runs out of time while they wait has no answer, and spoils nobody else's.
func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{pass: make(chan struct{})}
		all := New([]Source{{Name: "ops", URL: "https://oncall.example"}}, s, clocktest.New(monday))
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			if _, err := all.OnCall(ctx, "ops", true); err == nil {
				t.Error("it was broken off and is an answer")
			}
		}()
		synctest.Wait()
		go func() {
			if got, err := all.OnCall(t.Context(), "ops", true); err != nil || len(got) != 1 {
				t.Errorf("%v, %v", got, err)
			}
		}()
		synctest.Wait()
		cancel()
		synctest.Wait()
		s.pass <- struct{}{}
		synctest.Wait()
	})
}

func TestAFileIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "oncall.yaml")
	all := New([]Source{{Name: "ops", File: file}}, nil, clocktest.New(monday))
	for _, c := range []struct{ text, want string }{
		{"", "can't be opened"}, {"shifts: [{who: omar@acme.example}]", ""}, {"shifts: [{who: omar}]", "names nobody"}, {"shifts: [{who: priya@acme.example}]", ""},
	} {
		if c.text != "" {
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := all.OnCall(t.Context(), "ops", true)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || err == nil && !strings.Contains(c.text, got[0]) {
			t.Errorf("%q: %v, %v", c.text, got, err)
		}
	}
}
