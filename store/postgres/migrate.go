package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"latchkey/store"
	"latchkey/store/tree"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// format numbers the layout of the tables. It is raised when what is there can't be
	// read by a version of before, which then refuses to start; until it is, versions
	// may be mixed.
	format = 1
	// newest is the last step of migrations.
	newest = 2
	// oldestServer is the first PostgreSQL that ends sessions that stand still.
	oldestServer = 140000
)

// standing is how a database stands.
type standing struct {
	server  int    // its version, as a number
	version string // the same for people
	tables  bool   // Latchkey's are there
	format  int
	step    int64 // the last migration that was made
	stretch uint64
}

// stand looks at a database and changes nothing.
func stand(ctx context.Context, conn *pgx.Conn) (is standing, err error) {
	err = conn.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version'), to_regclass('latchkey_about') IS NOT NULL`).
		Scan(&is.server, &is.version, &is.tables)
	if err != nil || !is.tables {
		return is, err
	}
	err = conn.QueryRow(ctx, `
		SELECT (SELECT value::int FROM latchkey_about WHERE name = 'format'), coalesce((SELECT value::bigint FROM latchkey_about WHERE name = 'stretch'), 0),
			(SELECT max(version_id) FROM latchkey_migration WHERE is_applied)`).Scan(&is.format, &is.stretch, &is.step)
	return is, err
}

// fits refuses a database that this version can't work with.
func (is standing) fits(name string) error {
	switch {
	case is.server < oldestServer:
		return fmt.Errorf("the database %s is PostgreSQL %s, and Latchkey needs 14 or newer", name, is.version)
	case is.format > format:
		return fmt.Errorf("the database %s has layout %d, this latchkey reads up to %d: start the newer release: %w", name, is.format, format, store.ErrNewer)
	}
	return nil
}

// migrate brings the tables up to date, one replica at a time, and gives how many
// leaves the subtrees have that this database keeps ready.
func migrate(ctx context.Context, dial *dialer, opts Options) (stretch uint64, err error) {
	conn, err := dial.session(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer hangUp(conn)
	is, err := stand(ctx, conn)
	if err != nil {
		return 0, dial.lost(err)
	}
	if err := is.fits(dial.name); err != nil {
		return 0, err
	}
	if is.tables && is.format < format {
		if err := nobodyElse(ctx, conn, dial.name); err != nil {
			return 0, err
		}
	}
	if is.step < newest {
		if err := bringUp(ctx, dial); err != nil {
			return 0, err
		}
	}
	if is.stretch == 0 {
		return settled(ctx, conn, dial, opts)
	}
	return is.stretch, nil
}

// nobodyElse refuses to lay out anew what replicas of an older version have open: they would
// go on and couldn't read it. The session keeps others out until it ends.
func nobodyElse(ctx context.Context, conn *pgx.Conn, name string) error {
	var free bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+openKey+`)`).Scan(&free); err != nil {
		return err
	}
	if !free {
		return fmt.Errorf("replicas of an older version have the database %s open, and this version lays its tables out anew: stop all of them first; it waits until then: %w", name, store.ErrInUse)
	}
	return nil
}

// bringUp makes the steps that are missing.
func bringUp(ctx context.Context, dial *dialer) (err error) {
	c := dial.config.ConnConfig.Copy()
	if err := dial.renew(ctx, c); err != nil {
		return err
	}
	db := stdlib.OpenDB(*c)
	defer func() { err = errors.Join(err, db.Close()) }()
	steps, err := provider(db)
	if err != nil {
		return err
	}
	if _, err := steps.Up(ctx); err != nil {
		return fmt.Errorf("the tables in the database %s can't be brought up to date; its user has to own them and may create tables in its schema: %s", dial.name, dial.brief(err))
	}
	return nil
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

// settled keeps what a database is made with, and gives it.
func settled(ctx context.Context, conn *pgx.Conn, dial *dialer, opts Options) (stretch uint64, err error) {
	made := strconv.Itoa(or(opts.Stretch, tree.Stretch))
	if _, err := conn.Exec(ctx, `INSERT INTO latchkey_about VALUES ('stretch', $1) ON CONFLICT DO NOTHING`, made); err != nil {
		return 0, dial.lost(err)
	}
	if err := conn.QueryRow(ctx, `SELECT value::bigint FROM latchkey_about WHERE name = 'stretch'`).Scan(&stretch); err != nil {
		return 0, dial.lost(err)
	}
	return stretch, nil
}
