package limit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"latchkey/clock"
	"latchkey/limit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// vendor limits calls in fixed windows of a minute and reports whole seconds only, as Okta does.
type vendor struct {
	mu      sync.Mutex
	limit   int
	others  int // calls that somebody else makes at the start of each window
	started time.Time
	window  time.Time
	left    int
	served  int
	refused int
	most    int
	now     int
	order   []string
	random  *rand.Rand
	mute    bool          // tells no budgets
	latency time.Duration // fixed, if not zero
}

func newVendor(limit, others int) *vendor {
	// The first window has 40 seconds left.
	return &vendor{limit: limit, others: others, started: time.Now().Add(-20 * time.Second), random: rand.New(rand.NewPCG(1, 2))}
}

func (v *vendor) RoundTrip(req *http.Request) (*http.Response, error) {
	v.mu.Lock()
	v.now++
	v.most = max(v.most, v.now)
	travel := v.latency / 2
	if v.latency == 0 {
		travel = time.Duration(60+v.random.IntN(80)) * time.Millisecond
	}
	v.mu.Unlock()
	<-time.After(travel) // virtual: the tests run in a synctest bubble
	v.mu.Lock()
	resp := v.answer(req)
	v.mu.Unlock()
	<-time.After(travel)
	v.mu.Lock()
	v.now--
	v.mu.Unlock()
	return resp, nil
}

func (v *vendor) answer(req *http.Request) *http.Response {
	now := time.Now()
	if w := v.started.Add(now.Sub(v.started).Truncate(time.Minute)); !w.Equal(v.window) {
		v.window, v.left = w, v.limit-v.others
	}
	resp := &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: req}
	if v.left == 0 {
		v.refused++
		resp.StatusCode = 429
	} else {
		v.left--
		v.served++
		v.order = append(v.order, req.URL.Path)
	}
	resp.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	if !v.mute {
		resp.Header.Set("Remaining", strconv.Itoa(v.left))
		resp.Header.Set("Reset", strconv.FormatInt(v.window.Add(time.Minute).Unix(), 10))
	}
	return resp
}

func readWindow(h http.Header) (int, int64, bool) {
	left, err := strconv.Atoi(h.Get("Remaining"))
	reset, err2 := strconv.ParseInt(h.Get("Reset"), 10, 64)
	return left, reset, err == nil && err2 == nil
}

type priorityKey struct{}

func with(ctx context.Context, p limit.Priority) context.Context {
	return context.WithValue(ctx, priorityKey{}, p)
}

func priorityOf(ctx context.Context) limit.Priority {
	p, _ := ctx.Value(priorityKey{}).(limit.Priority)
	return p
}

// told is a limiter that knows of the vendor's limits what the answers tell.
func told(next http.RoundTripper) *limit.Limiter { return toldAtMost(10, next) }

func toldAtMost(inFlight int, next http.RoundTripper) *limit.Limiter {
	return limit.New(limit.Config{
		Policy: limit.Told{Window: readWindow}, Next: next, Clock: clock.System{}, InFlight: inFlight, Priority: priorityOf, Repeat: true,
	})
}

func send(t http.RoundTripper, ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, "PUT", "http://directory.example/"+path, nil)
	if err != nil {
		return err
	}
	resp, err := t.RoundTrip(req)
	if err != nil {
		return err
	}
	if resp.StatusCode != 200 {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}

