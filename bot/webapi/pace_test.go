package webapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/clock/clocktest"
)

// meter is Slack as a pace sees it: every call takes a moment and is noted.
type meter struct {
	latency time.Duration
	refuse  map[string]int // method -> seconds of silence, once

	mu    sync.Mutex
	calls []metered
}

type metered struct {
	at      time.Time
	method  string
	channel string
}

func (m *meter) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(m.latency) // virtual time
	method := req.URL.Path[strings.LastIndexByte(req.URL.Path, '/')+1:]
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, metered{time.Now(), method, channelOf(req)})
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"ok":true}`)), Request: req}
	if seconds, ok := m.refuse[method]; ok {
		delete(m.refuse, method)
		resp.StatusCode = http.StatusTooManyRequests
		resp.Header.Set("Retry-After", fmt.Sprint(seconds))
	}
	return resp, nil
}

// most is the largest number of matching calls in any stretch of time.
func (m *meter) most(per time.Duration, match func(metered) bool) int {
	var times []time.Time
	for _, c := range m.calls {
		if match(c) {
			times = append(times, c.at)
		}
	}
	most := 0
	for i := range times {
		n := 0
		for _, at := range times[i:] {
			if at.Before(times[i].Add(per)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func post(ctx context.Context, p *Pace, method, channel string) error {
	form := url.Values{"channel": {channel}, "text": {"hello"}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://slack.com/api/"+method, strings.NewReader(form.Encode()))
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
func persist(ctx context.Context, p *Pace, method, channel string) (sentAway int, err error) {
	for {
		err := post(ctx, p, method, channel)
		var f *access.Failure
		if !errors.As(err, &f) || f.Class != access.Limited {
			return sentAway, err
		}
		sentAway++
		time.Sleep(f.After)
	}
}

func TestPaceStaysWithinTheLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{latency: 150 * time.Millisecond}
		p := NewPace(PaceConfig{Next: m, PostsMinute: 600})
		began := time.Now()
		var all sync.WaitGroup
		for i := range 400 {
			all.Go(func() {
				if n, err := persist(t.Context(), p, "chat.postMessage", fmt.Sprintf("D%d", i%10)); err != nil || n > 3 {
					t.Errorf("call %d: sent away %d times, then %v", i, n, err)
				}
			})
		}
		all.Wait()
		bound := 39 * time.Second // 40 messages in a channel, one a second
		if took := time.Since(began) - m.latency; float64(took) > 1.03*float64(bound) {
			t.Errorf("400 messages to 10 channels took %v, the limits allow %v", took, bound)
		}
		if n := m.most(time.Second, func(c metered) bool { return c.channel == "D3" }); n != 1 {
			t.Errorf("%d messages in one channel within a second", n)
		}
		if len(m.calls) != 400 {
			t.Errorf("%d calls", len(m.calls))
		}
	})
}

func TestPaceKeepsMethodTiers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{latency: 100 * time.Millisecond}
		p := NewPace(PaceConfig{Next: m})
		began := time.Now()
		var all sync.WaitGroup
		for range 160 {
			all.Go(func() {
				if _, err := persist(t.Context(), p, "chat.update", ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := m.most(time.Minute, func(metered) bool { return true }); n != 50 {
			t.Errorf("%d edits in a minute, Slack's third tier promises 50", n)
		}
		if took, bound := time.Since(began), 3*time.Minute; float64(took) > 1.03*float64(bound) {
			t.Errorf("160 edits took %v, the limits allow %v", took, bound)
		}
	})
}

func TestPaceLetsPeopleGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{}
		p := NewPace(PaceConfig{Next: m})
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() { _, _ = persist(t.Context(), p, "chat.postMessage", "D1") })
		}
		synctest.Wait()
		time.Sleep(4500 * time.Millisecond)
		for _, call := range []struct {
			method string
			within time.Duration
		}{{"views.open", 0}, {"chat.postMessage", 1100 * time.Millisecond}} {
			began := time.Now()
			if err := post(Interactive(t.Context()), p, call.method, "D1"); err != nil {
				t.Fatal(err)
			}
			if waited := time.Since(began); waited > call.within {
				t.Errorf("%s waited %v behind notices", call.method, waited)
			}
		}
		all.Wait()
		if n := m.most(time.Second, func(c metered) bool { return c.channel == "D1" && c.method == "chat.postMessage" }); n != 1 {
			t.Errorf("%d messages within a second", n)
		}
	})
}

func TestPaceObeysRetryAfterForTheMethodAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &meter{refuse: map[string]int{"chat.update": 20}}
		p := NewPace(PaceConfig{Next: m})
		if err := post(t.Context(), p, "chat.update", ""); err != nil {
			t.Fatal(err)
		}
		var f *access.Failure
		if err := post(t.Context(), p, "chat.update", ""); !errors.As(err, &f) || f.Class != access.Limited || f.After != 20*time.Second {
			t.Errorf("a call during the silence: %v, %+v", err, f)
		}
		if err := post(t.Context(), p, "users.info", ""); err != nil {
			t.Errorf("another method has to be silent too: %v", err)
		}
		time.Sleep(20 * time.Second)
		if err := post(t.Context(), p, "chat.update", ""); err != nil {
			t.Errorf("after the silence: %v", err)
		}
		if len(m.calls) != 3 {
			t.Errorf("%d calls were sent", len(m.calls))
		}
	})
}

func TestPaceEndsWithTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewPace(PaceConfig{Next: &meter{}})
		if err := post(t.Context(), p, "chat.postMessage", "D1"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(Interactive(t.Context()))
		time.AfterFunc(300*time.Millisecond, cancel)
		if err := post(ctx, p, "chat.postMessage", "D1"); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled call: %v", err)
		}
		ctx, cancel = context.WithTimeout(Interactive(t.Context()), 200*time.Millisecond)
		defer cancel()
		var f *access.Failure
		if err := post(ctx, p, "chat.postMessage", "D1"); !errors.As(err, &f) || f.After <= 0 {
			t.Errorf("a call that can't be made in time waited all the same: %v", err)
		}
	})
}

func TestPaceSurvivesAClockThatIsSetBack(t *testing.T) {
	clock := clocktest.New(bottest.Monday())
	p := NewPace(PaceConfig{Next: &meter{refuse: map[string]int{"chat.update": 600}}, Clock: clock})
	for _, method := range []string{"chat.postMessage", "chat.update"} {
		if err := post(t.Context(), p, method, "D1"); err != nil {
			t.Fatal(err)
		}
		clock.Advance(-time.Hour)
		if err := post(t.Context(), p, method, "D1"); err != nil {
			t.Errorf("%s after the clock was set back: %v", method, err)
		}
	}
}

func TestPaceMakesALimitedFailure(t *testing.T) {
	p := NewPace(PaceConfig{Next: &meter{}, Clock: clocktest.New(bottest.Monday())})
	client := api.New("xoxb-x", api.OptionHTTPClient(&http.Client{Transport: p}))
	for range 20 {
		_, _, err := client.GetConversationsContext(t.Context(), &api.GetConversationsParameters{})
		if err != nil {
			t.Fatal(err)
		}
	}
	_, _, err := client.GetConversationsContext(t.Context(), &api.GetConversationsParameters{})
	f := access.Classify(Failure(err, Call{What: "look for the IT channel", Posted: true}))
	if f.Class != access.Limited || f.After < 59*time.Second || !strings.HasPrefix(f.Sentence, "Slack takes only so many calls at a time, so I couldn't look for the IT channel") {
		t.Errorf("got %+v", f)
	}
}
