package bolt_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"latchkey/store"
	"latchkey/store/bolt"
)

// Durable updates of a kilobyte by 1, 64 and 256 writers, in the committer's
// groups and with a transaction of bbolt each.
func BenchmarkUpdate1(b *testing.B)   { benchmarkUpdate(b, 1) }
func BenchmarkUpdate64(b *testing.B)  { benchmarkUpdate(b, 64) }
func BenchmarkUpdate256(b *testing.B) { benchmarkUpdate(b, 256) }

func benchmarkUpdate(b *testing.B, writers int) {
	body := []byte(strings.Repeat("k", 1024))
	b.Run("grouped", func(b *testing.B) {
		s := open(b, filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{})
		share(b, writers, func(n int64) error {
			return s.Update(context.Background(), func(tx store.Tx) error {
				_, err := tx.Put(store.Record{Kind: "a", ID: fmt.Sprintf("%012d", n), Body: body})
				return err
			})
		})
	})
	b.Run("raw", func(b *testing.B) {
		db, err := bbolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bbolt.Options{NoFreelistSync: true, FreelistType: bbolt.FreelistMapType})
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		share(b, writers, func(n int64) error {
			return db.Update(func(tx *bbolt.Tx) error {
				t, err := tx.CreateBucketIfNotExists([]byte("a"))
				if err != nil {
					return err
				}
				return t.Put(fmt.Appendf(nil, "%012d", n), body)
			})
		})
	})
}

// share lets several writers do b.N pieces of work between them.
func share(b *testing.B, writers int, do func(n int64) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range writers {
		wg.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := do(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
}

// BenchmarkDue1M finds and puts off what is due, a thousand of a million grants at
// a time. Loading a million takes a while, so there are fewer unless
// LATCHKEY_BENCH_GRANTS says how many.
func BenchmarkDue1M(b *testing.B) {
	grants := 50_000
	if said := os.Getenv("LATCHKEY_BENCH_GRANTS"); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil {
			b.Fatal(err)
		}
		grants = n
	}
	s := open(b, filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	load(b, s, grants)
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	b.Run("peek", func(b *testing.B) {
		for b.Loop() {
			err := s.View(context.Background(), func(tx store.Tx) error { _, _, err := tx.NextDue("grant"); return err })
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("thousand", func(b *testing.B) {
		for b.Loop() {
			err := s.Update(context.Background(), func(tx store.Tx) error { return putOff(tx, monday.AddDate(1, 0, 0)) })
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

func load(b *testing.B, s *bolt.Store, grants int) {
	monday := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for from := 0; from < grants; from += 10_000 {
		err := s.Update(context.Background(), func(tx store.Tx) error {
			for n := from; n < min(from+10_000, grants); n++ {
				r := store.Record{
					Kind: "grant", ID: fmt.Sprintf("G-%012d", n), Body: make([]byte, 300),
					Index: []string{fmt.Sprintf("person:p%d@acme.test", n%10_000)},
					Due:   monday.Add(time.Duration(n*7919%grants) * time.Second),
				}
				if _, err := tx.Put(r); err != nil {
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

// putOff moves the first thousand that are due to the end of the line.
func putOff(tx store.Tx, at time.Time) error {
	rows, err := tx.Due("grant", at, 1000)
	if err != nil {
		return err
	}
	for _, r := range rows {
		r.Due = r.Due.AddDate(0, 1, 0)
		if _, err := tx.Put(r); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkClaim takes durable tasks through a whole life, a hundred a turn:
// enqueued, claimed, done.
func BenchmarkClaim(b *testing.B) {
	const turn = 100
	s := open(b, filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{})
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	n := 0
	for b.Loop() {
		steps := []func(store.Tx) error{
			func(tx store.Tx) error { return enqueueMany(tx, n, turn) },
			func(tx store.Tx) error {
				return doneAll(tx, store.Claim{Queue: "q", Owner: "w", At: at, Until: at.Add(time.Minute), Limit: turn})
			},
		}
		for _, step := range steps {
			if err := s.Update(context.Background(), step); err != nil {
				b.Fatal(err)
			}
		}
		n += turn
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "tasks/s")
}

func enqueueMany(tx store.Tx, from, count int) error {
	for n := from; n < from+count; n++ {
		k := store.Task{ID: fmt.Sprintf("add|G-%d", n), Queue: "q", Kind: "add", Lane: fmt.Sprintf("G-%d", n), Lock: fmt.Sprintf("p%d", n)}
		if _, err := tx.Enqueue(k); err != nil {
			return err
		}
	}
	return nil
}

func doneAll(tx store.Tx, c store.Claim) error {
	taken, err := tx.Claim(c)
	if err != nil {
		return err
	}
	if len(taken) != c.Limit {
		return fmt.Errorf("%d tasks claimed, want %d", len(taken), c.Limit)
	}
	for _, k := range taken {
		if err := tx.Done(k.ID, c.Owner); err != nil {
			return err
		}
	}
	return nil
}
