package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/postgres/pipeline"
)

// batch is what the updates of one group share, or what one view has for itself.
type batch struct {
	ctx      context.Context
	to       *pipeline.Pipeline
	writable bool
	wary     bool // nothing is held back and nothing taken for granted

	writes   int             // rows and statements that change something
	failed   error           // the first error of the database: the transaction is over then
	appended bool            // an entry of the log was written
	notices  map[string]bool // topics to wake once it is committed

	living  map[string]bool        // tasks that are known to be there
	ends    map[access.Subject]end // of chains, where they are known
	repeats repeats
}

// newBatch is a transaction that has begun. A wary one sends every write at once, so that each
// call of a group learns how its own went.
func newBatch(ctx context.Context, db pipeline.Database, wary bool, r repeats) *batch {
	return &batch{ctx: ctx, to: pipeline.New(db, !wary), writable: true, wary: wary,
		living: map[string]bool{}, ends: map[access.Subject]end{}, repeats: r}
}

// newView is a transaction that only reads.
func newView(ctx context.Context, db pipeline.Database) *batch {
	return &batch{ctx: ctx, to: pipeline.New(db, false)}
}

// The parts of the database, as far as what is written to one doesn't show in another.
const (
	records = "record"
	tasks   = "task"
	entries = "entry"
	chains  = "chain" // their ends are known before they are written
	leases  = "lease"
)

// row is the key of a row, whose parts are told apart by NUL, which is in none.
func row(key ...string) string { return strings.Join(key, "\x00") }

// of is a part, or a row of it.
func of(table string, key ...string) pipeline.Part {
	return pipeline.Part{Table: table, Key: row(key...)}
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
	if err == nil {
		return nil
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

// late tells the error of a write that was sent together with others: whose it is, the group
// finds out by running again.
func late(err error) bool {
	var l *pipeline.Late
	return errors.As(err, &l)
}

// ask asks, unless the transaction is over.
func (h *handle) ask(about pipeline.Part, read func(pgx.Rows) error, sql string, args []any) error {
	if h.failed != nil {
		return h.note(h.failed)
	}
	return h.note(h.to.Ask(h.ctx, about, pipeline.Question{SQL: sql, Args: args, Read: read}))
}

// put writes a row of a table by a statement that fails unless it does what is taken for
// granted. It is held back until something has to see it.
func (h *handle) put(s pipeline.Statement, key string, values ...any) error {
	if h.failed != nil {
		return h.note(h.failed)
	}
	h.writes++
	return h.note(h.to.Write(h.ctx, s, key, values...))
}

// settle sends what is held, so that it shows whether it can be written.
func (h *handle) settle() {
	if h.failed == nil {
		_ = h.note(h.to.Send(h.ctx)) // it is kept
	}
}

// change runs a statement that changes something, at once, and gives how many rows it changed.
func (h *handle) change(sql string, args ...any) (n int64, err error) {
	h.writes++
	err = h.ask(pipeline.Part{}, func(rows pgx.Rows) error {
		rows.Close()
		n = rows.CommandTag().RowsAffected()
		return rows.Err()
	}, sql, args)
	return n, err
}

// one reads one row. Absent: store.ErrNotFound.
func (h *handle) one(about pipeline.Part, sql string, args []any, into ...any) error {
	found := false
	err := h.ask(about, func(rows pgx.Rows) error {
		if found = rows.Next(); found {
			return rows.Scan(into...)
		}
		return nil
	}, sql, args)
	if err == nil && !found {
		return store.ErrNotFound
	}
	return err
}

// seen reads a row on account of which nothing was written. The database doesn't take
// ON CONFLICT DO NOTHING for reading it: whoever takes the row away at the same time, and
// doesn't see what else is written here, would stand in nobody's way.
func (h *handle) seen(about pipeline.Part, sql string, args ...any) error {
	var one int
	err := h.one(about, sql, args, &one)
	if errors.Is(err, store.ErrNotFound) {
		return nil // it is this transaction's own, or was taken away by it
	}
	return err
}

// all reads rows.
func all[T any](h *handle, about pipeline.Part, scan func(pgx.Rows) (T, error), sql string, args ...any) (found []T, err error) {
	err = h.ask(about, func(rows pgx.Rows) error {
		for rows.Next() {
			one, err := scan(rows)
			if err != nil {
				return err
			}
			found = append(found, one)
		}
		return nil
	}, sql, args)
	if err != nil {
		return nil, err
	}
	return found, nil
}

// single reads one row. Absent: store.ErrNotFound.
func single[T any](h *handle, about pipeline.Part, scan func(pgx.Rows) (T, error), sql string, args ...any) (found T, err error) {
	rows, err := all(h, about, scan, sql, args...)
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
