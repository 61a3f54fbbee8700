package postgres_test

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// Behind a pooler that keeps sessions everything is as without one, whatever settings the pooler takes
// from the beginning: of two replicas that each look whether something is there and write it if not, one does.
func TestBehindAPoolerThatKeepsSessions(t *testing.T) {
	server := postgrestest.Start(t)
	for name, how := range map[string]postgrestest.Pooling{"refuses settings": {}, "leaves settings out": {Ignores: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := postgrestest.Pooled(t, server.Database(t), how)
			one, two := open(t, dsn), open(t, dsn)
			for round := range 5 {
				if n := bothAtOnce(t, one, two, string(rune('a'+round))); n != 1 {
					t.Errorf("%d wrote what one may", n)
				}
			}
			news, err := one.Wait(t.Context(), "news")
			if err == nil {
				err = write(two, "heard")
			}
			if err != nil {
				t.Fatal(err)
			}
			<-news
			if err := two.Sealed(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// bothAtOnce has two replicas write a record of a kind if there is none, after both saw that there is none, and
// gives how many did.
func bothAtOnce(t *testing.T, one, two *postgres.Store, kind string) int {
	var looked [2]chan bool
	var wrote atomic.Int32
	done := make(chan error, 2)
	for i := range looked {
		looked[i] = make(chan bool)
	}
	for i, s := range []*postgres.Store{one, two} {
		go func() {
			var mine, first = false, true
			err := s.Update(t.Context(), func(tx store.Tx) error {
				found, err := tx.Find(kind, "", "", 9)
				if err != nil {
					return err
				}
				if first {
					first = false
					close(looked[i])
					<-looked[1-i]
				}
				if mine = len(found) == 0; !mine {
					return nil
				}
				_, err = tx.Put(store.Record{Kind: kind, ID: string(rune('0' + i))})
				return err
			})
			if err == nil && mine {
				wrote.Add(1)
			}
			done <- err
		}()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Error(err)
	}
	return int(wrote.Load())
}

// A pooler that hands each transaction to another session is refused, and it is said what to do.
func TestAPoolerThatKeepsNoSessionsIsRefused(t *testing.T) {
	dsn := postgrestest.Pooled(t, postgrestest.Start(t).Database(t), postgrestest.Pooling{Ignores: true, PerTransaction: true})
	_, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{})
	_, looked := postgres.Inspect(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)})
	for _, err := range []error{err, looked} {
		if err == nil || !contains(err, "set pool_mode = session") {
			t.Errorf("got %v", err)
		}
	}
}

func contains(err error, text string) bool { return strings.Contains(err.Error(), text) }
