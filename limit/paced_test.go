package limit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/clock"
	"latchkey/clock/clocktest"
	"latchkey/limit"
)

// known is the policy of a vendor whose limits are known: a call counts against all and against its path.
type known struct {
	all, each int // a second
	learn     func(*http.Response) *limit.Feedback
}

func (k known) Quotas(req *http.Request) []limit.Quota {
	return []limit.Quota{{Name: "all", Most: k.all, Per: time.Second}, {Name: req.URL.Path, Most: k.each, Per: time.Second}}
}

func (k known) Learn(_ *http.Request, resp *http.Response, _ time.Time) *limit.Feedback {
	if k.learn == nil {
		return nil
	}
	return k.learn(resp)
}

// noted answers at once and notes when it was called.
type noted struct {
	mu    sync.Mutex
	calls []time.Time
	paths []string
}

func (n *noted) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls, n.paths = append(n.calls, time.Now()), append(n.paths, req.URL.Path)
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

func pacedTo(k known, next http.RoundTripper, maxWait time.Duration) *limit.Limiter {
	return limit.New(limit.Config{
		Policy: k, Next: next, Clock: clock.System{}, Priority: priorityOf,
		MaxWait: func(context.Context) time.Duration { return maxWait },
	})
}

func TestEveryQuotaOfACallCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &noted{}
		l := pacedTo(known{all: 10, each: 4}, n, 0)
		var done sync.WaitGroup
		for i := range 60 {
			done.Go(func() {
				if err := send(l, t.Context(), []string{"a", "b", "c"}[i%3]); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait() // so that they arrive in this order
		}
		done.Wait()
		for i := range n.calls {
			sum, each := 0, map[string]int{}
			for j := i; j < len(n.calls) && n.calls[j].Sub(n.calls[i]) < time.Second; j++ {
				sum++
				each[n.paths[j]]++
			}
			if sum > 10 || each["/a"] > 4 || each["/b"] > 4 || each["/c"] > 4 {
				t.Fatalf("%d calls in a second, of them %v", sum, each)
			}
		}
		if took := n.calls[59].Sub(n.calls[0]); took > 5*time.Second {
			t.Errorf("60 calls took %s, 5s are enough", took)
		}
	})
}

func TestWhoWouldWaitTooLongIsSentAwayOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &noted{}
		l := pacedTo(known{all: 1, each: 1}, n, 500*time.Millisecond)
		if err := send(l, t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			var full *limit.Exceeded
			if err := send(l, t.Context(), "a"); !errors.As(err, &full) || full.After != time.Duration(i+1)*time.Second {
				t.Errorf("the %d. call too many: %v", i+1, err)
			}
		}
		<-time.After(600 * time.Millisecond)
		began := time.Now()
		if err := send(l, t.Context(), "a"); err != nil || time.Since(began) != 400*time.Millisecond {
			t.Errorf("a short wait: %v after %s", err, time.Since(began))
		}
	})
}

func TestPriorityGoesFirstInAKnownQuotaToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &noted{}
		l := pacedTo(known{all: 100, each: 1}, n, 0)
		var done sync.WaitGroup
		for _, p := range []limit.Priority{limit.Ordinary, limit.Background, limit.Ordinary, limit.Urgent} {
			done.Go(func() {
				began := time.Now()
				if err := send(l, with(t.Context(), p), "a"); err != nil {
					t.Error(err)
				}
				want := map[limit.Priority]time.Duration{limit.Background: 3 * time.Second, limit.Urgent: time.Second}
				if took, told := time.Since(began), want[p]; told != 0 && took != told {
					t.Errorf("priority %d waited %s, want %s", p, took, told)
				}
			})
			synctest.Wait()
		}
		done.Wait()
	})
}

func TestRestIsKeptByTheQuotaItIsAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &noted{}
		l := pacedTo(known{all: 100, each: 100, learn: func(resp *http.Response) *limit.Feedback {
			if resp.Request.URL.Path == "/a" {
				return &limit.Feedback{Quota: "/a", Rest: 7 * time.Second}
			}
			return &limit.Feedback{Quota: "no such quota", Rest: time.Hour}
		}}, n, time.Second)
		for _, path := range []string{"a", "b", "b"} {
			if err := send(l, t.Context(), path); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
		var full *limit.Exceeded
		if err := send(l, t.Context(), "a"); !errors.As(err, &full) || full.After != 7*time.Second {
			t.Errorf("during the rest: %v", err)
		}
	})
}

