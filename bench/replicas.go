package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
)

// together is how many replicas share a database here.
const together = 3

// replicasSuite has three replicas end grants on one PostgreSQL, of which one is killed in
// the middle: each of them holds the timer, so the others go on with what is due.
func replicasSuite(ctx context.Context, b *bench) error {
	due, window := 1_000, 50*time.Second
	if b.short {
		due, window = 300, 15*time.Second
	}
	b.note("ends/replicas: from the due moment of a grant to the durable commit that begins its end, and to the one that says that the person was seen to be gone, over three processes on one PostgreSQL that flushes every commit. After a third of the time the one that has begun most ends is killed (SIGKILL), with whatever it had under way; a directory answers after 250 ms.")
	pg, err := b.peers.postgres()
	if err != nil {
		b.skip("ends/replicas", "", err)
		return nil
	}
	begun, gone, err := b.endsOf(ctx, pg, due, window)
	if err != nil {
		return err
	}
	work := fmt.Sprintf("%d end over %v, one of %d replicas is killed", due, window, together)
	for _, one := range []struct {
		what string
		late []time.Duration
	}{{"due → durable", begun}, {"due → seen to be gone", gone}} {
		p99 := ms(quantile(one.late, 0.99))
		b.add(row{name: "ends/replicas", workload: work, metric: one.what + ": p50, p99, max",
			measured: fmt.Sprintf("%.0f, %.0f, %.0f ms", ms(quantile(one.late, 0.5)), p99, ms(quantile(one.late, 1))),
			target:   "p99 ≤ 1 s", kind: "W", verdict: atMost(p99, 1_000)})
	}
	return nil
}

// sharedSuite works off durable jobs on PostgreSQL, over one replica and several, beside River on
// the same server.
func sharedSuite(ctx context.Context, b *bench) error {
	jobs := 20_000
	if b.short {
		jobs = 5_000
	}
	b.note("jobs/replicas: as jobs/throughput's \"store\", on a PostgreSQL that flushes every commit and that River uses, too; the replicas are in one process.")
	pg, err := b.peers.postgres()
	if err != nil {
		b.skip("jobs/replicas", "", err)
		return nil
	}
	ours, theirs := make([]sample, together), sample(nil)
	for range b.rounds().pairs {
		for n := range together {
			if err := b.replicaJobs(ctx, pg, &ours[n], n+1, jobs); err != nil {
				return err
			}
		}
		if b.alone {
			continue
		}
		rate, err := b.riverJobs(ctx, jobs)
		if err != nil {
			b.skip("jobs/replicas", "River 0.51.1", err)
			b.options.alone = true
			continue
		}
		theirs = append(theirs, rate)
	}
	for n, s := range ours {
		r := row{name: "jobs/replicas", workload: fmt.Sprintf("%d jobs, %d of ours", jobs, n+1), metric: "jobs/s", measured: s.text("%.0f", "/s"), kind: "W", verdict: "–"}
		b.add(r)
		if ratio := s.over(theirs); len(ratio) > 0 {
			r.metric, r.peer, r.measured, r.kind = "ratio of jobs/s", "River 0.51.1 "+theirs.text("%.0f", "/s"), ratio.text("%.2f", "×"), "R"
			r.target, r.verdict = "≥ 0.7×", atLeast(ratio.median(), 0.7)
			b.add(r)
		}
	}
	return nil
}

// replicaJobs works jobs off over so many replicas, in a schema of its own.
func (b *bench) replicaJobs(ctx context.Context, pg *database, into *sample, replicas, jobs int) error {
	dsn, err := pg.schema(ctx, fmt.Sprintf("jobs_%d_%d", replicas, len(*into)))
	if err != nil {
		return err
	}
	var all []store.Store
	for range replicas {
		s, err := openShared(ctx, dsn)
		if err != nil {
			return err
		}
		defer s.Close()
		all = append(all, s)
	}
	took, err := sharedJobs(ctx, all, jobs)
	*into = append(*into, float64(jobs)/took.Seconds())
	return err
}

// schema makes a schema and says how to reach it.
func (p *database) schema(ctx context.Context, name string) (dsn string, err error) {
	conn, err := pgx.Connect(ctx, p.url())
	if err == nil {
		_, err = conn.Exec(ctx, "CREATE SCHEMA "+name)
		err = errors.Join(err, conn.Close(ctx))
	}
	return p.url() + "&search_path=" + name, err
}

