package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/store"
)

// database is what a transaction asks: one of pgx, or the session it is in.
type database interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// batch is what the updates of one group share, or what one view has for itself.
type batch struct {
	ctx      context.Context
	db       database
	writable bool

	writes   int             // statements that change something
	failed   error           // the first error of the database: the transaction is over then
	appended bool            // an entry of the log was written
	notices  map[string]bool // topics to wake once it is committed
}

// notify keeps what a function that succeeded wants to be heard.
func (b *batch) notify(topics []string) {
	if b.notices == nil {
		b.notices = map[string]bool{}
	}
	for _, topic := range topics {
		b.notices[topic] = true
	}
}

// handle is the batch for the duration of one function. Each noun's part of the store
// works through it.
type handle struct {
	*batch
	over bool // the function has returned
}

func (h *handle) mayRead() error {
	if h.over {
		return store.ErrOver
	}
	return nil
}

func (h *handle) mayWrite() error {
	if !h.writable {
		return store.ErrReadOnly
	}
	return h.mayRead()
}

// note keeps the error that ended the transaction.
func (h *handle) note(err error) error {
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if h.failed == nil {
		h.failed = err
	}
	switch { // nobody is to make do without what couldn't be written: the function runs again
	case h.writable && again(h.failed):
		return fmt.Errorf("%w: %w", store.ErrConflict, err)
	case h.writable && broken(h.failed):
		return fmt.Errorf("%w: %w", store.ErrUnwritable, err)
	}
	return err
}

// change runs a statement that changes something and gives how many rows it changed.
func (h *handle) change(sql string, args ...any) (int64, error) {
	h.writes++
	tag, err := h.db.Exec(h.ctx, sql, args...)
	return tag.RowsAffected(), h.note(err)
}

// count runs a statement that changes something and says by itself how much.
func (h *handle) count(sql string, args ...any) (n int64, err error) {
	h.writes++
	err = h.note(h.db.QueryRow(h.ctx, sql, args...).Scan(&n))
	return n, err
}

// one reads one row. Absent: store.ErrNotFound.
func (h *handle) one(sql string, args []any, into ...any) error {
	err := h.note(h.db.QueryRow(h.ctx, sql, args...).Scan(into...))
	if errors.Is(err, pgx.ErrNoRows) {
		return store.ErrNotFound
	}
	return err
}

// seen reads a row on account of which nothing was written. The database doesn't take
// ON CONFLICT DO NOTHING for reading it: whoever takes the row away at the same time, and
// doesn't see what else is written here, would stand in nobody's way.
func (h *handle) seen(sql string, args ...any) error {
	var one int
	err := h.one(sql, args, &one)
	if errors.Is(err, store.ErrNotFound) {
		return nil // it is this transaction's own, or was taken away by it
	}
	return err
}

// all reads rows.
func all[T any](h *handle, scan func(pgx.Rows) (T, error), sql string, args ...any) ([]T, error) {
	rows, err := h.db.Query(h.ctx, sql, args...)
	if err != nil {
		return nil, h.note(err)
	}
	defer rows.Close()
	var found []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, h.note(err)
		}
		found = append(found, one)
	}
	return found, h.note(rows.Err())
}

// single reads one row. Absent: store.ErrNotFound.
func single[T any](h *handle, scan func(pgx.Rows) (T, error), sql string, args ...any) (found T, err error) {
	rows, err := all(h, scan, sql, args...)
	switch {
	case err != nil:
		return found, err
	case len(rows) == 0:
		return found, store.ErrNotFound
	}
	return rows[0], nil
}

func scanText(rows pgx.Rows) (string, error) {
	var b []byte
	err := rows.Scan(&b)
	return string(b), err
}

// raw is a text as it is kept: its bytes, never NULL.
func raw(text string) []byte { return append([]byte{}, text...) }

func raws(texts []string) [][]byte {
	out := make([][]byte, len(texts))
	for i, text := range texts {
		out[i] = raw(text)
	}
	return out
}

// solid is never NULL.
func solid(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// filled is nil for nothing.
func filled(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// most is a limit as the database takes it.
func most(limit int) int64 { return int64(max(limit, 0)) }

// tx is a batch for the duration of one function. It implements store.Tx: each part
// of that contract is a part here, and they share nothing but the handle.
type tx struct {
	handle
	recordTable
	eventLog
	taskQueue
	leaseTable
	notices []string // of this function
}

func newTx(b *batch) *tx {
	t := &tx{handle: handle{batch: b}}
	t.recordTable = recordTable{&t.handle}
	t.eventLog = eventLog{&t.handle}
	t.taskQueue = taskQueue{&t.handle}
	t.leaseTable = leaseTable{&t.handle}
	return t
}

// Notify implements store.Tx.
func (t *tx) Notify(topics ...string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	t.notices = append(t.notices, topics...)
	return nil
}
