package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"latchkey/store"
	"latchkey/store/tree"
)

//go:embed migrations/*.sql
var migrations embed.FS

// format numbers the layout of the tables. It is raised when what is there can't be
// read by a version of before, which then refuses to start; until it is, versions may
// be mixed.
const format = 1

// migrate brings the tables up to date, one replica at a time, and gives how many
// leaves the subtrees have that this database keeps ready.
func migrate(ctx context.Context, dial *dialer, opts Options) (stretch uint64, err error) {
	db := stdlib.OpenDB(*dial.config.ConnConfig)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.PingContext(ctx); err != nil {
		return 0, dial.lost(err)
	}
	if err := refuseNewer(ctx, db, dial); err != nil {
		return 0, err
	}
	steps, err := provider(db)
	if err != nil {
		return 0, err
	}
	if _, err := steps.Up(ctx); err != nil {
		return 0, fmt.Errorf("the tables in the database %s can't be brought up to date; its user has to own them and may create tables in its schema: %s", dial.name, brief(err))
	}
	return settled(ctx, db, opts)
}

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60), lock.WithUnlockTimeout(1, 10))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(one), goose.WithTableName("latchkey_migration"), goose.WithLogger(goose.NopLogger()))
}

// refuseNewer refuses a database whose layout only a newer version can read.
func refuseNewer(ctx context.Context, db *sql.DB, dial *dialer) error {
	var there bool
	if err := db.QueryRowContext(ctx, `SELECT to_regclass('latchkey_about') IS NOT NULL`).Scan(&there); err != nil || !there {
		return err
	}
	var is int
	if err := db.QueryRowContext(ctx, `SELECT value::int FROM latchkey_about WHERE name = 'format'`).Scan(&is); err != nil {
		return fmt.Errorf("the database %s does not say how its tables are laid out: %s", dial.name, brief(err))
	}
	if is > format {
		return fmt.Errorf("the database %s has layout %d, this latchkey reads up to %d: start the newer release: %w", dial.name, is, format, store.ErrNewer)
	}
	return nil
}

// settled keeps what a database is made with, and gives it.
func settled(ctx context.Context, db *sql.DB, opts Options) (uint64, error) {
	made := strconv.Itoa(or(opts.Stretch, tree.Stretch))
	if _, err := db.ExecContext(ctx, `INSERT INTO latchkey_about VALUES ('stretch', $1) ON CONFLICT DO NOTHING`, made); err != nil {
		return 0, err
	}
	var is string
	if err := db.QueryRowContext(ctx, `SELECT value FROM latchkey_about WHERE name = 'stretch'`).Scan(&is); err != nil {
		return 0, err
	}
	return strconv.ParseUint(is, 10, 32)
}
