package rewrite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/access"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
	"latchkey/store/postgres/rewrite"
)

// world is a database with a log of partitions of 16 events.
type world struct {
	*testing.T
	server *postgrestest.Server
	dsn    string
	store  *postgres.Store
	n      int
}

func newWorld(t *testing.T, events int) *world {
	server := postgrestest.Start(t)
	w := &world{T: t, server: server, dsn: server.Database(t)}
	w.store = w.beside()
	w.log(events)
	return w
}

func (w *world) beside() *postgres.Store {
	w.Helper()
	s, err := postgres.Open(w.Context(), postgres.Settings{DSN: value.NewSecret(w.dsn)}, postgres.Options{Stretch: 4, Partition: 16, Patience: time.Second})
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { w.must(s.Close()) })
	return s
}

func (w *world) must(errs ...error) {
	w.Helper()
	if err := errors.Join(errs...); err != nil {
		w.Fatal(err)
	}
}

func secret(place int) string { return fmt.Sprintf("the secret no. %d.", place) }

// log appends events, each in an update of its own.
func (w *world) log(events int) {
	w.Helper()
	for range events {
		w.n++
		w.must(w.append(w.store, w.n))
	}
	w.must(w.store.Sealed(w.Context()))
}

func (w *world) append(s store.Store, n int) error {
	return s.Update(w.Context(), func(tx store.Tx) error {
		_, err := tx.Append(access.Entry{ID: fmt.Sprint(n), Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.RequestSubject(fmt.Sprint("AR-", n%7)), Schema: 1, Body: []byte("{}"),
			Salt: []byte("0123456789abcdef"), Private: []byte(secret(n))}, store.About{Person: "P-ANN", App: "crm"})
		return err
	})
}

func (w *world) erase(places ...uint64) {
	w.Helper()
	w.must(w.store.Update(w.Context(), func(tx store.Tx) error { return tx.Erase(places) }))
}

// whole sees that all events are there, each with its leaf, and as many erased.
func (w *world) whole(erased int) {
	w.Helper()
	w.must(w.store.View(w.Context(), func(tx store.Tx) error { return all(tx, w.n, erased) }))
}

func all(tx store.Tx, want, erased int) error {
	entries, err := tx.Entries(store.Filter{}, 0, 10_000)
	if err != nil {
		return err
	}
	leaves, err := tx.Leaves(0, 10_000)
	if err != nil || len(entries) != want || len(leaves) != want {
		return fmt.Errorf("%d events and %d leaves of %d: %w", len(entries), len(leaves), want, err)
	}
	for i, e := range entries {
		if err := e.Verify(); err != nil || e.Leaf != leaves[i] {
			return fmt.Errorf("the event at place %d: %w", i+1, err)
		}
		if e.Erased != (access.Hash{}) {
			erased--
		}
	}
	if erased != 0 {
		return fmt.Errorf("%d less are erased than should be", erased)
	}
	return nil
}

func (w *world) open(ctx context.Context, settings map[string]string) (*pgx.Conn, error) {
	return w.traced(ctx, settings, nil)
}

func (w *world) traced(ctx context.Context, settings map[string]string, by pgx.QueryTracer) (*pgx.Conn, error) {
	c, err := pgx.ParseConfig(w.dsn)
	if err != nil {
		return nil, err
	}
	c.Tracer = by
	for name, is := range settings {
		c.RuntimeParams[name] = is
	}
	return pgx.ConnectConfig(ctx, c)
}

func (w *world) session(open rewrite.Open) *rewrite.Session {
	w.Helper()
	s, err := rewrite.Begin(w.Context(), open, 2*time.Second)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(s.End)
	return s
}

func (w *world) ask(sql string, into ...any) {
	w.Helper()
	conn, err := w.open(w.Context(), nil)
	if err == nil && len(into) > 0 {
		err = conn.QueryRow(w.Context(), sql).Scan(into...)
	} else if err == nil {
		_, err = conn.Exec(w.Context(), sql)
	}
	w.must(err, conn.Close(context.Background()))
}

// tables are those of the log's events.
func (w *world) tables() string {
	w.Helper()
	var names string
	w.ask(`SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relkind = 'r' AND relname ~ '^latchkey_(event_|rew)'`, &names)
	return names
}

// secrets fails the test unless the files have the secrets of these events, of some that are asked for.
func (w *world) secrets(of []int, want ...int) {
	w.Helper()
	var got []int
	for _, n := range of {
		if w.server.Holds(w.T, secret(n)) {
			got = append(got, n)
		}
	}
	if !slices.Equal(got, want) {
		w.Errorf("the files have the secrets %v, want %v", got, want)
	}
}

