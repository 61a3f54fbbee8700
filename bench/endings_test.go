package main

import (
	"context"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"latchkey/clock"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/store/bolt"
)

// BenchmarkEndings is what it costs to end a crowd of grants that are due in the
// same instant: each with its event, its removal, its record and its cards.
func BenchmarkEndings(b *testing.B) {
	h := filledHouse(b, b.N)
	if err := reschedule(b.Context(), h.store, b.N, func(int) time.Time { return time.Now().Add(-time.Minute) }); err != nil {
		b.Fatal(err)
	}
	watch := &stopwatch{Store: h.store, want: b.N, all: make(chan struct{})}
	h, err := newHouse(watch, clock.System{})
	if err != nil {
		b.Fatal(err)
	}
	working, stop := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	measure(b, func() {
		go func() { ended <- h.flow.Run(working) }()
		<-watch.all
	})
	stop()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
}

// BenchmarkVerify is what it costs to verify a log, per event.
func BenchmarkVerify(b *testing.B) {
	h := filledHouse(b, b.N)
	measure(b, func() {
		v, err := evidence.Verify(b.Context(), h.store)
		if err != nil || !v.Whole() || v.Events != b.N {
			b.Errorf("%d of %d events are whole: %s, %v", v.Events, b.N, v.Broken, err)
		}
	})
}

// BenchmarkFill is what it costs to store a request and a grant and to append an
// event, thousands in a transaction.
func BenchmarkFill(b *testing.B) { measure(b, func() { filledHouse(b, b.N) }) }

func filledHouse(b *testing.B, grants int) *house {
	s, err := openStore(filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	h := &house{store: store.Store(s), catalog: shop(), people: crowd}
	if err := h.fillGrants(b.Context(), 0, grants); err != nil {
		b.Fatal(err)
	}
	return h
}

// measure times what do does, and tells what it used of the processors: on a
// busy machine that moves less than the time does.
func measure(b *testing.B, do func()) {
	b.ReportAllocs()
	before := used(b)
	b.ResetTimer()
	do()
	b.StopTimer()
	b.ReportMetric(float64(used(b)-before)/float64(b.N), "cpu-ns/op")
}

func used(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
