package postgres_test

import (
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
	"latchkey/store/storetest"
)

// TestMain has the model play fewer histories than with the file: here each step goes to a server.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

func TestStore(t *testing.T) {
	server := postgrestest.Start(t)
	dsn := server.Database(t)
	if err := open(t, dsn).Close(); err != nil { // makes the tables
		t.Fatal(err)
	}
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		do(t, dsn, `TRUNCATE latchkey_record, latchkey_key, latchkey_task, latchkey_lease, latchkey_chain, latchkey_unsealed, latchkey_log,
			latchkey_event, latchkey_leaf, latchkey_subtree, latchkey_erased RESTART IDENTITY`)
		first := open(t, dsn)
		return storetest.Backend{
			Store: first,
			Reopen: func(t *testing.T) store.Store {
				if err := first.Close(); err != nil {
					t.Fatal(err)
				}
				return open(t, dsn)
			},
			Beside: func(t *testing.T) store.Store { return open(t, dsn) },
			Holds:  server.Holds,
		}
	})
}

// do does something to a database, as an administrator can.
func do(t *testing.T, dsn, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err == nil {
		_, err = conn.Exec(t.Context(), sql)
		err = errors.Join(err, conn.Close(t.Context()))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// open opens a store that is closed when the test ends.
func open(t testing.TB, dsn string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Stretch: 4, Partition: 16})
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

// A tablespace that isn't there, or where the user may keep nothing, is found before anything is moved.
func TestInspectSaysWhereOldEventsCantBeKept(t *testing.T) {
	server := postgrestest.Start(t)
	dsn := server.Database(t)
	server.Elsewhere(t, "cold")
	do(t, dsn, `CREATE ROLE nobody LOGIN; GRANT CREATE ON SCHEMA public TO nobody`)
	for name, c := range map[string]struct{ dsn, to, want string }{
		"none":      {dsn, "nowhere", "it has no tablespace nowhere, to which store.retention moves old events: CREATE TABLESPACE nowhere"},
		"no right":  {strings.Replace(dsn, "latchkey@", "nobody@", 1), "cold", "the user nobody may keep nothing in the tablespace cold"},
		"all right": {dsn, "cold", ""},
	} {
		found, err := postgres.Inspect(t.Context(), postgres.Settings{DSN: value.NewSecret(c.dsn), Retention: postgres.Retention{After: time.Hour, To: c.to}})
		if err != nil {
			t.Fatal(err)
		}
		if said := errors.Join(found.Faults...); (said == nil) != (c.want == "") || said != nil && !strings.Contains(said.Error(), c.want) {
			t.Errorf("%s: %v", name, said)
		}
	}
}
