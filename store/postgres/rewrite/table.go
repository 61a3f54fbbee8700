package rewrite

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
)

// Small is how large a table may be that is written anew while nobody can use it, in bytes with
// its indexes: it takes about a second.
const Small = 256 << 20

// kept is a table, and its columns that can hold what names somebody.
type kept struct {
	table   string
	columns []string
}

func tables() []kept {
	return []kept{
		{"latchkey_unsealed", []string{"salt", "private"}},
		{"latchkey_task", []string{"payload", "problem"}},
		{"latchkey_key", []string{"key"}},
		{"latchkey_record", []string{"keys", "body"}},
	}
}

// vacuum has the database write a table anew. Who wants to use it waits for that.
func (s *Session) vacuum(ctx context.Context, table string, most int64) error {
	var bytes int64
	if err := s.conn.QueryRow(ctx, `SELECT pg_total_relation_size($1::text::regclass)`, table).Scan(&bytes); err != nil {
		return err
	}
	if bytes > most {
		return fmt.Errorf("%w: it has %d MB, and nobody could write while it is written anew: do it at a quiet hour, with latchkey store shred --now", store.ErrOutstanding, bytes>>20)
	}
	return s.insist(ctx, func(ctx context.Context) error {
		if err := s.older(ctx); err != nil {
			return err
		}
		if most <= Small {
			defer func() { _, _ = s.conn.Exec(context.WithoutCancel(ctx), `SET statement_timeout = 0`) }() // a session that is gone says so at its next statement
			if _, err := s.conn.Exec(ctx, `SET statement_timeout = '4s'`); err != nil {
				return err
			}
		}
		_, err := s.conn.Exec(ctx, `VACUUM (FULL) `+table)
		return err
	})
}

// forgetSamples has the planner forget what it knows of such columns, in a moment: a column that is
// said once more to be of its type has no samples. The samples are rows of the database's own.
func (s *Session) forgetSamples(ctx context.Context, of kept) error {
	var there bool
	err := s.conn.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM pg_stats WHERE schemaname = current_schema() AND attname = ANY($2)
		AND (tablename = $1::text OR $1 = 'latchkey_event' AND tablename LIKE 'latchkey\_event\_%'))`, of.table, of.columns).Scan(&there)
	if err != nil || !there {
		return err
	}
	types := map[string]string{"keys": "bytea[]"}
	var changes []string
	for _, c := range of.columns {
		is := types[c]
		if is == "" {
			is = "bytea"
		}
		changes = append(changes, fmt.Sprintf("ALTER COLUMN %[1]s SET STATISTICS 0, ALTER COLUMN %[1]s TYPE %[2]s", c, is))
	}
	return s.insist(ctx, func(ctx context.Context) error {
		return s.within(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `
				INSERT INTO latchkey_about VALUES ('samples', 'to be cleared away') ON CONFLICT DO NOTHING;
				ALTER TABLE `+of.table+` `+strings.Join(changes, ", "))
			return err
		})
	})
}

// clearSamples takes them out of the file, too.
func (s *Session) clearSamples(ctx context.Context) error {
	var left, may bool
	err := s.conn.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM latchkey_about WHERE name = 'samples'), pg_has_role(datdba, 'USAGE')
		FROM pg_database WHERE datname = current_database()`).Scan(&left, &may)
	if err != nil || !left {
		return err
	}
	if !may {
		return fmt.Errorf("%w: only the owner of the database may write it anew: VACUUM (FULL) pg_statistic, and then DELETE FROM latchkey_about WHERE name = 'samples'", store.ErrOutstanding)
	}
	if err := s.mark(ctx); err != nil {
		return err
	}
	if err := s.vacuum(ctx, "pg_statistic", Small); err != nil {
		return err
	}
	_, err = s.conn.Exec(ctx, `DELETE FROM latchkey_about WHERE name = 'samples'`)
	return err
}
