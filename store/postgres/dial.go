package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
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
}

// connecting is how long it may take to connect.
const connecting = 10 * time.Second

func newDialer(dsn value.Secret) (*dialer, error) {
	c, err := pgxpool.ParseConfig(dsn.Current())
	if err != nil {
		return nil, errors.New("store.dsn can't be read: it has to be a URL such as postgres://latchkey@db.example.com/latchkey?sslmode=verify-full, with the password in it or in PGPASSWORD or ~/.pgpass")
	}
	c.ConnConfig.ConnectTimeout, c.ConnConfig.DialFunc = connecting, dialPath
	for name, is := range map[string]string{
		"application_name": "latchkey",
		// A small table is not read as a whole: a serializable transaction that did
		// would conflict with every other.
		"enable_seqscan": "off",
		// Whoever stops in the middle of a write holds nobody up for longer.
		"idle_in_transaction_session_timeout": "3s",
		"lock_timeout":                        "5s",
		"statement_timeout":                   "60s",
		// Whoever's machine is gone, and said nothing, is let go of in half a minute, not in two hours.
		"tcp_keepalives_idle":     "15",
		"tcp_keepalives_interval": "5",
		"tcp_keepalives_count":    "3",
	} {
		c.ConnConfig.RuntimeParams[name] = is
	}
	d := &dialer{dsn: dsn, config: c, name: nameOf(c.ConnConfig)}
	c.BeforeConnect = d.renew
	return d, nil
}

// renew takes up a password that was replaced in its file.
func (d *dialer) renew(_ context.Context, c *pgx.ConnConfig) error {
	if now, err := pgxpool.ParseConfig(d.dsn.Current()); err == nil {
		c.Password = now.ConnConfig.Password
	}
	return nil
}

func nameOf(c *pgx.ConnConfig) string {
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// session is a connection of its own, with some settings that differ.
func (d *dialer) session(ctx context.Context, params map[string]string) (*pgx.Conn, error) {
	c := d.config.ConnConfig.Copy()
	if err := d.renew(ctx, c); err != nil {
		return nil, err
	}
	for name, is := range params {
		c.RuntimeParams[name] = is
	}
	conn, err := pgx.ConnectConfig(ctx, c)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, d.lost(err)
	}
	return conn, nil
}

// pool is for views. They may take their time.
func (d *dialer) pool(ctx context.Context, most int) (*pgxpool.Pool, error) {
	c := d.config.Copy()
	c.MaxConns, c.MinConns = int32(most), 0
	c.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
	c.ConnConfig.RuntimeParams["statement_timeout"] = "0"
	p, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, d.lost(err)
	}
	return p, nil
}

// lost is the error of a database that can't be worked with. It is a
// store.ErrUnwritable, or a store.ErrFull where the database has no room.
func (d *dialer) lost(err error) error {
	if errors.Is(err, store.ErrUnwritable) || errors.Is(err, store.ErrFull) {
		return err // it is said already
	}
	if full(err) {
		return fmt.Errorf("nothing was saved: there is no room left for the database %s; free some disk space, Latchkey goes on by itself: %w (%s)", d.name, store.ErrFull, d.brief(err))
	}
	return fmt.Errorf("the database %s %s; Latchkey tries again by itself: %w (%s)", d.name, remedy(state(err)), store.ErrUnwritable, d.brief(err))
}

// remedy says what is the matter with a database, by its code for that, and what to do.
func remedy(code string) string {
	switch {
	case code == "53300":
		return "has no connection left: raise max_connections there, or lower store.connections of each replica"
	case code == "25006":
		return "takes no writes, as a standby does: have store.dsn lead to the primary (target_session_attrs=read-write finds it), or let this one take writes"
	case strings.HasPrefix(code, "28"):
		return "doesn't let Latchkey in: see whether user and password of store.dsn are right, and whether that user may sign in"
	}
	return "can't be worked with: see that it runs and can be reached"
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
	if code == "" {
		return true // no answer of the database at all
	}
	switch code[:2] {
	case "08", "53", "57", "58", "XX": // connection, resources, intervention, system, internal
		return true
	}
	return code == "25P03" || code == "25006" // idle for too long; read-only: a standby
}
