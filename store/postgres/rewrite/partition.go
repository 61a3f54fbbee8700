package rewrite

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
)

// Part is a partition of the log: events with consecutive places.
type Part struct {
	Table      string
	First, End uint64 // the place after the last one it has room for
	Tablespace string // "": that of the database
	Bytes      int64  // with its indexes
}

// Parts are all partitions, in order.
func (s *Session) Parts(ctx context.Context) ([]Part, error) { return Parts(ctx, s.conn) }

// Parts are all partitions, in order.
func Parts(ctx context.Context, conn *pgx.Conn) ([]Part, error) {
	rows, err := conn.Query(ctx, `
		SELECT c.relname::text, b[1]::bigint, b[2]::bigint, coalesce(t.spcname::text, ''), pg_total_relation_size(c.oid)
		FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace,
		regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \('(\d+)'\) TO \('(\d+)'\)$$) b
		WHERE i.inhparent = 'latchkey_event'::regclass ORDER BY 2`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Part, err error) {
		return p, row.Scan(&p.Table, &p.First, &p.End, &p.Tablespace, &p.Bytes)
	})
}

// Size is how many events have a place.
func (s *Session) Size(ctx context.Context) (uint64, error) { return Size(ctx, s.conn) }

// Size is how many events have a place.
func Size(ctx context.Context, db interface {
	QueryRow(context.Context, string, ...any) pgx.Row
}) (n uint64, err error) {
	err = db.QueryRow(ctx, `SELECT coalesce(max(place), 0) FROM latchkey_leaf`).Scan(&n)
	return n, err
}

// Unsampled are the columns of events of which the planner is to keep no samples.
func Unsampled(table string) string {
	return fmt.Sprintf(`ALTER TABLE %s ALTER COLUMN salt SET STATISTICS 0, ALTER COLUMN private SET STATISTICS 0`, table)
}

// rounds is how often a copy is begun anew because something was erased meanwhile.
const rounds = 5

var errOvertaken = errors.New("something was erased from it meanwhile")

// Partition writes one anew, in a tablespace. Whoever reads, and whoever erases, goes
// on while it is copied: nobody waits for more than the moment in which the copy takes
// its place. It has to be one that nothing is added to.
func (s *Session) Partition(ctx context.Context, p Part, tablespace string) error {
	if tablespace != "" && tablespace != p.Tablespace {
		if err := there(ctx, s.conn, tablespace); err != nil {
			return err
		}
	}
	for range rounds {
		err := s.within(ctx, func(tx pgx.Tx) error { return s.replace(ctx, tx, p, tablespace) })
		if !errors.Is(err, errOvertaken) {
			return err
		}
	}
	return fmt.Errorf("%w: %w", store.ErrOutstanding, errOvertaken)
}

// replace has a copy take the place of a partition, in one transaction.
// What is erased after it was compared is found in exchange.
func (s *Session) replace(ctx context.Context, tx pgx.Tx, p Part, tablespace string) error {
	if err := create(ctx, tx, p, tablespace); err != nil {
		return err
	}
	erased, err := erasures(ctx, tx, p)
	if err != nil {
		return err
	}
	if err := s.copy(ctx, tx, p); err != nil {
		return fmt.Errorf("copy %s: %w", p.Table, err)
	}
	if err := compare(ctx, tx, p); err != nil {
		if n, failed := erasures(ctx, tx, p); failed == nil && n != erased {
			return errOvertaken // that is the difference
		}
		return err
	}
	return s.insist(ctx, func(ctx context.Context) error {
		if err := s.older(ctx); err != nil {
			return err
		}
		return pgx.BeginFunc(ctx, tx, func(point pgx.Tx) error { return exchange(ctx, point, p, erased) })
	})
}

// made is what the copy is called until it takes the old one's place.
const made = "latchkey_rewritten"

// create makes an empty partition. That it holds places of these only is said of it, so
// that nobody has to look when it becomes one.
func create(ctx context.Context, tx pgx.Tx, p Part, tablespace string) error {
	if _, err := tx.Exec(ctx, `SELECT set_config('default_tablespace', $1, true)`, tablespace); err != nil {
		return err
	}
	for _, sql := range []string{
		fmt.Sprintf(`CREATE TABLE `+made+` (LIKE latchkey_event INCLUDING ALL, CONSTRAINT latchkey_within CHECK (place >= %d AND place < %d))`, p.First, p.End),
		Unsampled(made),
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// erasures is how often something was erased from it since it was written.
func erasures(ctx context.Context, tx pgx.Tx, p Part) (n int64, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*) FROM latchkey_erased WHERE place >= $1 AND place < $2`, int64(p.First), int64(p.End)).Scan(&n)
	return n, err
}

// exchange has the copy take the old one's place, unless something was erased from that meanwhile.
func exchange(ctx context.Context, tx pgx.Tx, p Part, erased int64) error {
	if _, err := tx.Exec(ctx, `LOCK TABLE ONLY latchkey_event IN ACCESS EXCLUSIVE MODE; LOCK TABLE `+p.Table+` IN ACCESS EXCLUSIVE MODE`); err != nil {
		return err
	}
	if n, err := erasures(ctx, tx, p); err != nil || n != erased {
		return errors.Join(err, errOvertaken)
	}
	_, err := tx.Exec(ctx, fmt.Sprintf(`
		ALTER TABLE latchkey_event DETACH PARTITION %[1]s;
		DROP TABLE %[1]s;
		ALTER TABLE `+made+` RENAME TO %[1]s;
		ALTER TABLE latchkey_event ATTACH PARTITION %[1]s FOR VALUES FROM (%[2]d) TO (%[3]d);
		ALTER TABLE %[1]s DROP CONSTRAINT latchkey_within;
		DELETE FROM latchkey_erased WHERE place >= %[2]d AND place < %[3]d`, p.Table, p.First, p.End))
	return err
}
