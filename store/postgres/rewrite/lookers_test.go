package rewrite_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"latchkey/store"
	"latchkey/store/postgres/postgrestest"
)

// looker is somebody who can still see what was there before, until they end.
type looker struct {
	is   string
	look func(w *world) (end func())
	says string
}

// Whoever can still see what was erased keeps it in the files, and the erasure says so: also where it runs as a
// role that is told nothing of what others do. Once they are gone, so is what was erased.
func TestWhoeverCanStillSeeItIsNoticed(t *testing.T) {
	server := postgrestest.StartDurable(t, "-c", "fsync=off", "-c", "max_prepared_transactions=2")
	for _, l := range []looker{
		{"somebody of its own role", func(w *world) func() { return w.looks(w.dsn) }, "latchkey_event_33: somebody has been looking at the database since "},
		{"an administrator", func(w *world) func() { return w.looks(postgrestest.Administrator(w.dsn)) }, "latchkey_event_33: somebody has been looking at the database (dump of the role latchkey, process "},
		{"a prepared transaction", (*world).prepares, "latchkey_event_33: the prepared transaction left is not over: COMMIT PREPARED or ROLLBACK PREPARED"},
		{"a standby", func(w *world) func() { return w.standsBy("") }, "latchkey_event_33: a standby still looks at it (tester of the role latchkey, process "},
		{"a slot of a standby that is gone", func(w *world) func() { return w.standsBy("gone") }, "latchkey_event_33: the replication slot gone keeps what was there before"},
	} {
		t.Run(l.is, func(t *testing.T) {
			w := newWorldOn(t, server, 40)
			end := l.look(w)
			w.erase(39)
			if err := w.store.Shred(t.Context()); !errors.Is(err, store.ErrOutstanding) || !strings.Contains(err.Error(), l.says) {
				t.Errorf("with somebody there: %v, want %q", err, l.says)
			}
			w.secrets([]int{38, 39, 40}, 38, 39, 40)
			end()
			w.must(w.store.Shred(t.Context()))
			w.secrets([]int{38, 39, 40}, 38, 40)
			w.whole(1)
		})
	}
}

// What clears away dead rows of another table looks at nothing, however long it takes: the database does that by itself.
func TestClearingAwayIsNoLook(t *testing.T) {
	w := newWorld(t, 40)
	w.ask(`CREATE TABLE other AS SELECT repeat('x', 500) FROM generate_series(1, 50000)`)
	conn := w.as(postgrestest.Administrator(w.dsn))
	_, err := conn.Exec(t.Context(), `SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1`)
	w.must(err)
	ctx, end := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		_, err := conn.Exec(ctx, `VACUUM (FREEZE, DISABLE_PAGE_SKIPPING) other`)
		over <- err
	}()
	w.until(`SELECT EXISTS (SELECT FROM pg_stat_progress_vacuum WHERE relid = 'other'::regclass)`)
	w.erase(3, 39)
	w.must(w.store.Shred(t.Context()))
	w.secrets([]int{3, 39, 40}, 40)
	select {
	case err := <-over:
		t.Errorf("the other table is cleared already: %v", err)
	default:
	}
	end()
	<-over
}

// A database that keeps what is dead for longer than anybody can see it says so.
func TestWhatTheDatabaseIsToldToKeep(t *testing.T) {
	w := newWorld(t, 20)
	var can bool
	if w.ask(`SELECT current_setting('vacuum_defer_cleanup_age', true) IS NOT NULL`, &can); !can {
		return // versions from 16 on don't
	}
	w.must(w.administer(`ALTER SYSTEM SET vacuum_defer_cleanup_age = 1000`), w.administer(`SELECT pg_reload_conf()`))
	w.until(`SELECT current_setting('vacuum_defer_cleanup_age') = '1000'`)
	w.erase(18)
	if err := w.store.Shred(t.Context()); !errors.Is(err, store.ErrOutstanding) || !strings.Contains(err.Error(), "latchkey_event_17: the database keeps what is dead for another 1000 transactions: set vacuum_defer_cleanup_age = 0 there") {
		t.Errorf("shredded: %v", err)
	}
}

// A process that stands still while a copy takes the old one's place keeps others waiting for as long as one that stands still
// in a write, and not for as long as it may copy.
func TestOneThatStandsStillKeepsNobodyWaiting(t *testing.T) {
	for _, at := range []string{"DETACH PARTITION latchkey_event_1;", "latchkey_event_33;"} {
		w := newWorld(t, 40)
		w.erase(3, 39)
		var waited time.Duration
		stands := &before{says: at, do: func() {
			begun := time.Now()
			w.ask(`SELECT count(*) FROM latchkey_event`, new(int))
			waited = time.Since(begun)
		}}
		s := w.session(func(ctx context.Context, settings map[string]string) (*pgx.Conn, error) {
			return w.traced(ctx, settings, stands)
		})
		if err := s.Shred(t.Context(), 0); err == nil || !stands.done || waited < 2*time.Second || waited > 9*time.Second {
			t.Errorf("%s: others waited %s; %v", at, waited, err)
		}
		w.whole(2)
	}
}

