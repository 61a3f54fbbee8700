package limit_test

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// say is an answer with a budget; reset counts from the beginning of the bubble.
func say(req *http.Request, status, remaining int, reset time.Duration, begun time.Time) *http.Response {
	h := http.Header{}
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	h.Set("Remaining", strconv.Itoa(remaining))
	h.Set("Reset", strconv.FormatInt(begun.Add(reset).Unix(), 10))
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader("")), Request: req}
}

func TestLateAnswerOfAnOldWindowIsIgnored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun, late := time.Now(), make(chan struct{})
		transport := told(transportFunc(func(req *http.Request) (*http.Response, error) {
			switch {
			case req.URL.Path == "/late":
				<-late
				return say(req, 200, 0, time.Minute, begun), nil
			case time.Since(begun) < time.Minute:
				return say(req, 200, 50, time.Minute, begun), nil
			}
			return say(req, 200, 50, 2*time.Minute, begun), nil
		}))
		burst(t, transport, 1)
		var all sync.WaitGroup
		all.Go(func() {
			if err := send(transport, t.Context(), "late"); err != nil {
				t.Error(err)
			}
		})
		<-time.After(61 * time.Second)
		burst(t, transport, 1)
		close(late)
		all.Wait()
		if took := burst(t, transport, 1); took != 0 {
			t.Errorf("the old window's 0 held a call up for %s", took)
		}
	})
}

func TestServerErrorSaysNothingAboutTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(5, 0)
		var calls atomic.Int32
		v.latency = 200 * time.Millisecond
		transport := told(transportFunc(func(req *http.Request) (*http.Response, error) {
			if calls.Add(1) == 1 {
				return &http.Response{StatusCode: 502, Header: http.Header{}, Body: http.NoBody}, nil
			}
			return v.RoundTrip(req)
		}))
		if err := send(transport, t.Context(), "x"); err == nil {
			t.Fatal("the proxy's error is lost")
		}
		burst(t, transport, 10)
		if v.refused != 0 {
			t.Errorf("%d calls were sent without asking for the budget", v.refused)
		}
	})
}

func TestWindowsEndIsKnownBetterThanASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVendor(2, 0)
		v.latency = 20 * time.Millisecond
		transport := told(v)
		begun := time.Now()
		<-time.After(900 * time.Millisecond)
		burst(t, transport, 1) // the vendor's Date says nearly a second too little here
		<-time.After(100 * time.Millisecond)
		burst(t, transport, 1) // and here it is right
		burst(t, transport, 1)
		if took := time.Since(begun); took < 40*time.Second || took > 40200*time.Millisecond {
			t.Errorf("the third call was answered after %s, the window opens after 40s", took)
		}
	})
}

func TestClocksThatDisagreeDoNoHarm(t *testing.T) {
	for _, skew := range []time.Duration{-time.Hour, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			v := newVendor(1, 0)
			transport := told(transportFunc(func(req *http.Request) (*http.Response, error) {
				resp, err := v.RoundTrip(req)
				resp.Header.Set("Date", time.Now().Add(skew).UTC().Format(http.TimeFormat))
				resp.Header.Set("Reset", strconv.FormatInt(v.window.Add(time.Minute+skew).Unix(), 10))
				return resp, err
			}))
			if took := burst(t, transport, 2); took < 40*time.Second || took > 42*time.Second || v.refused != 0 {
				t.Errorf("skew %s: took %s with %d refusals, the window opens in 40s", skew, took, v.refused)
			}
		})
	}
}

func TestPlaceOfWhoLeavesAsTheyAreLetInIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold, leaveNow := make(chan struct{}), func() {}
		transport := toldAtMost(1, transportFunc(func(req *http.Request) (*http.Response, error) {
			if req.URL.Path == "/hold" {
				<-hold
				leaveNow() // and in the same instant the place becomes free
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
		}))
		for range 300 {
			var all sync.WaitGroup
			all.Go(func() { _ = send(transport, t.Context(), "hold") }) // its own outcome is not the point
			synctest.Wait()
			ctx, cancel := context.WithCancel(t.Context())
			leaveNow = cancel
			all.Go(func() { _ = send(transport, ctx, "leaver") }) // may go through or not
			synctest.Wait()
			hold <- struct{}{}
			all.Wait()
		}
		burst(t, transport, 2) // a lost place would let nobody in any more
	})
}
