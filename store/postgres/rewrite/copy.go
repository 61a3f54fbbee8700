package rewrite

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
)

// copy fills the new table. Its rows are frozen: somebody who looks at the database
// as it was before sees them, too, and doesn't find the log empty there.
func (s *Session) copy(ctx context.Context, tx pgx.Tx, p Part) error {
	from, err := s.open(ctx, map[string]string{"statement_timeout": "0"})
	if err != nil {
		return err
	}
	defer func() { _ = from.Close(context.WithoutCancel(ctx)) }() // it has only read
	r, w := io.Pipe()
	read := make(chan error, 1)
	go func() {
		_, err := from.PgConn().CopyTo(ctx, w, `COPY (SELECT * FROM `+p.Table+` ORDER BY place) TO STDOUT (FORMAT binary)`)
		read <- errors.Join(err, w.CloseWithError(err))
	}()
	_, err = tx.Conn().PgConn().CopyFrom(ctx, r, `COPY `+made+` FROM STDIN (FORMAT binary, FREEZE)`)
	return errors.Join(err, r.CloseWithError(err), <-read)
}

// compare fails unless the copy has what it is a copy of, and in it the leaves of the log.
func compare(ctx context.Context, tx pgx.Tx, p Part) error {
	old, err := sum(ctx, tx, p.Table)
	if err != nil {
		return err
	}
	copied, err := sum(ctx, tx, made)
	if err != nil {
		return err
	}
	if copied != old {
		return fmt.Errorf("a copy of %s differs from it: it stays as it is", p.Table)
	}
	var right int64
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM `+made+` e JOIN latchkey_leaf l ON l.place = e.place AND l.leaf = e.leaf`).Scan(&right); err != nil {
		return err
	}
	if right != copied.rows {
		return fmt.Errorf("%d events in %s are not those of the log's leaves: it stays as it is, and latchkey evidence verify says which", copied.rows-right, p.Table)
	}
	_, err = tx.Exec(ctx, `ANALYZE `+made)
	return err
}

// total is what two tables with the same rows have in common.
type total struct {
	rows int64
	hash string
}

func sum(ctx context.Context, tx pgx.Tx, table string) (t total, err error) {
	err = tx.QueryRow(ctx, `SELECT count(*), coalesce(sum(hash_record_extended(e, 0)), 0)::text FROM `+table+` e`).Scan(&t.rows, &t.hash)
	return t, err
}