// endsOf has replicas end so many grants, and kills one of them meanwhile.
func (b *bench) endsOf(ctx context.Context, pg *database, due int, window time.Duration) (begun, gone []time.Duration, err error) {
	s, err := openShared(ctx, pg.url())
	if err != nil {
		return nil, nil, err
	}
	defer s.Close()
	h := &house{store: s, catalog: shop(), people: crowd}
	if err := h.fillGrants(ctx, 0, due); err != nil {
		return nil, nil, err
	}
	var all []*process
	defer func() {
		for _, p := range all {
			p.kill()
		}
	}()
	for range together {
		p, err := b.house("", "replica", "-store", pg.url())
		if err != nil {
			return nil, nil, err
		}
		all = append(all, p)
		if _, err := p.expect("ready", time.Minute); err != nil {
			return nil, nil, err
		}
	}
	first := time.Now().Add(3 * time.Second)
	if err := reschedule(ctx, s, due, func(n int) time.Time { return first.Add(window * time.Duration(n) / time.Duration(due)) }); err != nil {
		return nil, nil, err
	}
	w := &watched{due: due, all: all, dies: first.Add(window / 3), until: first.Add(window + 2*time.Minute)}
	err = w.listen(ctx)
	return w.begun, w.gone, err
}

// watched hears of ends from several replicas.
type watched struct {
	due         int
	all         []*process
	dies, until time.Time
	begun, gone []time.Duration
}

// said is a line of one replica.
type said struct {
	by   int
	line string
}

func (w *watched) listen(ctx context.Context) error {
	lines, over := make(chan said), make(chan struct{})
	var ears sync.WaitGroup
	defer ears.Wait()
	defer close(over)
	for i, p := range w.all {
		ears.Go(func() { p.overhear(i, lines, over) })
	}
	death, late := time.NewTimer(time.Until(w.dies)), time.NewTimer(time.Until(w.until))
	defer death.Stop()
	defer late.Stop()
	count := make([]int, len(w.all))
	for len(w.gone) < w.due {
		select {
		case s := <-lines:
			if w.note(s.line) {
				count[s.by]++
			}
		case <-death.C:
			w.all[busiest(count)].kill()
		case <-late.C:
			return fmt.Errorf("%d of %d ends were seen, %d to their end", len(w.begun), w.due, len(w.gone))
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// overhear hands on what the process says until it is over.
func (p *process) overhear(by int, to chan<- said, over <-chan struct{}) {
	for {
		select {
		case line := <-p.lines:
			select {
			case to <- said{by, line}:
			case <-over:
				return
			}
		case <-over:
			return
		}
	}
}

// note takes note of a line, and tells whether it is of an end that began.
func (w *watched) note(line string) bool {
	word, rest, _ := strings.Cut(line, " ")
	d, err := time.ParseDuration(rest)
	switch {
	case err != nil:
	case word == "begun":
		w.begun = append(w.begun, d)
		return true
	case word == "gone":
		w.gone = append(w.gone, d)
	}
	return false
}

func busiest(count []int) (most int) {
	for i, n := range count {
		if n > count[most] {
			most = i
		}
	}
	return most
}

// openShared opens a database that several share, in which the log has a name.
func openShared(ctx context.Context, dsn string) (*postgres.Store, error) {
	s, err := postgres.Open(ctx, postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{})
	if err != nil {
		return nil, err
	}
	if err := store.BeginLog(ctx, s, "acme.atlassian.net"); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// replicaChild is one of several processes on a database. It prints how late each end was that it
// had to do with.
func replicaChild(ctx context.Context, o childOptions) error {
	s, err := openShared(ctx, o.store)
	if err != nil {
		return err
	}
	defer s.Close()
	h, err := newHouse(&teller{s}, clock.System{})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return h.flow.Run(ctx)
}

// teller prints of each end how long after its due moment a commit was over.
type teller struct{ *postgres.Store }

// Update implements store.Store.
func (t *teller) Update(ctx context.Context, fn func(store.Tx) error) error {
	var seen []ending
	err := t.Store.Update(ctx, func(tx store.Tx) error {
		seen = seen[:0]
		return fn(&told{Tx: tx, seen: &seen})
	})
	if err != nil {
		return err
	}
	now := time.Now()
	for _, e := range seen {
		fmt.Fprintln(os.Stdout, e.word, now.Sub(e.due))
	}
	return nil
}

// ending is what a transaction says of an end.
type ending struct {
	word string
	due  time.Time
}

// told sees what a transaction says of ends.
type told struct {
	store.Tx
	seen *[]ending
}

// Append implements store.Log.
func (t *told) Append(entry access.Entry, about store.About) (access.Entry, error) {
	for word, kind := range map[string]access.EventKind{"begun": access.EventEnding, "gone": access.EventMemberRemoved} {
		if !bytes.Contains(entry.Body, []byte(kind)) {
			continue
		}
		e, err := entry.Event()
		if err != nil {
			return entry, err
		}
		if e.Kind != kind {
			continue
		}
		g, err := store.Grant(t.Tx, e.Grant)
		if err != nil {
			return entry, err
		}
		*t.seen = append(*t.seen, ending{word, g.Ends})
	}
	return t.Tx.Append(entry, about)
}
