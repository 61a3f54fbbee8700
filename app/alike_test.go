package app

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
)

// common is a store that several replicas work on.
type common struct{ store.Store }

func (common) Exclusive() bool { return false }

// TestReplicasGoByOneCatalogue: those that don't are named, by both, until one of them has taken up the other's or is gone.
func TestReplicasGoByOneCatalogue(t *testing.T) {
	s := common{bolttest.Open(t)}
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	const one, two = "alpha/17/1", "beta/23/2"
	for n, step := range []struct {
		after     time.Duration
		replica   string
		catalogue string
		want      []string
	}{
		{0, one, "a1", nil},
		{time.Second, two, "a1", nil},
		{time.Minute, two, "b2", []string{"beta (process 23) by b2", "alpha (process 17) goes by a1", "config.yaml"}},
		{time.Minute, one, "a1", []string{"alpha (process 17) by a1", "beta (process 23) goes by b2"}},
		{time.Minute, one, "b2", nil},
		{time.Minute, two, "b2", nil},
		{time.Minute, one, "c3", []string{"beta"}},
		{alikeGone + time.Second, one, "c3", nil}, // the other one is gone
	} {
		now = now.Add(step.after)
		err := alike(t.Context(), s, step.replica, goesBy{step.catalogue, now})
		if (err != nil) != (step.want != nil) || err != nil && access.Classify(err).Class != access.Transient {
			t.Errorf("step %d: %v", n, err)
			continue
		}
		for _, want := range step.want {
			if !strings.Contains(access.Classify(err).Sentence, want) {
				t.Errorf("step %d: %q doesn't say %q", n, err, want)
			}
		}
	}
	if err := s.Update(t.Context(), func(tx store.Tx) error {
		m, err := store.LoadMark(tx, alikeMark)
		if err == nil {
			m.After = "no JSON"
			err = store.PutMark(tx, &m)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := alike(t.Context(), s, one, goesBy{"c3", now}); err != nil {
		t.Errorf("what can't be read is written anew: %v", err)
	}
	if err := alike(t.Context(), s.Store, two, goesBy{"d4", now}); err != nil {
		t.Errorf("who is alone: %v", err)
	}
	if alikeGone+alikeAgain >= alarmAfter {
		t.Error("a replica in whose place another one came alarms IT")
	}
}