// What is erased is in no file of the tables any more, whatever partition it was in, and
// in none of the planner's samples, which a version of before let it take.
func TestErasedIsInNoFile(t *testing.T) {
	w := newWorld(t, 40)
	w.ask(`ALTER TABLE latchkey_event ALTER COLUMN private SET STATISTICS 100; ANALYZE`)
	w.erase(3, 20, 39)
	w.must(w.store.Shred(t.Context()))
	w.whole(3)
	w.secrets([]int{2, 3, 4, 20, 21, 38, 39, 40}, 2, 4, 21, 38, 40)
	var left int
	w.ask(`SELECT count(*) FROM latchkey_erased`, &left)
	if left != 0 {
		t.Errorf("%d erasures are still to be done", left)
	}
	w.log(30)
	w.whole(3)
}

// A large partition that is being added to is closed first; whoever seals goes on behind it, also the
// version of before, which knows partitions by the places they begin with.
func TestALargePartitionIsClosedFirst(t *testing.T) {
	w := newWorld(t, 20)
	w.erase(18)
	s := w.session(w.open)
	if err := s.Shred(t.Context(), 0); !errors.Is(err, store.ErrOutstanding) || !strings.Contains(err.Error(), "latchkey store shred --now") {
		t.Errorf("large tables: %v", err)
	}
	s.End()
	if got, want := w.tables(), "latchkey_event_1 latchkey_event_17 latchkey_event_21"; got != want {
		t.Errorf("the partitions %s, want %s", got, want)
	}
	w.log(30)
	w.whole(1)
	if got, want := w.tables(), "latchkey_event_1 latchkey_event_17 latchkey_event_21 latchkey_event_33 latchkey_event_49"; got != want {
		t.Errorf("the partitions %s, want %s", got, want)
	}
	w.must(w.store.Shred(t.Context()))
	w.secrets([]int{17, 18, 19}, 17, 19)
}

// A look that began before, and has read nothing of the log yet, finds all of it after a partition was
// exchanged.
func TestALookFindsTheLogWhole(t *testing.T) {
	w := newWorld(t, 40)
	s := w.session(w.open)
	w.must(w.store.View(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Size(); err != nil {
			return err
		}
		parts, err := s.Parts(t.Context())
		if err == nil {
			err = s.Partition(t.Context(), parts[0], "")
		}
		return errors.Join(err, all(tx, 40, 0))
	}))
}

// A look that is open all the time is not disturbed. The erasure is said to be outstanding, nobody who writes has to
// wait for it, and the next one does it.
func TestALookStandsInTheWay(t *testing.T) {
	w := newWorld(t, 40)
	w.must(w.store.View(t.Context(), func(tx store.Tx) error {
		err := all(tx, 40, 0)
		w.erase(3)
		failed := make(chan error)
		go func() { failed <- w.store.Shred(t.Context()) }()
		for n := 41; ; n++ {
			select {
			case shred := <-failed:
				if !errors.Is(shred, store.ErrOutstanding) || !strings.Contains(shred.Error(), "latchkey_event_1: somebody has been looking at the database since") {
					t.Errorf("shredded under a look: %v", shred)
				}
				w.n = n - 1
				return errors.Join(err, all(tx, 40, 0))
			default:
				begun := time.Now()
				w.must(w.append(w.store, n))
				if took := time.Since(begun); took > 3*time.Second {
					t.Errorf("a write took %s", took)
				}
			}
		}
	}))
	w.must(w.store.Sealed(t.Context()), w.store.Shred(t.Context()))
	w.whole(1)
	w.secrets([]int{2, 3}, 2)
}

// before runs something once, before a statement that says so.
type before struct {
	says string
	do   func()
	done bool
}

func (b *before) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if !b.done && strings.Contains(q.SQL, b.says) {
		b.done = true
		b.do()
	}
	return ctx
}

func (*before) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// What is erased while a partition is copied is erased in the copy: before it was read, before it was
// compared, and after that.
func TestErasedWhileItIsCopied(t *testing.T) {
	for _, says := range []string{"LIKE latchkey_event", "hash_record_extended", "ANALYZE latchkey_rewritten"} {
		w := newWorld(t, 40)
		w.erase(3)
		erase := &before{says: says, do: func() { w.erase(4) }}
		s := w.session(func(ctx context.Context, settings map[string]string) (*pgx.Conn, error) {
			return w.traced(ctx, settings, erase)
		})
		w.must(s.Shred(t.Context(), rewrite.Small))
		if !erase.done {
			t.Errorf("%s: nothing was erased meanwhile", says)
		}
		w.whole(2)
		w.secrets([]int{2, 3, 4, 5}, 2, 5)
	}
}

const killedAt = "LATCHKEY_REWRITE_KILLED_AT"

