package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// replicas opens a database that waits for the disk, by so many.
func replicas(b *testing.B, n int) (all []store.Store) {
	dsn := postgrestest.StartDurable(b).Database(b)
	for range n {
		s, err := postgres.Open(context.Background(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.Close() })
		all = append(all, s)
	}
	return all
}

// click is what a decision writes: the request and the grant, two events, one task.
func click(tx store.Tx, id string) error {
	for _, kind := range []string{"request", "grant"} {
		if _, err := tx.Get(kind, id); err == nil {
			return fmt.Errorf("%s is there", id)
		}
		if _, err := tx.Put(store.Record{Kind: kind, ID: id, Body: make([]byte, 700), Index: []string{"open", "of:" + id}}); err != nil {
			return err
		}
	}
	for range 2 {
		e := access.Entry{ID: id, Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.RequestSubject(id), Schema: 1, Body: make([]byte, 450)}
		if _, err := tx.Append(e, store.About{Person: access.PersonID(id), App: "crm"}); err != nil {
			return err
		}
	}
	_, err := tx.Enqueue(store.Task{ID: id, Queue: "q", Kind: "k", Lane: id, Priority: store.Additions, Payload: make([]byte, 60)})
	return err
}

// BenchmarkClicks counts durable clicks of 64 people at once, over one replica and
// several.
func BenchmarkClicks(b *testing.B) {
	for _, n := range []int{1, 2, 3} {
		b.Run(fmt.Sprintf("replicas=%d", n), func(b *testing.B) {
			all := replicas(b, n)
			var made atomic.Int64
			b.ResetTimer()
			var people sync.WaitGroup
			for i := range 64 {
				people.Go(func() {
					for k := made.Add(1); k <= int64(b.N); k = made.Add(1) {
						id := fmt.Sprintf("R-%08d", k*7919%100_000_000)
						if err := all[i%n].Update(context.Background(), func(tx store.Tx) error { return click(tx, id) }); err != nil {
							b.Error(err)
						}
					}
				})
			}
			people.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clicks/s")
		})
	}
}

// BenchmarkTasks counts tasks that are claimed, up to 64 at a time, and ended together.
func BenchmarkTasks(b *testing.B) {
	for _, n := range []int{1, 2, 3} {
		b.Run(fmt.Sprintf("replicas=%d", n), func(b *testing.B) {
			all := replicas(b, n)
			for from := 0; from < b.N; from += 500 {
				err := all[0].Update(context.Background(), func(tx store.Tx) error {
					for i := from; i < min(b.N, from+500); i++ {
						if _, err := tx.Enqueue(store.Task{ID: fmt.Sprintf("%08d", i), Queue: "q", Kind: "k", Payload: make([]byte, 60)}); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			var done atomic.Int64
			b.ResetTimer()
			var workers sync.WaitGroup
			for i, s := range all {
				workers.Go(func() {
					for done.Load() < int64(b.N) {
						done.Add(int64(workOff(b, s, fmt.Sprint(i))))
					}
				})
			}
			workers.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
		})
	}
}

func workOff(b *testing.B, s store.Store, owner string) int {
	var taken []store.Task
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	err := s.Update(context.Background(), func(tx store.Tx) (err error) {
		taken, err = tx.Claim(store.Claim{Queue: "q", Owner: owner, At: now, Until: now.Add(time.Hour), Limit: 64})
		return err
	})
	if err == nil {
		err = s.Update(context.Background(), func(tx store.Tx) error {
			for _, k := range taken {
				if err := tx.Done(k.ID, owner); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		b.Fatal(err)
	}
	return len(taken)
}
