package bolt_test

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"latchkey/store"
	"latchkey/store/bolt"
)

// BenchmarkUpdateWhileArchived times single durable updates, as one click is, on a log of
// 100,000 events: alone, and while the store is copied over and over.
func BenchmarkUpdateWhileArchived(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{})
	w := &writer{s: s}
	fill(b, w, 100_000)
	b.Run("alone", func(b *testing.B) { timeUpdates(b, w) })
	b.Run("archived", func(b *testing.B) {
		ctx, stop := context.WithCancel(context.Background())
		copies := make(chan int)
		go func() {
			n := 0
			for ; ctx.Err() == nil; n++ {
				if err := s.Archive(ctx, io.Discard, time.Now()); err != nil {
					break
				}
			}
			copies <- n
		}()
		timeUpdates(b, w)
		stop()
		b.ReportMetric(float64(<-copies), "copies")
	})
}

// fill appends events, many in an update.
func fill(b *testing.B, w *writer, events int) {
	b.Helper()
	for i := 0; i < events; i += 500 {
		err := w.s.Update(context.Background(), func(tx store.Tx) error {
			for n := range 500 {
				if err := w.writeIn(tx, i+n); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func timeUpdates(b *testing.B, w *writer) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if err := w.write(i); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	for name, at := range map[string]int{"p50-ms": len(took) / 2, "p99-ms": len(took) * 99 / 100, "max-ms": len(took) - 1} {
		b.ReportMetric(float64(took[at].Microseconds())/1000, name)
	}
}
