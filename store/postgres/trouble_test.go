package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/access"
	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
	"latchkey/store/storetest"
)

func TestKill(t *testing.T) {
	where := ""
	if !storetest.Target() {
		where = postgrestest.StartDurable(t).Database(t)
	}
	storetest.Kill(t, where, func(where string) (store.Store, error) {
		return postgres.Open(context.Background(), postgres.Settings{DSN: value.NewSecret(where)}, postgres.Options{Stretch: 4})
	})
}

func write(s store.Store, id string) error {
	return s.Update(context.Background(), func(tx store.Tx) error {
		if _, err := tx.Put(store.Record{Kind: "k", ID: id}); err != nil {
			return err
		}
		if _, err := tx.Append(access.Entry{ID: id, Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.RequestSubject(id), Schema: 1, Body: []byte("{}")}, store.About{}); err != nil {
			return err
		}
		return tx.Notify("news")
	})
}

// A database that is gone is waited for: nothing is written meanwhile, everybody is told
// why, and all goes on by itself. Whoever waits is woken then, for they may have missed
// something.
func TestADatabaseThatIsGoneIsWaitedFor(t *testing.T) {
	server := postgrestest.StartDurable(t)
	s := open(t, server.Database(t))
	if err := write(s, "before"); err != nil {
		t.Fatal(err)
	}
	news, err := s.Wait(t.Context(), "other news")
	if err != nil {
		t.Fatal(err)
	}
	server.Kill()
	if err := write(s, "meanwhile"); !store.Rests(err) {
		t.Fatalf("a write without a database: %v", err)
	}
	if err := s.View(t.Context(), func(tx store.Tx) error { _, err := tx.Get("k", "before"); return err }); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Fatalf("a look without a database: %v", err)
	}
	if s.Trouble() == nil {
		t.Error("the store says nothing of its trouble")
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	for err := write(s, "after"); err != nil; err = write(s, "after") {
		if !store.Rests(err) {
			t.Fatal(err)
		}
	}
	if err := s.Trouble(); err != nil {
		t.Errorf("it works again and says %v", err)
	}
	<-news
	if err := s.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx store.Tx) error {
		if _, err := tx.Get("k", "before"); err != nil {
			return err
		}
		if size, err := tx.Size(); err != nil || size < 2 {
			t.Errorf("the log has %d events, %v", size, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Where the database has no connection left, whoever can read it is told so, nothing that
// was saved is lost, and all goes on by itself.
func TestADatabaseWithoutConnectionsIsWaitedFor(t *testing.T) {
	server := postgrestest.StartDurable(t, "-c", "max_connections=12", "-c", "fsync=off")
	s := open(t, server.Database(t))
	if err := write(s, "before"); err != nil {
		t.Fatal(err)
	}
	free, err := server.TakeConnections(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const sentence = "has no connection left: raise max_connections there"
	if err := write(s, "meanwhile"); !store.Rests(err) || !strings.Contains(err.Error(), sentence) {
		t.Errorf("a write: %v", err)
	}
	if err := s.View(t.Context(), func(store.Tx) error { return nil }); err == nil || !strings.Contains(err.Error(), sentence) {
		t.Errorf("a look: %v", err)
	}
	free()
	insist(t, s, "after")
	holds(t, s, "before", "after")
}

// What is the matter is said in its own words, once, and with what to do; all goes on by itself when it is over.
func TestWhatIsTheMatterIsSaid(t *testing.T) {
	for sentence, c := range map[string]struct{ begins, ends string }{
		"takes no writes, as a standby does: have store.dsn lead to the primary": {"ALTER DATABASE t1 SET default_transaction_read_only = on", "SET default_transaction_read_only = off; ALTER DATABASE t1 RESET default_transaction_read_only"},
		"doesn't let Latchkey in: see whether user and password":                 {"ALTER ROLE latchkey NOLOGIN", "ALTER ROLE latchkey LOGIN"},
	} {
		server := postgrestest.StartDurable(t, "-c", "fsync=off")
		dsn := server.Database(t)
		outside, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = outside.Close(context.Background()) })
		s := open(t, dsn)
		if err := write(s, "before"); err != nil {
			t.Fatal(err)
		}
		if _, err := outside.Exec(t.Context(), c.begins); err != nil {
			t.Fatal(err)
		}
		const end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'latchkey%' AND pid <> pg_backend_pid()"
		if _, err := outside.Exec(t.Context(), end); err != nil {
			t.Fatal(err)
		}
		said := ""
		for n := 0; n < 1000 && !strings.Contains(said, sentence); n++ { // the sessions that were there end first
			if err := write(s, fmt.Sprint("meanwhile ", n)); err != nil {
				said = err.Error()
			}
		}
		if strings.Count(said, sentence) != 1 || strings.Count(said, "the database ") != 1 || s.Trouble() == nil {
			t.Errorf("it says %q", said)
		}
		if _, err := outside.Exec(t.Context(), c.ends); err != nil {
			t.Fatal(err)
		}
		insist(t, s, "after")
		holds(t, s, "before", "after")
	}
}

// insist writes until it worked. Who was not answered may have written all the same.
func insist(t *testing.T, s store.Store, id string) {
	t.Helper()
	err := write(s, id)
	for store.Rests(err) {
		err = write(s, id)
	}
	if err != nil && !errors.Is(err, store.ErrConflict) {
		t.Error(err)
	}
}

// holds sees that a store has records, and in its log as many events at least.
func holds(t *testing.T, s *postgres.Store, ids ...string) {
	t.Helper()
	if err := s.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := s.View(t.Context(), func(tx store.Tx) error {
		for _, id := range ids {
			if _, err := tx.Get("k", id); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		size, err := tx.Size()
		if int(size) < len(ids) {
			t.Errorf("the log has %d events of %d", size, len(ids))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// When a standby takes over while two replicas write, all that was acknowledged is there,
// and both go on.
func TestAStandbyTakesOver(t *testing.T) {
	pair := postgrestest.StartPair(t)
	dsn := pair.Database(t)
	stores := []*postgres.Store{open(t, dsn), open(t, dsn)}
	var mu sync.Mutex
	var written []string
	write := func(s store.Store, id string) {
		insist(t, s, id)
		mu.Lock()
		defer mu.Unlock()
		written = append(written, id)
	}
	over := make(chan struct{})
	var all sync.WaitGroup
	for i, s := range stores {
		write(s, fmt.Sprint(i))
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-over:
					write(s, fmt.Sprintf("%d after", i))
					return
				default:
					write(s, fmt.Sprintf("%d-%d", i, n))
				}
			}
		})
	}
	begin := time.Now()
	if err := pair.FailOver(); err != nil {
		t.Error(err)
	}
	t.Log(time.Since(begin))
	close(over)
	all.Wait()
	t.Logf("%d writes", len(written))
	for _, s := range stores {
		holds(t, s, written...)
	}
}

// When the replica that seals is gone, another one does; when the session that listens
// is ended, nothing of what was said meanwhile is lost.
func TestAnotherReplicaSeals(t *testing.T) {
	server := postgrestest.Start(t)
	dsn := server.Database(t)
	first, second := open(t, dsn), open(t, dsn)
	for _, step := range []func(){
		func() {},
		func() { endSessions(t, dsn) },
		func() {
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
		},
	} {
		step()
		news, err := second.Wait(t.Context(), "news")
		if err != nil {
			t.Fatal(err)
		}
		for id := time.Now().String(); ; {
			if err := write(second, id); err == nil {
				break
			} else if !store.Rests(err) {
				t.Fatal(err)
			}
		}
		<-news
		if err := second.Sealed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// endSessions ends all sessions of a database but its own.
func endSessions(t *testing.T, dsn string) {
	t.Helper()
	do(t, dsn, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
}

// lines is a log that many write to.
type lines struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(b)
}

// The password is in no error and in no line of the log, whatever is wrong.
func TestThePasswordIsNowhere(t *testing.T) {
	const password = "k3yring-of-the-night-porter"
	for name, dsn := range map[string]string{
		"unreachable": "postgres://latchkey:" + password + "@127.0.0.1:1/latchkey?connect_timeout=1",
		"no server":   "postgres://latchkey:" + password + "@/latchkey?host=/nowhere",
		"no host":     "postgres://latchkey:" + password + "@nowhere.invalid/latchkey",
		"no URL":      "postgres://latchkey:" + password + "@[::1/latchkey?x=%zz",
		"no port":     "postgres://latchkey:" + password + "@db:port/latchkey",
		"words":       "host=db password=" + password + " port=x",
		"no TLS":      "postgres://latchkey:" + password + "@127.0.0.1:1/latchkey?sslmode=verify-full&sslrootcert=/nowhere",
	} {
		var log lines
		_, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err == nil {
			t.Errorf("%s: it opened", name)
			continue
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(e.Error(), password) {
				t.Errorf("%s: the error has the password: %v", name, e)
			}
		}
		if strings.Contains(log.String(), password) {
			t.Errorf("%s: the log has the password", name)
		}
		t.Logf("%s: %v", name, err)
	}
}

// A database that a newer version has laid out anew is refused, and stays as it is. None is
// laid out anew while an older version has it open.
func TestANewerLayoutIsRefused(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	older := open(t, dsn)
	do(t, dsn, `UPDATE latchkey_about SET value = '0' WHERE name = 'format'`)
	if _, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{}); !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), "stop all of them first") {
		t.Errorf("it is laid out anew under one that runs: %v", err)
	}
	if err := errors.Join(write(older, "goes on"), older.Close()); err != nil {
		t.Error(err)
	}
	do(t, dsn, `UPDATE latchkey_about SET value = '2' WHERE name = 'format'`)
	if _, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{}); !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v", err)
	}
}
