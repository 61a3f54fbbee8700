package postgres

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/store"
)

// params are what a session has of its own. They are made after it was opened, because a pooler takes few
// from the beginning: it refuses the others, or leaves them out without a word, if it is told to.
type params map[string]string

// fromTheBeginning are those that are no settings of a session, or that a pooler takes.
var fromTheBeginning = []string{"application_name", "options"}

// everybody's settings. How isolated a transaction is it says itself.
func common() params {
	return params{
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
	}
}

// with are the settings and others, which come first.
func (p params) with(others params) params {
	all := maps.Clone(p)
	maps.Copy(all, others)
	return all
}

// moved takes those of an address that a pooler might not take.
func moved(c *pgconn.Config) params {
	all := params{}
	for name, is := range c.RuntimeParams {
		if !slices.Contains(fromTheBeginning, name) {
			all[name] = is
			delete(c.RuntimeParams, name)
		}
	}
	return all
}

// set makes the settings of a session and sees, with the next question, that they have stayed and whose session
// of the server it is.
func (p params) set(ctx context.Context, conn *pgconn.PgConn) (backend string, err error) {
	var put, get []string
	var args, names [][]byte
	for _, name := range slices.Sorted(maps.Keys(p)) {
		args = append(args, []byte(name), []byte(p[name]))
		put = append(put, fmt.Sprintf("set_config($%d, $%d, false)", len(args)-1, len(args)))
		names = append(names, []byte(name))
		get = append(get, fmt.Sprintf("current_setting($%d)", len(names)))
	}
	made, err := ask(ctx, conn, strings.Join(put, ", "), args)
	if err != nil {
		return "", err
	}
	is, err := ask(ctx, conn, strings.Join(append(get, "pg_backend_pid()"), ", "), names)
	if err != nil {
		return "", err
	}
	for i, name := range names {
		if is[i] != made[i] {
			return "", fmt.Errorf("%s is %s where %s was set", name, is[i], made[i])
		}
	}
	return is[len(names)], nil
}

// ask asks for one row of texts.
func ask(ctx context.Context, conn *pgconn.PgConn, what string, args [][]byte) (row []string, err error) {
	r := conn.ExecParams(ctx, "SELECT "+what, args, nil, nil, nil).Read()
	if r.Err != nil {
		return nil, r.Err
	}
	for _, field := range r.Rows[0] {
		row = append(row, string(field))
	}
	return row, nil
}

// unfit is a session that isn't as it has to be.
type unfit struct{ name, why string }

func (u *unfit) Error() string {
	return "the database " + u.name + " can't be worked with: " + u.why + "; Latchkey tries again by itself"
}

// Is makes it a store.ErrUnwritable.
func (*unfit) Is(target error) bool { return target == store.ErrUnwritable }

const (
	changing = "settings of a session don't stay as they were made (%v): what stands between, such as a pooler, has to keep each session for itself: set pool_mode = session for this database in pgbouncer.ini"
	sharing  = "a pooler stands before it that keeps no sessions, and hands each transaction to another one: set pool_mode = session for this database in pgbouncer.ini"
	crowded  = "a connection was made, and no answer came in %s: behind a pooler there may be no session left (see that default_pool_size in pgbouncer.ini is as large as store.connections of all replicas together)"
)

// fit makes a session what it has to be, and refuses one that can't be.
func (d *dialer) fit(ctx context.Context, conn *pgx.Conn, p params) error {
	within, cancel := context.WithTimeout(ctx, connecting)
	defer cancel()
	own := conn.PgConn()
	backend, err := p.set(within, own)
	switch {
	case err == nil:
		d.hosts.let(own.Conn().RemoteAddr())
		if pooled := backend != fmt.Sprint(own.PID()); pooled { // a pooler has numbers of its own for its sessions
			return d.prove(ctx, own)
		}
		return nil
	case ctx.Err() == nil && within.Err() != nil:
		return &unfit{d.name, fmt.Sprintf(crowded, connecting)}
	case state(err) == "" && !own.IsClosed():
		return &unfit{d.name, fmt.Sprintf(changing, err)}
	}
	return err
}

// proofs is how often it is tried to have a pooler give one's session to somebody else.
const proofs = 5

// prove sees, once, whether a session behind a pooler is kept while it is idle. Where that can't be seen it is left to the next one.
func (d *dialer) prove(ctx context.Context, conn *pgconn.PgConn) error {
	if !d.proven.CompareAndSwap(false, true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, connecting)
	defer cancel()
	kept, err := d.keepsSessions(ctx, conn)
	if err != nil || !kept {
		d.proven.Store(false)
	}
	if err == nil && !kept {
		return &unfit{d.name, sharing}
	}
	return nil
}

// keepsSessions tells whether a session is nobody else's while it is idle: whoever begins a transaction just then would get what
// it used.
func (d *dialer) keepsSessions(ctx context.Context, conn *pgconn.PgConn) (kept bool, err error) {
	other, err := d.connect(ctx)
	if err != nil {
		return false, err
	}
	defer hangUp(other)
	kept = true
	for n := 0; n < proofs && kept && err == nil; n++ {
		kept, err = keeps(ctx, conn, other.PgConn())
	}
	return kept, err
}

// keeps tells whether a session stays the same while another one is in a transaction.
func keeps(ctx context.Context, conn, other *pgconn.PgConn) (bool, error) {
	before, err := ask(ctx, conn, "pg_backend_pid()", nil)
	if err != nil {
		return false, err
	}
	switch err := other.Exec(ctx, "begin").Close(); {
	case state(err) == "08P01": // a pooler that hands out single statements lets nobody begin
		return false, nil
	case err != nil:
		return false, err
	}
	defer func() { _ = other.Exec(ctx, "rollback").Close() }() // there is nothing to roll back
	theirs, err := ask(ctx, other, "pg_backend_pid()", nil)
	if err != nil || theirs[0] == before[0] {
		return false, err
	}
	after, err := ask(ctx, conn, "pg_backend_pid()", nil)
	return err == nil && after[0] == before[0], err
}
