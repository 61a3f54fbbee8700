package postgres

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/access"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/group"
	"latchkey/store/postgres/postgrestest"
)

func openOne(t *testing.T, dsn string) *Store {
	t.Helper()
	s, err := Open(t.Context(), Settings{DSN: value.NewSecret(dsn)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// served has a writer of its own write functions as one group.
func served(s *Store, fns ...func(store.Tx) error) []error {
	w := &writer{s: s, repeats: repeats{}}
	defer w.hangUp()
	return w.served(fns...)
}

func (w *writer) served(fns ...func(store.Tx) error) []error {
	errs := make([]error, len(fns))
	var g group.Group[*tx]
	var callers sync.WaitGroup
	for i, fn := range fns {
		c := group.NewCall[*tx](context.Background())
		g = append(g, c)
		callers.Go(func() { errs[i] = c.Run(func(t *tx) error { return fn(t) }) })
	}
	w.serve(g)
	callers.Wait()
	return errs
}

func putting(id string) func(store.Tx) error {
	return func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "k", ID: id, Index: []string{"x"}})
		return err
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// kept are the records there are.
func kept(t *testing.T, s *Store) string {
	t.Helper()
	var ids []string
	must(t, s.View(t.Context(), func(tx store.Tx) (err error) {
		ids, err = tx.IDs("k", "", "", 99)
		return err
	}))
	return strings.Join(ids, " ")
}

// What is held back, and taken for granted, until something has to be answered.
func TestWhatIsHeldBack(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	must(t, openOne(t, dsn).Close()) // makes the tables
	for name, do := range map[string]func(*testing.T, string){
		"what is not so is told to whom it concerns": notSo,
		"a refusal is told to whom it concerns":      refusal,
		"who fails has seen what is so":              failing,
		"repeats are expected":                       repeated,
		"a session is lost with what it held":        sessionLost,
		"a look sees what is held":                   lookBehind,
	} {
		t.Run(name, func(t *testing.T) {
			empty(t, dsn)
			do(t, dsn)
		})
	}
}

var errStop = errors.New("stop")

// What was taken for granted and isn't so is told to whom it concerns, by the very call, and to
// nobody else; what they wrote beside it is as it would have been.
func notSo(t *testing.T, dsn string) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	prepare := func(tx store.Tx) error {
		for id, queue := range map[string]string{"there": "q", "claimed": "busy", "claimed too": "busy"} {
			if _, err := tx.Enqueue(store.Task{ID: id, Queue: queue}); err != nil {
				return err
			}
		}
		_, err := tx.Claim(store.Claim{Queue: "busy", Owner: "w1", At: now, Until: now.Add(time.Hour), Limit: 9})
		return errors.Join(err, putting("old")(tx))
	}
	for name, wrong := range map[string]func(tx store.Tx) error{
		"a new record that is there": putting("old"),
		"a version that is not there": func(tx store.Tx) error {
			_, err := tx.Put(store.Record{Kind: "k", ID: "old", Version: 7})
			return err
		},
		"a version of nothing": func(tx store.Tx) error {
			_, err := tx.Put(store.Record{Kind: "k", ID: "never", Version: 1})
			return err
		},
		"somebody else's task": func(tx store.Tx) error { return tx.Done("claimed", "w2") },
		"somebody else's task beside one's own": func(tx store.Tx) error {
			return errors.Join(tx.Done("claimed", "w1"), tx.Done("claimed too", "w2"))
		},
		"a claimed task": func(tx store.Tx) error { return tx.Done("claimed", "") },
		"a task that is there": func(tx store.Tx) error {
			added, err := tx.Enqueue(store.Task{ID: "there", Queue: "q"})
			if err == nil && !added {
				return store.ErrConflict
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			empty(t, dsn)
			s := openOne(t, dsn)
			must(t, s.Update(t.Context(), prepare))
			goesOn := func(tx store.Tx) error {
				if err := wrong(tx); !errors.Is(err, store.ErrConflict) {
					return errors.Join(err, errStop) // for it was thought to be so
				}
				return putting("goes on")(tx)
			}
			gives := func(tx store.Tx) error { return errors.Join(putting("gives up")(tx), wrong(tx)) }
			errs := served(s, putting("before"), gives, goesOn, putting("after"))
			must(t, errs[0], errs[2], errs[3])
			if err := errs[1]; !errors.Is(err, store.ErrConflict) {
				t.Errorf("who gives up hears %v", err)
			}
			if got := kept(t, s); got != "after before goes on old" {
				t.Errorf("kept: %s", got)
			}
		})
	}
}

func empty(t *testing.T, dsn string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err == nil {
		_, err = conn.Exec(t.Context(), `TRUNCATE latchkey_record, latchkey_key, latchkey_task`)
		err = errors.Join(err, conn.Close(t.Context()))
	}
	must(t, err)
}

// What the database refuses to write is told to whoever wanted it, whoever's turn it shows in.
func refusal(t *testing.T, dsn string) {
	s := openOne(t, dsn)
	long := make([]byte, 8_000)
	random := rand.NewChaCha8([32]byte{})
	_, _ = random.Read(long) // it can't be compressed into a page of an index
	long = bytes.ReplaceAll(long, []byte{0}, []byte{1})
	tooLong := func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "k", ID: "too long", Index: []string{string(long)}})
		return err
	}
	reads := func(tx store.Tx) error {
		_, err := tx.Find("k", "x", "", 9)
		return errors.Join(err, putting("reads")(tx))
	}
	errs := served(s, putting("before"), tooLong, reads, putting("after"))
	must(t, errs[0], errs[2], errs[3])
	if err := errs[1]; err == nil || errors.Is(err, store.ErrConflict) || store.Rests(err) || !strings.Contains(err.Error(), "index") {
		t.Errorf("who wanted it hears %v", err)
	}
	if got := kept(t, s); got != "after before reads" {
		t.Errorf("kept: %s", got)
	}
}