func TestClockSetBackDoesNotCloseAQuota(t *testing.T) {
	for name, policy := range map[string]limit.Policy{
		"known": known{all: 1, each: 1, learn: func(*http.Response) *limit.Feedback { return &limit.Feedback{Quota: "all", Rest: time.Minute} }},
		"told":  limit.Told{},
	} {
		c := clocktest.New(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		status := http.StatusTooManyRequests
		l := limit.New(limit.Config{Policy: policy, Clock: c, Next: transportFunc(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {"60"}}, Body: http.NoBody, Request: req}, nil
		})})
		_ = send(l, t.Context(), "a") // refused, or told to rest
		c.Advance(-time.Hour)
		status = http.StatusOK
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		if err := send(l, ctx, "a"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

func TestBodyIsSentAgainWithARefusedCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		l := limit.New(limit.Config{Policy: limit.Told{}, Clock: clock.System{}, Repeat: true, Next: transportFunc(func(req *http.Request) (*http.Response, error) {
			sent, err := io.ReadAll(req.Body)
			bodies = append(bodies, string(sent))
			resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: req}
			if len(bodies) == 1 {
				resp.StatusCode = http.StatusTooManyRequests
			}
			return resp, err
		})})
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://vendor.example/x", strings.NewReader("hello"))
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		resp, err := l.RoundTrip(req)
		if err != nil || resp.StatusCode != 200 || strings.Join(bodies, " ") != "hello hello" || time.Since(began) != 2*time.Second {
			t.Errorf("%v, %v, bodies %q, after %s", resp, err, bodies, time.Since(began))
		}
		bodies = nil
		req.GetBody, req.Body = nil, io.NopCloser(strings.NewReader("once"))
		resp, err = l.RoundTrip(req)
		if err != nil || resp.StatusCode != http.StatusTooManyRequests {
			t.Errorf("a body that can't be had again: %v, %v", resp, err)
		}
	})
}

func TestIdleQuotasAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := &noted{}
		l := pacedTo(known{all: 1 << 20, each: 1}, n, 0)
		for i := range 20_000 {
			if err := send(l, t.Context(), strings.Repeat("x", i%200)+string(rune('a'+i%26))+time.Duration(i).String()); err != nil {
				t.Fatal(err)
			}
			if i%1000 == 0 {
				<-time.After(2 * time.Second)
			}
		}
		if kept := limit.Kept(l); kept > 4096 {
			t.Errorf("%d quotas are kept", kept)
		}
	})
}

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"7": 7 * time.Second, "0": 0, "1.5": 1500 * time.Millisecond, "Mon, 23 Nov 2026 09:01:00 GMT": time.Minute, "Mon, 23 Nov 2026 08:00:00 GMT": 0,
		"": -1, "-3": -1, "soon": -1, "NaN": -1, "1e300": -1,
	} {
		got, told := limit.RetryAfter(http.Header{"Retry-After": {value}}, now)
		if told != (want >= 0) || told && got != want {
			t.Errorf("%q: %s, %v", value, got, told)
		}
	}
}

// What several have together is divided: fewer calls in the same time, or one in a longer one;
// and as many as before once the others are gone.
func TestSeveralShareWhatIsKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, among := &noted{}, 3
		l := limit.New(limit.Config{Policy: known{all: 9, each: 1}, Next: n, Clock: clock.System{}, Among: func() int { return among }})
		begin := time.Now()
		took := func(path string) time.Duration {
			from := time.Since(begin)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://vendor.test"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.RoundTrip(req); err != nil {
				t.Fatal(err)
			}
			return time.Since(begin) - from
		}
		for i, step := range []struct {
			path  string
			waits time.Duration
			among int
		}{
			{"/a", 0, 3}, {"/b", 0, 3}, {"/c", 0, 3}, // a third of nine
			{"/d", time.Second, 3},
			{"/d", 3 * time.Second, 3}, // a third of one
			{"/d", time.Second, 1},
		} {
			among = step.among
			if got := took(step.path); got != step.waits {
				t.Errorf("step %d, %s among %d, waited %s, not %s", i, step.path, step.among, got, step.waits)
			}
		}
	})
}
