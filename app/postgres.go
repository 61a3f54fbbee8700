package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"latchkey/config"
	jiracheck "latchkey/jira/check"
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
func (a *App) waitForDatabase(ctx context.Context, err error, told bool) bool {
	if !store.Rests(err) || errors.Is(err, store.ErrClosed) {
		return false
	}
	if !told {
		a.log.Error("the database is waited for", "error", err)
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

// inDatabase looks at the database that the store is in.
func (i *inspection) inDatabase(ctx context.Context) {
	s, ok := i.config.Store.Settings.(postgres.Settings)
	if !ok {
		return
	}
	found, err := postgres.Inspect(ctx, s)
	if err != nil {
		i.say(jiracheck.Fault, "here", "store", err.Error())
		return
	}
	for _, fault := range found.Faults {
		i.say(jiracheck.Fault, "here", "store", fmt.Sprintf("the database %s: %s", found.Name, fault))
	}
	if len(found.Faults) > 0 {
		return
	}
	tables := "its tables are up to date"
	switch {
	case !found.Tables:
		tables = "the first start makes the tables"
	case found.Pending > 0:
		tables = fmt.Sprintf("the next start brings its tables up to date (%d steps)", found.Pending)
	}
	i.say(jiracheck.Good, "here", "store", fmt.Sprintf("the database %s answers: PostgreSQL %s, %d connections left; %s", found.Name, found.Server, found.Spare, tables))
}
