package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"latchkey/store/postgres/rewrite"
)

// Inspection is what an administrator should know of a database before Latchkey works
// on it.
type Inspection struct {
	Name    string // host, port and database
	Server  string // the version of PostgreSQL
	Tables  bool   // Latchkey's are there
	Pending int    // steps by which they will be brought up to date at the next start
	Room    string // how many connections are left, and for how many more replicas that is enough
	Faults  []error
	Notes   []string // what works, and may not for long, or not safely
	Locks   string   // what is wrong with the room for locks; "" if nothing is
}

// Inspect looks at the database and changes nothing.
func Inspect(ctx context.Context, s Settings) (found Inspection, err error) {
	dial, err := s.dialer()
	if err != nil {
		return found, err
	}
	found.Name = dial.name
	conn, err := dial.session(ctx, nil)
	if err != nil {
		return found, err
	}
	defer hangUp(conn)
	is, err := stand(ctx, conn)
	if err != nil {
		return found, dial.lost(err)
	}
	found.Server, found.Tables, found.Pending = is.version, is.tables, max(0, newest-int(is.step))
	if err := is.fits(dial.name); err != nil {
		found.Faults = append(found.Faults, err)
	}
	rights, err := lackingRights(ctx, conn, is)
	if err != nil {
		return found, dial.lost(err)
	}
	found.Faults = append(found.Faults, rights...)
	if to := s.Retention.To; to != "" {
		why, err := rewrite.Tablespace(ctx, conn, to)
		if err != nil {
			return found, dial.lost(err)
		}
		if why != "" {
			found.Faults = append(found.Faults, errors.New(why))
		}
	}
	if err := found.measure(ctx, conn, s); err != nil {
		return found, dial.lost(err)
	}
	if unproven(&dial.config.ConnConfig.Config) {
		found.Notes = append(found.Notes, "nobody makes sure that it is the database who answers, and the password goes to whoever does: write sslmode=verify-full in store.dsn, and sslrootcert=… if its certificate is from an authority of your own")
	}
	return found, nil
}

// measure looks how much room there is for connections and locks.
func (found *Inspection) measure(ctx context.Context, conn *pgx.Conn, s Settings) error {
	each, replicas := max(or(s.Connections, connections), fewestConnections), 0
	if found.Tables {
		var err error
		if replicas, err = presentNow(ctx, conn); err != nil {
			return err
		}
		if found.Locks, err = locks(ctx, conn, max(1, replicas)*(s.readers()+writers)); err != nil {
			return err
		}
	}
	left, err := roomFor(ctx, conn, each, replicas)
	if err != nil {
		return err
	}
	found.Room = left.says()
	if err := left.fault(each); err != nil {
		found.Faults = append(found.Faults, err)
	}
	if found.Locks != "" {
		found.Notes = append(found.Notes, found.Locks)
	}
	return nil
}

// lackingRights are those that the user of the database needs and doesn't have.
func lackingRights(ctx context.Context, conn *pgx.Conn, is standing) (faults []error, err error) {
	var user, schema string
	var standby, creates bool
	err = conn.QueryRow(ctx, `
		SELECT current_user, coalesce(current_schema(), ''), pg_is_in_recovery(), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)`).
		Scan(&user, &schema, &standby, &creates)
	if err != nil {
		return nil, err
	}
	if standby {
		faults = append(faults, errors.New("it is a standby, which takes no writes: name the primary, for example with several hosts and target_session_attrs=read-write in store.dsn"))
	}
	if schema == "" {
		faults = append(faults, fmt.Errorf("the user %s has no schema to keep its tables in: make one for it, or name one with ?search_path= in store.dsn", user))
	} else if !creates {
		faults = append(faults, fmt.Errorf("the user %s may not create tables in the schema %s: GRANT CREATE ON SCHEMA %s TO %s", user, schema, schema, user))
	}
	if !is.tables {
		return faults, nil
	}
	var others []string
	err = conn.QueryRow(ctx, `
		SELECT coalesce(array_agg(relname::text ORDER BY relname), '{}') FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND relname LIKE 'latchkey\_%' AND NOT pg_has_role(relowner, 'USAGE')`).Scan(&others)
	if err == nil && len(others) > 0 {
		faults = append(faults, fmt.Errorf("the tables %s are not the user %s's: ALTER TABLE … OWNER TO %s", strings.Join(others, ", "), user, user))
	}
	return faults, err
}

// There tells whether the database has Latchkey's tables.
func There(ctx context.Context, s Settings) (bool, error) {
	dial, err := s.dialer()
	if err != nil {
		return false, err
	}
	conn, err := dial.session(ctx, nil)
	if err != nil {
		return false, err
	}
	defer hangUp(conn)
	is, err := stand(ctx, conn)
	if err != nil {
		return false, dial.lost(err)
	}
	return is.tables, nil
}

// Holds tells whether the database has a record. It changes nothing, as opening it might.
func Holds(ctx context.Context, s Settings, kind, id string) (is bool, err error) {
	dial, err := s.dialer()
	if err != nil {
		return false, err
	}
	conn, err := dial.session(ctx, nil)
	if err != nil {
		return false, err
	}
	defer hangUp(conn)
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM latchkey_record WHERE kind = $1 AND id = $2)`, raw(kind), raw(id)).Scan(&is); err != nil {
		return false, dial.lost(err)
	}
	return is, nil
}
