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
	Spare   int    // connections that the server has left for its users
	Faults  []error
}

// Inspect looks at the database and changes nothing.
func Inspect(ctx context.Context, s Settings) (found Inspection, err error) {
	dial, err := newDialer(s.DSN)
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
	err = conn.QueryRow(ctx, `
		SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
			- (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')`).Scan(&found.Spare)
	if err != nil {
		return found, dial.lost(err)
	}
	if need := or(s.Connections, connections); found.Spare < need {
		found.Faults = append(found.Faults, fmt.Errorf("the server has %d connections left, and a replica takes up to %d: raise max_connections there, or lower store.connections", found.Spare, need))
	}
	return found, nil
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
	found, err := Inspect(ctx, s)
	return found.Tables, err
}
