package app

import (
	"context"
	"sync"
	"time"

	"latchkey/workflow/query"

	"github.com/prometheus/client_golang/prometheus"

	"latchkey/access"
	"latchkey/store"
)

const (
	// lookTime bounds how long somebody who asks for figures waits for the store.
	lookTime = 5 * time.Second
	// countAgain is how soon grants are counted again: there may be many.
	countAgain = time.Minute
)

// state reads from the store and the sockets what is true at the moment. It reads no more than it takes to count: neither
// what is counted, nor the log.
type state struct {
	pages

	mu      sync.Mutex
	active  int
	counted time.Time

	tasks, grants, stuck, conflicts, oldest, late, sockets, hello, up, replicas, catalogue *prometheus.Desc
}

// metricOf describes a metric.
func metricOf(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("latchkey_"+name, help, labels, nil)
}

func newState(p pages) *state {
	return &state{
		pages:     p,
		tasks:     metricOf("tasks", "Tasks that are not done.", "queue", "state"),
		grants:    metricOf("grants_active", "Grants that are in force, counted at most once a minute."),
		stuck:     metricOf("stuck", "What waits for a human; see latchkey stuck."),
		conflicts: metricOf("conflicts", "What people have together although it can't go together, as it was seen when groups and grants were compared last."),
		oldest:    metricOf("task_overdue_seconds", "How long the task that could begin has been waiting for its turn.", "queue"),
		late:      metricOf("expiry_overdue_seconds", "How long the next end of access is overdue; 0 while none is, and not there while the store can't be read."),
		sockets:   metricOf("sockets", "Connections to Slack that serve; not there where none is to be held."),
		hello:     metricOf("socket_hello_age_seconds", "Since Slack last greeted a connection."),
		up:        metricOf("store_up", "1 while this process can read from the store, and write to it.", "op"),
		replicas:  metricOf("replicas", "Replicas that work on the store."),
		catalogue: metricOf("catalogue_info", "1, by which catalogue this replica goes.", "catalogue"),
	}
}

// ofTheStore tells figures that are the store's from those that are a replica's own: all replicas give the same.
func ofTheStore(name string) bool {
	switch name {
	case "latchkey_tasks", "latchkey_grants_active", "latchkey_stuck", "latchkey_conflicts", "latchkey_task_overdue_seconds",
		"latchkey_expiry_overdue_seconds", "latchkey_replicas", "latchkey_unsealed", "latchkey_unsealed_seconds":
		return true
	}
	return false
}

// Describe implements prometheus.Collector.
func (s *state) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(s, out) }

type gaugeFunc func(d *prometheus.Desc, v float64, labels ...string)

// giving gives gauges to whoever collects them.
func giving(out chan<- prometheus.Metric) gaugeFunc {
	return func(d *prometheus.Desc, v float64, labels ...string) {
		m, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, v, labels...)
		if err != nil {
			m = prometheus.NewInvalidMetric(d, err)
		}
		out <- m
	}
}

// yes is 1 for what is so.
func yes(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

// Collect implements prometheus.Collector.
func (s *state) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	gauge := giving(out)
	s.slack(gauge)
	gauge(s.catalogue, 1, s.inForce.now().Version())
	err := s.store.View(ctx, func(tx store.Tx) error { return s.look(tx, gauge) })
	if err != nil {
		s.log.Error("the store can't be read for metrics", "error", err)
	}
	gauge(s.up, yes(err == nil), "read")
	gauge(s.up, yes(len(s.writable()) == 0), "write")
	s.others(ctx, out)
}

// slack is how the connections are, where there are to be some.
func (s *state) slack(gauge gaugeFunc) {
	if s.deaf {
		return
	}
	conn := s.socket.State()
	gauge(s.sockets, float64(conn.Connected))
	if !conn.LastHello.IsZero() {
		gauge(s.hello, max(0, time.Since(conn.LastHello).Seconds()))
	}
}

// others are those who work on the store, and how they share it.
func (s *state) others(ctx context.Context, out chan<- prometheus.Metric) {
	of := 1
	if shared, ok := s.store.(store.Attended); ok {
		_, of = shared.Attendance()
	}
	giving(out)(s.replicas, float64(of))
	if shared, ok := s.store.(replicated); ok {
		collectReplica(ctx, shared, s.now(), out)
	}
}

func (s *state) look(tx store.Tx, gauge gaugeFunc) error {
	for _, look := range []func(store.Tx, gaugeFunc) error{s.lookDue, s.lookTasks, s.lookGrants} {
		if err := look(tx, gauge); err != nil {
			return err
		}
	}
	return nil
}

func (s *state) lookTasks(tx store.Tx, gauge gaugeFunc) error {
	counts, err := tx.TaskCounts()
	if err != nil {
		return err
	}
	for _, c := range counts {
		gauge(s.tasks, float64(c.Count), c.Queue, string(c.State))
	}
	stuck, err := query.CountStuck(tx)
	if err != nil {
		return err
	}
	gauge(s.stuck, float64(stuck))
	conflicts, err := query.CountConflicts(tx)
	if err == nil {
		gauge(s.conflicts, float64(conflicts))
	}
	return err
}

func (s *state) lookGrants(tx store.Tx, gauge gaugeFunc) (err error) {
	if now := s.now(); now.Sub(s.counted).Abs() >= countAgain {
		if s.active, err = tx.Count("grant", "state:"+string(access.GrantActive)); err != nil {
			return err
		}
		s.counted = now
	}
	gauge(s.grants, float64(s.active))
	return nil
}

func (s *state) lookDue(tx store.Tx, gauge gaugeFunc) error {
	at, ok, err := store.NextGrantDue(tx)
	if err != nil {
		return err
	}
	gauge(s.late, overdue(s.now(), at, ok))
	for _, queue := range s.queues {
		at, ok, err := tx.NextTask(queue)
		if err != nil {
			return err
		}
		gauge(s.oldest, overdue(s.now(), at, ok), queue)
	}
	return nil
}

func overdue(now, at time.Time, ok bool) float64 {
	if !ok {
		return 0
	}
	return max(0, now.Sub(at).Seconds())
}
