package app

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"latchkey/store/postgres"
)

// replicated is a store on which several replicas work, each of which counts what it did.
type replicated interface {
	Stats() postgres.Stats
	Unsealed(ctx context.Context) (n int, since time.Time, err error)
}

// collectReplica gives what a replica did on a shared store, and what waits there for whoever seals.
func collectReplica(ctx context.Context, s replicated, now time.Time, out chan<- prometheus.Metric) {
	is, gauge := s.Stats(), giving(out)
	gauge(metricOf("store_sealing", "1 if this replica is the one that gives events their places in the log."), yes(is.Sealing))
	gauge(metricOf("store_listening", "1 while this replica hears what others notify."), yes(is.Listening))
	for _, c := range []struct {
		name, help string
		n          uint64
	}{
		{"store_listener_lost_total", "How often the session was lost on which this replica hears what others notify.", is.Lost},
		{"store_updates_total", "Updates that this replica committed; several share a commit.", is.Updates},
		{"store_refused_total", "Commits that the database refused because another replica wrote the same at the same time; they are tried again.", is.Refused},
		{"store_alone_total", "Commits that were tried while no other replica could write, after refusals.", is.Alone},
		{"store_sealed_total", "Events to which this replica gave their places in the log.", is.Sealed},
		{"store_takeovers_total", "Replicas that this one found gone, and whose tasks it handed to others.", is.TakenOver},
	} {
		out <- prometheus.MustNewConstMetric(metricOf(c.name, c.help), prometheus.CounterValue, float64(c.n))
	}
	out <- prometheus.MustNewConstHistogram(metricOf("store_commit_seconds", "From beginning to write a group of updates to having it durable."),
		is.Commits.Count, is.Commits.Sum.Seconds(), is.Commits.Within)
	n, since, err := s.Unsealed(ctx)
	if err != nil {
		return // that the store can't be read is told already
	}
	gauge(metricOf("unsealed", "Events that have no place in the log yet."), float64(n))
	gauge(metricOf("unsealed_seconds", "How long the first of them has been waiting; 0 while none is."), overdue(now, since, n > 0))
}