// TestKilledHere is the process that TestKilledWhileItRewrites kills.
func TestKilledHere(t *testing.T) {
	dsn := os.Getenv(killedAt)
	if dsn == "" {
		return // it is for another process
	}
	w := &world{T: t, dsn: dsn}
	s := w.session(func(ctx context.Context, settings map[string]string) (*pgx.Conn, error) {
		if _, first := settings["lock_timeout"]; !first {
			return nil, syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return w.open(ctx, settings)
	})
	w.must(s.Shred(t.Context(), rewrite.Small))
}

// Killed in the middle, nothing half-made is left, and the next one does all of it.
func TestKilledWhileItRewrites(t *testing.T) {
	w := newWorld(t, 40)
	w.erase(3)
	before := w.tables()
	c := exec.Command(os.Args[0], "-test.run=^TestKilledHere$")
	c.Env = append(os.Environ(), killedAt+"="+w.dsn)
	if out, err := c.CombinedOutput(); err == nil || c.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("it was not killed: %v\n%s", err, out)
	}
	w.must(w.store.Shred(t.Context()))
	if after := w.tables(); after != before {
		t.Errorf("the partitions %s, want %s", after, before)
	}
	w.whole(1)
	w.secrets([]int{2, 3}, 2)
}

// Several that erase and shred at once, while others write and look, lose nothing.
func TestManyAtOnce(t *testing.T) {
	w := newWorld(t, 60)
	stores := []*postgres.Store{w.store, w.beside()}
	over := make(chan struct{})
	var writers, shredders sync.WaitGroup
	var mu sync.Mutex
	for _, s := range stores {
		writers.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				mu.Lock()
				w.n++
				n := w.n
				mu.Unlock()
				if err := errors.Join(w.append(s, n), s.View(t.Context(), func(tx store.Tx) error { _, err := tx.Entries(store.Filter{}, 0, 99); return err })); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i, s := range stores {
		shredders.Go(func() {
			for place := uint64(1 + i); place <= 20; place += 2 {
				err := s.Update(t.Context(), func(tx store.Tx) error { return tx.Erase([]uint64{place}) })
				if err == nil {
					err = s.Shred(t.Context())
				}
				if err != nil && !errors.Is(err, store.ErrOutstanding) {
					t.Error(err)
				}
			}
		})
	}
	shredders.Wait()
	close(over)
	writers.Wait()
	w.must(w.store.Sealed(t.Context()), w.store.Shred(t.Context()))
	w.whole(20)
	w.secrets([]int{1, 10, 20, 21}, 21)
}

// Old events are moved with all that belongs to them, everything is read as before, and leaves stay.
func TestPartsAreMoved(t *testing.T) {
	w := newWorld(t, 40)
	w.server.Elsewhere(t, "cold")
	w.must(w.store.MovePart(t.Context(), 17, "cold"))
	parts, err := w.store.Parts(t.Context())
	w.must(err)
	for i, want := range []store.Part{{First: 1, Last: 16, Full: true}, {First: 17, Last: 32, Full: true, Where: "cold"}, {First: 33, Last: 40}} {
		got := parts[i]
		if got.Bytes == 0 {
			t.Errorf("part %d has no bytes", i)
		}
		if got.Bytes = 0; got != want {
			t.Errorf("part %d is %+v, want %+v", i, got, want)
		}
	}
	var there int
	w.ask(`SELECT count(*) FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE spcname = 'cold'
		AND (c.oid = 'latchkey_event_17'::regclass OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'latchkey_event_17'::regclass))`, &there)
	if there != 5 {
		t.Errorf("%d of the table and its four indexes were moved", there)
	}
	w.whole(0)
	w.erase(20)
	w.must(w.store.Shred(t.Context()))
	if parts, err = w.store.Parts(t.Context()); err != nil || parts[1].Where != "cold" {
		t.Errorf("after an erasure it is at %q, %v", parts[1].Where, err)
	}
	w.secrets([]int{20, 21}, 21)
	w.must(w.store.MovePart(t.Context(), 17, ""))
	w.whole(1)
}

// What can't be moved stays where it is, and it is said why.
func TestPartsThatStay(t *testing.T) {
	w := newWorld(t, 40)
	w.ask(`UPDATE latchkey_leaf SET leaf = leaf || 'x' WHERE place = 20`)
	w.server.Elsewhere(t, "cold")
	for first, want := range map[uint64]string{
		1:  `it has no tablespace nowhere, to which store.retention moves old events: CREATE TABLESPACE nowhere`,
		2:  "no partition begins with",
		17: "1 events in latchkey_event_17 are not those of the log's leaves",
		33: "events are still added to",
	} {
		to := "cold"
		if first == 1 {
			to = "nowhere"
		}
		if err := w.store.MovePart(t.Context(), first, to); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("part %d: %v, want %q", first, err, want)
		}
	}
	w.ask(`UPDATE latchkey_leaf SET leaf = substr(leaf, 1, 32) WHERE place = 20`)
	w.whole(0)
}
