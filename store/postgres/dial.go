package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"latchkey/config/value"
	"latchkey/store"
)

// dialer opens sessions. What it says of itself, and every error that leaves it, is
// without the password.
type dialer struct {
	dsn    value.Secret
	config *pgxpool.Config
	name   string // of the database, for people
	params params // of each session
	hosts  hosts
	proven atomic.Bool // what stands before the database keeps sessions
}

func newDialer(dsn value.Secret) (*dialer, error) {
	c, err := readAddress(dsn.Current())
	if err != nil {
		return nil, err
	}
	at := &c.ConnConfig.Config
	d := &dialer{dsn: dsn, config: c, name: nameOf(c.ConnConfig), params: moved(at).with(common()), hosts: hosts{lookup: at.LookupFunc}}
	at.ConnectTimeout, at.DialFunc, at.LookupFunc = patience(at), dialPath, d.hosts.find
	at.RuntimeParams["application_name"] = "latchkey"
	c.BeforeConnect = d.renew
	return d, nil
}

// renew takes up a password that was replaced in its file, and has the host be tried first that let Latchkey in last.
func (d *dialer) renew(_ context.Context, c *pgx.ConnConfig) error {
	if now, err := pgxpool.ParseConfig(d.dsn.Current()); err == nil {
		c.Password = now.ConnConfig.Password
	}
	d.hosts.arrange(&c.Config)
	return nil
}

func nameOf(c *pgx.ConnConfig) string {
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// session is a connection of its own, with some settings that differ.
func (d *dialer) session(ctx context.Context, differing params) (*pgx.Conn, error) {
	conn, err := d.connect(ctx)
	if err == nil {
		if err = d.fit(ctx, conn, d.params.with(differing)); err == nil {
			return conn, nil
		}
		hangUp(conn)
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return nil, d.lost(err)
}

// connect opens a session that has no settings of its own.
func (d *dialer) connect(ctx context.Context) (*pgx.Conn, error) {
	c := d.config.ConnConfig.Copy()
	if err := d.renew(ctx, c); err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, c)
}

// pool is for views. They may take their time.
func (d *dialer) pool(ctx context.Context, most int) (*pgxpool.Pool, error) {
	c := d.config.Copy()
	c.MaxConns, c.MinConns = int32(most), 0
	c.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return d.fit(ctx, conn, d.params.with(params{"idle_in_transaction_session_timeout": "0", "statement_timeout": "0"}))
	}
	p, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, d.lost(err)
	}
	return p, nil
}

// lost is the error of a database that can't be worked with, or not now. It is a
// store.ErrUnwritable, or a store.ErrFull where the database has no room.
func (d *dialer) lost(err error) error {
	if errors.Is(err, store.ErrUnwritable) || errors.Is(err, store.ErrFull) {
		return err // it is said already
	}
	if errors.Is(err, store.ErrInUse) || errors.Is(err, store.ErrNewer) {
		return fmt.Errorf("%w: %w", err, store.ErrUnwritable)
	}
	if full(err) {
		return fmt.Errorf("nothing was saved: there is no room left for the database %s; free some disk space, Latchkey goes on by itself: %w (%s)", d.name, store.ErrFull, d.brief(err))
	}
	return fmt.Errorf("the database %s %s; Latchkey tries again by itself: %w (%s)", d.name, remedy(err), store.ErrUnwritable, d.brief(err))
}

// brief is an error in the database's words, without the password: there are poolers that repeat it.
func (d *dialer) brief(err error) string {
	secrets := &value.Secrets{}
	secrets.Keep(d.dsn.Current())
	secrets.Keep(d.config.ConnConfig.Password) // it may come from elsewhere
	if now, err := pgxpool.ParseConfig(d.dsn.Current()); err == nil {
		secrets.Keep(now.ConnConfig.Password)
	}
	return value.Without(secrets)(brief(err))
}

// brief is an error in the database's words, and never more of how it was reached than
// the address.
func brief(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Message + ", SQLSTATE " + pg.Code
	}
	var refused *pgconn.ConnectError
	if errors.As(err, &refused) {
		if cause := errors.Unwrap(refused); cause != nil {
			err = cause
		}
	}
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}

// state is the five characters by which PostgreSQL says what kind of error it is.
func state(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// full tells a want of room from other failures.
func full(err error) bool { return state(err) == "53100" }

// again tells whether a transaction is to be run once more: others stood in its way,
// and it left nothing.
func again(err error) bool {
	switch state(err) {
	case "40001", // serialization failure
		"40P01", // deadlock
		"55P03", // somebody held a lock for long
		"23505", // another one wrote the same key at the same time
		"0A000": // a statement was prepared before the tables were brought up to date
		return true
	}
	return false
}

// broken tells whether the session, or the database, is what failed.
func broken(err error) bool {
	code := state(err)
	switch code {
	case "":
		return true // no answer of the database at all
	case outOfMemory:
		return false // for this one; others may have what they need
	}
	switch code[:2] {
	case "08", "53", "57", "58", "XX": // connection, resources, intervention, system, internal
		return true
	}
	return code == "25P03" || code == "25006" // idle for too long; read-only: a standby
}

// hangUp ends a session of which nothing more is asked.
func hangUp(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // whatever it says, it is over
}
