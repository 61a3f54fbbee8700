package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"latchkey/config"
	"latchkey/store"
	"latchkey/store/postgres"
)

func openPostgres(ctx context.Context, s postgres.Settings, log *slog.Logger) (store.Store, error) {
	return postgres.Open(ctx, s, postgres.Options{Logger: log})
}

// databasePause is how long a database that can't be worked with is left alone before
// Latchkey tries again to begin.
const databasePause = 2 * time.Second

// waitForDatabase waits a moment if a store could not be opened because its database
// can't be worked with for now; false if it is no use to try again.
func waitForDatabase(ctx context.Context, err error, told bool, log *slog.Logger) bool {
	if !store.Rests(err) || errors.Is(err, store.ErrClosed) {
		return false
	}
	if !told {
		log.Error("the database is waited for", "error", err)
	}
	select {
	case <-time.After(databasePause):
		return true
	case <-ctx.Done():
		return false
	}
}

// databaseThere keeps commands that only read from making tables where there are none.
func databaseThere(c *config.Config) error {
	s, ok := c.Store.Settings.(postgres.Settings)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
	defer cancel()
	there, err := postgres.There(ctx, s)
	if err == nil && !there {
		err = errors.New("there is no store in the database that store.dsn names: start the bot once, or name its configuration with --config")
	}
	return err
}