func (w *world) as(dsn string) *pgx.Conn {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), dsn+"&application_name=dump")
	w.must(err)
	w.Cleanup(func() { _ = conn.Close(context.Background()) }) // it may be closed
	return conn
}

// until waits until a question of an administrator is answered with yes.
func (w *world) until(sql string) {
	w.Helper()
	conn := w.as(postgrestest.Administrator(w.dsn))
	for again := time.NewTicker(10 * time.Millisecond); ; <-again.C {
		var is bool
		if w.must(conn.QueryRow(w.Context(), sql).Scan(&is)); is {
			again.Stop()
			w.must(conn.Close(w.Context()))
			return
		}
	}
}

// looks looks at the database as pg_dump does, and has not yet come to the log.
func (w *world) looks(dsn string) (end func()) {
	w.Helper()
	conn := w.as(dsn)
	_, err := conn.Exec(w.Context(), `BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM pg_class LIMIT 1`)
	w.must(err)
	return func() { w.must(conn.Close(w.Context())) }
}

func (w *world) prepares() (end func()) {
	w.Helper()
	conn := w.as(postgrestest.Administrator(w.dsn))
	_, err := conn.Exec(w.Context(), `BEGIN; CREATE TABLE half(); PREPARE TRANSACTION 'left'`)
	w.must(err)
	return func() {
		_, err := conn.Exec(w.Context(), `ROLLBACK PREPARED 'left'`)
		w.must(err, conn.Close(w.Context()))
	}
}

// standsBy is a standby that says what is still being looked at there. One with a slot is gone then, and the
// slot is dropped in the end.
func (w *world) standsBy(slot string) (end func()) {
	w.Helper()
	c, err := pgconn.ParseConfig(postgrestest.Administrator(w.dsn))
	w.must(err)
	c.RuntimeParams["replication"], c.RuntimeParams["application_name"] = "true", "tester"
	conn, err := pgconn.ConnectConfig(w.Context(), c)
	w.must(err)
	begin := ""
	if slot != "" {
		w.replicates(conn, `CREATE_REPLICATION_SLOT `+slot+` PHYSICAL`)
		begin = "SLOT " + slot + " "
	}
	at := w.replicates(conn, `IDENTIFY_SYSTEM`)[2]
	var sees uint32
	w.ask(`SELECT pg_current_xact_id()::xid::text::bigint`, &sees)
	w.must(feedback(conn, `START_REPLICATION `+begin+string(at), sees))
	if slot == "" {
		w.until(`SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'walsender' AND backend_xmin IS NOT NULL)`)
		return func() { w.hangsUp(conn) }
	}
	w.until(`SELECT EXISTS (SELECT FROM pg_replication_slots WHERE xmin IS NOT NULL)`)
	w.hangsUp(conn)
	return func() {
		w.must(w.administer(`SELECT pg_drop_replication_slot('` + slot + `')`))
	}
}

func (w *world) hangsUp(conn *pgconn.PgConn) {
	w.Helper()
	_ = conn.Conn().Close() // as one whose machine is gone
	w.until(`SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'walsender')`)
}

func (w *world) administer(sql string) error {
	conn := w.as(postgrestest.Administrator(w.dsn))
	_, err := conn.Exec(w.Context(), sql)
	return errors.Join(err, conn.Close(w.Context()))
}

// replicates gives the row that a command of the replication protocol is answered with.
func (w *world) replicates(conn *pgconn.PgConn, command string) [][]byte {
	w.Helper()
	all, err := conn.Exec(w.Context(), command).ReadAll()
	w.must(err)
	return slices.Concat(all[0].Rows[0])
}

// feedback begins to replicate, and says which transaction is the oldest that is still looked at.
func feedback(conn *pgconn.PgConn, command string, sees uint32) error {
	front := conn.Frontend()
	front.Send(&pgproto3.Query{String: command})
	if err := front.Flush(); err != nil {
		return err
	}
	for {
		answer, err := front.Receive()
		if err != nil {
			return err
		}
		if refused, ok := answer.(*pgproto3.ErrorResponse); ok {
			return fmt.Errorf("%s: %s", command, refused.Message)
		}
		if _, ok := answer.(*pgproto3.CopyBothResponse); ok {
			break
		}
	}
	said := append([]byte{'h'}, make([]byte, 24)...) // the time of the standby, then transactions and their epochs
	binary.BigEndian.PutUint32(said[9:], sees)
	front.Send(&pgproto3.CopyData{Data: said})
	return front.Flush()
}