// burst makes all calls as fast as the limiter allows and returns how long they took.
func burst(t *testing.T, transport http.RoundTripper, calls int) time.Duration {
	t.Helper()
	begun := time.Now()
	var all sync.WaitGroup
	for range calls {
		all.Go(func() {
			if err := send(transport, t.Context(), "x"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return time.Since(begun)
}

func TestBurstTakesWhatTheLimitAllows(t *testing.T) {
	for _, c := range []struct {
		name                           string
		calls, limit, others, inFlight int
		bound                          time.Duration // when the last window that is needed opens
	}{
		{"600 a minute", 4000, 600, 0, 10, 340 * time.Second},
		{"300 a minute", 4000, 300, 0, 10, 760 * time.Second},
		// A limiter that took calls under way off each budget it heard of lost up to 64 calls of each window here.
		{"300 a minute, many in flight", 4000, 300, 0, 64, 760 * time.Second},
		{"others use a quarter", 4000, 600, 150, 10, 460 * time.Second},
		{"others use a quarter, many in flight", 4000, 600, 150, 64, 460 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVendor(c.limit, c.others)
				took := burst(t, toldAtMost(c.inFlight, v), c.calls)
				ratio := took.Seconds() / c.bound.Seconds()
				t.Logf("%.1fs, %.4f of the lower bound, %d refusals, %d in flight", took.Seconds(), ratio, v.refused, v.most)
				if v.refused != 0 || v.served != c.calls || v.most > c.inFlight || ratio > 1.03 {
					t.Errorf("refused %d, served %d, in flight %d, %.3f of the lower bound", v.refused, v.served, v.most, ratio)
				}
			})
		})
	}
}

func TestRefusedCallIsRepeatedWhenTheWindowOpens(t *testing.T) {
	for _, mute := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			v := newVendor(3, 0)
			v.mute = mute
			transport := toldAtMost(10, v)
			burst(t, transport, 1)
			v.left = 0 // somebody else was faster
			if took := burst(t, transport, 2); took < 39*time.Second || took > 43*time.Second {
				t.Errorf("mute %v: took %s, the window opens in 40s", mute, took)
			}
			if v.served != 3 || v.refused == 0 {
				t.Errorf("mute %v: served %d, refused %d", mute, v.served, v.refused)
			}
		})
	}
}

func TestWhoCannotWaitIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(1, 0)
		transport := told(v)
		burst(t, transport, 1)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		begun := time.Now()
		err := send(transport, ctx, "x")
		var limited *limit.Exceeded
		if !errors.As(err, &limited) || limited.After < 39*time.Second || limited.After > 41*time.Second {
			t.Fatalf("got %v, want a wait of 40s", err)
		}
		if time.Since(begun) != 0 || v.served != 1 {
			t.Errorf("it took %s and %d calls to say so", time.Since(begun), v.served)
		}
	})
}

func TestRemovalsGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(4, 0)
		v.latency = 200 * time.Millisecond
		transport := toldAtMost(1, v)
		burst(t, transport, 4) // the window is used up: now a queue forms
		var all sync.WaitGroup
		for _, p := range []struct {
			name     string
			priority limit.Priority
		}{{"read", limit.Background}, {"add", limit.Ordinary}, {"remove1", limit.Urgent}, {"remove2", limit.Urgent}} {
			all.Go(func() {
				if err := send(transport, with(t.Context(), p.priority), p.name); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		all.Wait()
		if got := strings.Join(v.order[4:], " "); got != "/remove1 /remove2 /add /read" {
			t.Errorf("order %s", got)
		}
	})
}

func TestCancelledCallsGiveTheirPlaceBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(100, 0)
		transport := toldAtMost(1, v)
		for range 5 {
			ctx, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() { _ = send(transport, ctx, "x") }) // some are sent, some are not
			}
			synctest.Wait()
			cancel()
			all.Wait()
		}
		burst(t, transport, 3)
		if v.most != 1 {
			t.Errorf("%d calls were in flight at a time", v.most)
		}
	})
}

func TestCallThatHangsDoesNotHoldTheOthersUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(100, 0)
		first := true
		transport := told(transportFunc(func(req *http.Request) (*http.Response, error) {
			if first {
				first = false
				<-req.Context().Done()
				return nil, req.Context().Err()
			}
			return v.RoundTrip(req)
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var hung sync.WaitGroup
		hung.Go(func() {
			if err := send(transport, ctx, "x"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the first call: %v", err)
			}
		})
		synctest.Wait()
		if took := burst(t, transport, 20); took > 8*time.Second {
			t.Errorf("the others waited %s", took)
		}
		hung.Wait()
	})
}

func TestBucketsDoNotHoldEachOtherUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logs, users := newVendor(1, 0), newVendor(100, 0)
		both := transportFunc(func(req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/logs" {
				return logs.RoundTrip(req)
			}
			return users.RoundTrip(req)
		})
		transport := limit.New(limit.Config{Policy: limit.Told{Window: readWindow, Quota: func(r *http.Request) string { return r.URL.Path }}, Next: both, Clock: clock.System{}, InFlight: 10})
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if err := send(transport, t.Context(), "logs"); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		if took := burst(t, transport, 50); took > 3*time.Second {
			t.Errorf("users waited %s for logs", took)
		}
		all.Wait()
		if logs.refused != 0 {
			t.Errorf("%d log calls were refused", logs.refused)
		}
	})
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
