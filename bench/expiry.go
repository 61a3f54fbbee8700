package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/store/bolt"
)

// expiry is what a crowd of grants that end looks like.
type expiry struct {
	grants int           // active
	due    int           // of those, that end
	window time.Duration // over which they end, evenly; 0 for one instant
	poll   bool          // look once a second in place of a timer
	people int           // that a review reads meanwhile
	groups int           // in which they are
}

// expirySuite measures from the moment a grant is due to the commit that ends it
// and enqueues its removal.
func expirySuite(ctx context.Context, b *bench) error {
	b.note("expiry/lateness: from the due moment to the durable commit that moves the grant to ending, appends the event and enqueues the removal, the record and the cards; the workers run behind it. The removal itself is bound by the directory's limits (provision/makespan).")
	var last sample
	for _, n := range b.sizes() {
		x := expiry{grants: n, due: max(1_000, n/100), window: 10 * time.Second}
		p99, err := b.expiry(ctx, x, "p99 ≤ 50 ms", 50)
		if err != nil {
			return err
		}
		last = sample{p99}
	}
	big := b.sizes()[len(b.sizes())-1]
	polled, err := b.expiry(ctx, expiry{grants: b.sizes()[0], due: 1_000, window: 5 * time.Second, poll: true}, "", 0)
	if err != nil {
		return err
	}
	r := sample{polled}.over(last)
	b.add(row{name: "expiry/lateness", workload: fmt.Sprintf("p99 at %d grants against the same code polling once a second", big), metric: "ratio of p99", peer: fmt.Sprintf("1 s poll %.0f ms", polled), measured: r.text("%.0f", "× under"), target: "≥ 10× under", kind: "R", verdict: atLeast(r.median(), 10)})
	_, err = b.expiry(ctx, expiry{grants: big, due: min(big, 100_000)}, "max ≤ 1 s", 1_000)
	return err
}

// expiry runs one crowd and adds its row; it returns the p99 in milliseconds.
func (b *bench) expiry(ctx context.Context, x expiry, target string, limit float64) (float64, error) {
	late, err := b.ends(ctx, x)
	if err != nil {
		return 0, err
	}
	over := fmt.Sprintf("over %v", x.window)
	if x.window == 0 {
		over = "in one instant"
	}
	r := row{name: "expiry/lateness", workload: fmt.Sprintf("%d active, %d end %s", x.grants, x.due, over), metric: "due → durable: p50, p99, max; anonymous memory",
		measured: late.text(), target: target, kind: "W", verdict: "–"}
	switch {
	case x.poll:
		r.metric = "polled once a second: p50, p99, max; anonymous memory"
	case x.window == 0:
		r.verdict = atMost(late.most, limit)
	default:
		r.verdict = atMost(late.p99, limit)
	}
	b.add(r)
	return late.p99, nil
}

// lateness is how late grants ended, in milliseconds, and how much memory that took.
type lateness struct{ p50, p99, most, anonymous float64 }

func (l lateness) text() string {
	return fmt.Sprintf("%.1f, %.1f, %.1f ms; %.0f MB", l.p50, l.p99, l.most, l.anonymous)
}

// ends has a child end a crowd of grants.
func (b *bench) ends(ctx context.Context, x expiry) (late lateness, err error) {
	dir, err := os.MkdirTemp(b.dir, "expiry-")
	if err != nil {
		return late, err
	}
	defer os.RemoveAll(dir)
	path, err := b.filled(ctx, x.grants, dir)
	if err != nil {
		return late, err
	}
	if x.people > 0 {
		if _, err := b.said(ctx, "meeting", x.people, x.groups, path); err != nil {
			return late, err
		}
	}
	p, err := b.house("", "expire", "-store", path, "-due", fmt.Sprint(x.due), "-window", x.window.String(), "-poll="+fmt.Sprint(x.poll), "-people", fmt.Sprint(x.people), "-groups", fmt.Sprint(x.groups))
	if err != nil {
		return late, err
	}
	defer p.kill()
	said, err := p.expect("late", 10*time.Minute)
	if err != nil {
		return late, err
	}
	_, err = fmt.Sscan(said, &late.p50, &late.p99, &late.most)
	late.anonymous = p.anonymous()
	return late, err
}

// expireChild has the workflow end grants and prints how late it was.
func expireChild(ctx context.Context, o childOptions) error {
	s, err := openStore(o.store, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	first := time.Now().Add(3 * time.Second)
	for time.Until(first) > 0 { // rescheduling must be over before the first is due
		when := func(n int) time.Time { return first.Add(o.window * time.Duration(n) / time.Duration(o.due)) }
		if err := reschedule(ctx, s, o.due, when); err != nil {
			return err
		}
		if time.Until(first) > time.Second {
			break
		}
		first = time.Now().Add(3*time.Second + time.Duration(o.due)*100*time.Microsecond)
	}
	watch := &stopwatch{Store: s, want: o.due, all: make(chan struct{})}
	var clock clock.Clock = clock.System{}
	if o.poll {
		clock = pollClock{clock}
	}
	h, err := newHouse(watch, clock)
	if err != nil {
		return err
	}
	if o.people > 0 {
		defer readOn(ctx, s, readingDirectory{company: newCompany(o.people, o.groups), pages: &arriving{}})()
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- h.flow.Run(working) }()
	select {
	case <-watch.all:
	case err := <-ended:
		return err
	}
	late := watch.late
	fmt.Printf("late %f %f %f\n", ms(quantile(late, 0.5)), ms(quantile(late, 0.99)), ms(quantile(late, 1)))
	<-ctx.Done()
	return nil
}

// pollClock shows full seconds only, so that whoever goes by it notices what is
// due once a second.
type pollClock struct{ clock.Clock }

func (c pollClock) Now() time.Time { return c.Clock.Now().Truncate(time.Second) }

func (c pollClock) Until(t time.Time) (<-chan struct{}, func()) {
	next := c.Now().Add(time.Second)
	if t.After(next) {
		next = t.Truncate(time.Second).Add(time.Second)
	}
	return c.Clock.Until(next)
}

// stopwatch notes for every grant that begins to end how long after its due
// moment the commit was over.
type stopwatch struct {
	store.Store
	want int
	all  chan struct{}

	mu   sync.Mutex
	late []time.Duration
}

// Update implements store.Store.
func (w *stopwatch) Update(ctx context.Context, fn func(store.Tx) error) error {
	var due []time.Time
	err := w.Store.Update(ctx, func(tx store.Tx) error {
		due = due[:0]
		return fn(&endings{Tx: tx, due: &due})
	})
	if err != nil || len(due) == 0 {
		return err
	}
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, at := range due {
		w.late = append(w.late, now.Sub(at))
	}
	if len(w.late) == w.want {
		close(w.all)
	}
	return nil
}

// endings sees which grants a transaction lets end.
type endings struct {
	store.Tx
	due *[]time.Time
}

// Append implements store.Log.
func (t *endings) Append(entry access.Entry, about store.About) (access.Entry, error) {
	if !bytes.Contains(entry.Body, []byte(access.EventEnding)) { // reading every event would be most of what is measured
		return t.Tx.Append(entry, about)
	}
	e, err := entry.Event()
	if err != nil {
		return entry, err
	}
	if e.Kind == access.EventEnding {
		g, err := store.Grant(t.Tx, e.Grant)
		if err != nil {
			return entry, err
		}
		*t.due = append(*t.due, g.Ends)
	}
	return t.Tx.Append(entry, about)
}