// Who fails after the writes of others that can't be is not held to have failed because of them.
func failing(t *testing.T, dsn string) {
	s := openOne(t, dsn)
	must(t, s.Update(t.Context(), putting("old")))
	fails := func(tx store.Tx) error {
		if err := putting("old")(tx); err != nil {
			return err
		}
		return errStop
	}
	errs := served(s, fails)
	if !errors.Is(errs[0], store.ErrConflict) {
		t.Errorf("got %v", errs[0])
	}
}

// A kind that was enqueued again costs no second run the next time; after many that were new it
// is taken for new again.
func repeated(t *testing.T, dsn string) {
	s := openOne(t, dsn)
	w := &writer{s: s, repeats: repeats{}}
	defer w.hangUp()
	redraw := func() (runs int) {
		errs := w.served(func(tx store.Tx) error {
			runs++
			_, err := tx.Enqueue(store.Task{ID: "cards", Kind: "redraw", Queue: "q"})
			return err
		})
		must(t, errs...)
		return runs
	}
	for i, want := range []int{1, 2, 1, 1} {
		if runs := redraw(); runs != want {
			t.Errorf("the function ran %d times in update %d, want %d", runs, i, want)
		}
	}
	for range newInARow {
		w.repeats.saw("redraw", false)
	}
	if w.repeats.likely("redraw") || len(w.repeats) > 0 {
		t.Error("a kind is never taken for new again")
	}
}

