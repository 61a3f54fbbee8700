package postgres_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

func alone(dsn string) (*postgres.Store, error) {
	return postgres.Open(context.Background(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Alone: true})
}

// Of two hosts the first is there and doesn't answer any more: each session that is lost comes back by the other one, the
// one that listens, too. The address says how long a host is waited for.
func TestASilentHostIsPassedOver(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	p := pathTo(t, dsn)
	s := open(t, hostsOf(t, p.dsn, dsn)+"&connect_timeout=1")
	if err := write(s, "before"); err != nil {
		t.Fatal(err)
	}
	p.end(&p.dumb)
	insist(t, s, "after")
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for end := time.After(20 * time.Second); ; {
		var listens bool
		err := conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (query LIKE 'listen %' OR query LIKE '-- ping%'))`).Scan(&listens)
		if err != nil {
			t.Fatal(err)
		}
		if listens {
			break
		}
		select {
		case <-end:
			t.Fatal("no session listens")
		default:
		}
	}
	holds(t, s, "before", "after")
}

// hostsOf is an address that leads to the hosts of two.
func hostsOf(t *testing.T, dsns ...string) string {
	t.Helper()
	var hosts []string
	var last *url.URL
	for _, dsn := range dsns {
		at, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		hosts, last = append(hosts, at.Query().Get("host")), at
	}
	last.RawQuery = url.Values{"host": {strings.Join(hosts, ",")}}.Encode()
	return last.String()
}

// As long as a replica has a session in which it may write nobody has the database for themselves, though it
// lost the one that listens; and who was cut off altogether writes nothing beside one who has it.
func TestNobodyWritesBesideACopy(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	p := pathTo(t, dsn)
	s := open(t, p.dsn)
	if err := write(s, "before"); err != nil {
		t.Fatal(err)
	}
	p.cut()
	copies, err := alone(dsn)
	if !errors.Is(err, store.ErrInUse) {
		t.Fatalf("while a replica can write: %v", err)
	}
	p.end(&p.shut)
	for errors.Is(err, store.ErrInUse) { // the server has yet to find out
		copies, err = alone(dsn)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.restore()
	const sentence = "is being copied: wait until that is done"
	said := ""
	for n := 0; n < 1000 && !strings.Contains(said, sentence); n++ { // it rests between attempts
		err := write(s, "meanwhile")
		if err == nil {
			t.Fatal("written while somebody has the database for themselves")
		}
		if said = err.Error(); !store.Rests(err) {
			t.Fatal(err)
		}
	}
	if !strings.Contains(said, sentence) {
		t.Errorf("it says %q", said)
	}
	if err := copies.Close(); err != nil {
		t.Fatal(err)
	}
	insist(t, s, "after")
	holds(t, s, "before", "after")
}

// Whoever has the database for themselves and loses the session that keeps others out stops.
func TestACopyThatLosesItsLockStops(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	if err := open(t, dsn).Close(); err != nil {
		t.Fatal(err)
	}
	copies, err := alone(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer copies.Close()
	look := func() error {
		return copies.View(t.Context(), func(tx store.Tx) error { _, err := tx.Size(); return err })
	}
	if err := errors.Join(write(copies, "before"), look()); err != nil {
		t.Fatal(err)
	}
	do(t, dsn, `SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND objsubid = 1
		AND classid::bigint = (hashtextextended('latchkey store public', 0) >> 32) & 4294967295`)
	for what, err := range map[string]error{"a look": look(), "a write": write(copies, "after")} {
		if err == nil || !strings.Contains(err.Error(), "was lost, so somebody may have come in") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := write(open(t, dsn), "others come in"); err != nil {
		t.Error(err)
	}
	if err := look(); err == nil {
		t.Error("it goes on beside others")
	}
}

// Tables that were laid out anew while a replica was cut off are not written to by it.
func TestACutOffReplicaFindsANewLayout(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	s := open(t, dsn)
	if err := write(s, "before"); err != nil {
		t.Fatal(err)
	}
	do(t, dsn, `UPDATE latchkey_about SET value = '2' WHERE name = 'format'`)
	endSessions(t, dsn)
	const sentence = "start the newer release"
	said := ""
	for n := 0; n < 1000 && !strings.Contains(said, sentence); n++ {
		err := write(s, "meanwhile")
		if err == nil {
			t.Fatal("written into tables that it can't know")
		}
		said = err.Error()
	}
	if !strings.Contains(said, sentence) {
		t.Errorf("it says %q", said)
	}
}
