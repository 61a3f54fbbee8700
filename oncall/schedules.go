package oncall

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
)

// believedFor is how long a schedule that was read is believed, where nobody's answer is
// judged by it. What it says of a moment is looked at anew each time.
const believedFor = time.Minute

// Schedules are those that are configured. They are safe for concurrent use.
type Schedules struct {
	client *http.Client
	clock  clock.Clock
	all    map[string]*reading
}

// reading is one schedule, and what was read of it last. One call is under way at a time:
// who comes meanwhile shares the next one.
type reading struct {
	source Source
	turn   chan struct{} // held by whoever reads

	mu    sync.Mutex
	began uint64 // how many readings have begun
	last  Schedule
	err   error
	done  uint64 // which of them it was that gave last and err
	at    time.Time
}

// New makes them. A nil transport is http.DefaultTransport. Redirects are not followed: a
// token would travel with them.
func New(sources []Source, transport http.RoundTripper, c clock.Clock) *Schedules {
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	s := &Schedules{client: client, clock: c, all: map[string]*reading{}}
	for _, source := range sources {
		s.all[source.Name] = &reading{source: source, turn: make(chan struct{}, 1)}
	}
	return s
}

// OnCall are those who are on call by a schedule at this moment, as it names them: by
// address, or by account in Slack. With anew nothing counts that was asked for before the
// call. Nobody without an error: it was read, and nobody is on call. An error is an
// *access.Failure: that is not nobody.
func (s *Schedules) OnCall(ctx context.Context, name string, anew bool) ([]string, error) {
	r, known := s.all[name]
	if !known {
		return nil, &access.Failure{Class: access.Rejected, Sentence: "There is no schedule " + name + ": add it under oncall, or correct the route"}
	}
	schedule, err := r.read(ctx, s, anew)
	if err != nil {
		return nil, err
	}
	return schedule.At(s.clock.Now()), nil
}

// Names are the schedules, sorted.
func (s *Schedules) Names() []string { return slices.Sorted(maps.Keys(s.all)) }

func (r *reading) read(ctx context.Context, s *Schedules, anew bool) (Schedule, error) {
	r.mu.Lock()
	fresh := r.done > 0 && r.err == nil && s.clock.Now().Sub(r.at) < believedFor && !s.clock.Now().Before(r.at)
	last, after := r.last, r.began
	r.mu.Unlock()
	if fresh && !anew {
		return last, nil
	}
	if err := r.queue(ctx); err != nil {
		return nil, err
	}
	defer func() { <-r.turn }()
	if last, err, shared := r.since(after); shared {
		return last, err
	}
	return r.fetch(ctx, s)
}

// queue waits for a turn to read.
func (r *reading) queue(ctx context.Context) error {
	select {
	case r.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return r.source.failure(access.Transient, "it takes too long", ctx.Err())
	}
}

// since is what was read by a reading that began after so many had.
func (r *reading) since(after uint64) (Schedule, error, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done <= after || errors.Is(r.err, context.Canceled) || errors.Is(r.err, context.DeadlineExceeded) { // of whoever asked, who had another time limit
		return nil, nil, false
	}
	return r.last, r.err, true
}

func (r *reading) fetch(ctx context.Context, s *Schedules) (Schedule, error) {
	r.mu.Lock()
	r.began++
	n, at := r.began, s.clock.Now()
	r.mu.Unlock()
	schedule, err := r.source.fetch(ctx, s.client)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last, r.err, r.done, r.at = schedule, err, n, at
	return schedule, err
}
