package postgres_test

import (
	"testing"

	"go.uber.org/goleak"

	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
	"latchkey/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore(t *testing.T) {
	server := postgrestest.Start(t)
	fresh := server.Copies(t, prepared(t, server))
	storetest.Run(t, func(t *testing.T) storetest.Backend {
		dsn := fresh(t)
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
		}
	})
}

// prepared is a database with all tables, and nothing in them.
func prepared(t *testing.T, server *postgrestest.Server) string {
	dsn := server.Database(t)
	if err := open(t, dsn).Close(); err != nil {
		t.Fatal(err)
	}
	return dsn
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