// Where the session is lost with writes that were held back, whoever made them hears that nothing
// can be written, and nothing of it was.
func sessionLost(t *testing.T, dsn string) {
	for name, then := range map[string]func(store.Tx) error{
		"at a question": func(tx store.Tx) error { _, err := tx.Find("k", "x", "", 9); return err },
		"at the end":    func(store.Tx) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			empty(t, dsn)
			s := openOne(t, dsn)
			w := &writer{s: s, repeats: repeats{}}
			defer w.hangUp()
			errs := w.served(putting("first"), func(tx store.Tx) error {
				if err := putting("second")(tx); err != nil {
					return err
				}
				kill(t, dsn, w.conn.PgConn().PID())
				return then(tx)
			})
			for i, err := range errs {
				if !errors.Is(err, store.ErrUnwritable) {
					t.Errorf("%d: %v", i, err)
				}
			}
			if got := kept(t, s); got != "" {
				t.Errorf("kept: %s", got)
			}
			must(t, w.served(putting("third"))...)
		})
	}
}

func kill(t *testing.T, dsn string, session uint32) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err == nil {
		_, err = conn.Exec(t.Context(), `SELECT pg_terminate_backend($1, 10000)`, session)
		err = errors.Join(err, conn.Close(t.Context()))
	}
	must(t, err)
}

// Every way to look sees what the same update wrote before and holds back.
func lookBehind(t *testing.T, dsn string) {
	s := openOne(t, dsn)
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	subject := access.RequestSubject("R-1")
	for name, look := range map[string]func(tx store.Tx) (int, error){
		"Get":    func(tx store.Tx) (int, error) { _, err := tx.Get("held", "1"); return 1, err },
		"Find":   func(tx store.Tx) (int, error) { all, err := tx.Find("held", "x", "", 9); return len(all), err },
		"all":    func(tx store.Tx) (int, error) { all, err := tx.Find("held", "", "", 9); return len(all), err },
		"IDs":    func(tx store.Tx) (int, error) { all, err := tx.IDs("held", "x", "", 9); return len(all), err },
		"no key": func(tx store.Tx) (int, error) { all, err := tx.IDs("held", "", "", 9); return len(all), err },
		"Due":    func(tx store.Tx) (int, error) { all, err := tx.Due("held", now, 9); return len(all), err },
		"NextDue": func(tx store.Tx) (int, error) {
			_, ok, err := tx.NextDue("held")
			return count(ok), err
		},
		"Kinds": func(tx store.Tx) (int, error) {
			all, err := tx.(store.Copyable).Kinds()
			return len(all), err
		},
		"Entries": func(tx store.Tx) (int, error) {
			all, err := tx.Entries(store.Filter{Subject: subject}, 0, 9)
			return len(all), err
		},
		"Task":  func(tx store.Tx) (int, error) { _, err := tx.Task("1"); return 1, err },
		"Tasks": func(tx store.Tx) (int, error) { all, err := tx.Tasks("", 0, 9); return len(all), err },
		"Claim": func(tx store.Tx) (int, error) {
			all, err := tx.Claim(store.Claim{Queue: "q", Owner: "w", At: now, Until: now.Add(time.Hour), Limit: 9})
			return len(all), err
		},
		"NextTask": func(tx store.Tx) (int, error) { _, ok, err := tx.NextTask("q"); return count(ok), err },
		"Requeue": func(tx store.Tx) (int, error) {
			return 1, tx.Requeue(store.Task{ID: "1", State: store.Stuck})
		},
		"Enqueue": func(tx store.Tx) (int, error) {
			added, err := tx.Enqueue(store.Task{ID: "1", Queue: "q"})
			return count(!added), err
		},
	} {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if _, err := tx.Put(store.Record{Kind: "held", ID: "1", Index: []string{"x"}, Due: now}); err != nil {
				return err
			}
			if _, err := tx.Enqueue(store.Task{ID: "1", Queue: "q"}); err != nil {
				return err
			}
			if _, err := tx.Append(access.Entry{ID: "1", Log: "acme.test/latchkey/7f3k9q2m/1", Subject: subject, Schema: 1, Body: []byte("{}")}, store.About{}); err != nil {
				return err
			}
			n, err := look(tx)
			if err != nil || n != 1 {
				t.Errorf("%s sees %d, %v", name, n, err)
			}
			return errStop
		})
		if !errors.Is(err, errStop) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}
