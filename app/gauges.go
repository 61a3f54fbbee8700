package app

import (
	"context"
	"sync"
	"time"

	"latchkey/workflow/query"

	"github.com/prometheus/client_golang/prometheus"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

// state reads from the store and the sockets what is true at the moment.
type state struct {
	pages

	mu       sync.Mutex
	follower evidence.Follower
	active   int
	counted  time.Time

	tasks, grants, stuck, conflicts, oldest, late, sockets, hello *prometheus.Desc
}

func newState(p pages) *state {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("latchkey_"+name, help, labels, nil)
	}
	return &state{
		pages:     p,
		tasks:     desc("tasks", "Tasks that are not done.", "queue", "state"),
		grants:    desc("grants_active", "Grants that are in force, counted at most once a minute."),
		stuck:     desc("stuck", "What waits for a human; see latchkey stuck."),
		conflicts: desc("conflicts", "What people have together although it can't go together, as it was seen when groups and grants were compared last."),
		oldest:    desc("task_overdue_seconds", "How long the task that could begin has been waiting for its turn.", "queue"),
		late:      desc("expiry_overdue_seconds", "How long the next end of access is overdue; 0 while none is."),
		sockets:   desc("sockets", "Connections to Slack that serve."),
		hello:     desc("socket_hello_age_seconds", "Since Slack last greeted a connection."),
	}
}

// Describe implements prometheus.Collector.
func (s *state) Describe(out chan<- *prometheus.Desc) { prometheus.DescribeByCollect(s, out) }

// Collect implements prometheus.Collector.
func (s *state) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		m, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, v, labels...)
		if err != nil {
			m = prometheus.NewInvalidMetric(d, err)
		}
		out <- m
	}
	conn := s.socket.State()
	gauge(s.sockets, float64(conn.Connected))
	if !conn.LastHello.IsZero() {
		gauge(s.hello, max(0, time.Since(conn.LastHello).Seconds()))
	}
	err := s.store.View(context.Background(), func(tx store.Tx) error { return s.look(tx, gauge) })
	if err != nil {
		s.log.Error("the store can't be read for metrics", "error", err)
	}
}

type gaugeFunc func(d *prometheus.Desc, v float64, labels ...string)

func (s *state) look(tx store.Tx, gauge gaugeFunc) error {
	for _, look := range []func(store.Tx, gaugeFunc) error{s.lookTasks, s.lookGrants, s.lookDue} {
		if err := look(tx, gauge); err != nil {
			return err
		}
	}
	timed, err := s.follower.Next(tx)
	for _, lag := range timed.Lags {
		s.metrics.lags.Observe(lag.Seconds())
	}
	for kind, n := range timed.Kinds {
		s.metrics.events.WithLabelValues(string(kind)).Add(float64(n))
	}
	for _, a := range timed.Answers {
		s.metrics.answers.WithLabelValues(string(a.On)).Observe(a.Took.Seconds())
	}
	return err
}

func (s *state) lookTasks(tx store.Tx, gauge gaugeFunc) error {
	type key struct{ queue, state string }
	count := map[key]int{}
	for after := uint64(0); ; {
		page, err := tx.Tasks("", after, 1000)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		for _, t := range page {
			count[key{t.Queue, string(t.State)}]++
			after = t.Seq
		}
	}
	for k, n := range count {
		gauge(s.tasks, float64(n), k.queue, k.state)
	}
	stuck, err := query.CountStuck(tx)
	gauge(s.stuck, float64(stuck))
	if err != nil {
		return err
	}
	conflicts, err := query.CountConflicts(tx)
	gauge(s.conflicts, float64(conflicts))
	return err
}

// lookGrants counts at most once a minute: there may be many.
func (s *state) lookGrants(tx store.Tx, gauge gaugeFunc) (err error) {
	if now := s.now(); now.Sub(s.counted).Abs() >= time.Minute {
		if s.active, err = countGrants(tx, access.GrantActive); err != nil {
			return err
		}
		s.counted = now
	}
	gauge(s.grants, float64(s.active))
	return nil
}

// countGrants counts without decoding.
func countGrants(tx store.Tx, in access.GrantState) (n int, err error) {
	for after := ""; ; {
		page, err := tx.Find("grant", "state:"+string(in), after, 1000)
		if err != nil || len(page) == 0 {
			return n, err
		}
		n, after = n+len(page), page[len(page)-1].ID
	}
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
