// Package pipeline holds back what is to be written until something has to be answered, and
// sends both in one round trip. Rows that are written the same way become one statement. It
// knows no tables: who writes says what can be held back, and what a question has to see.
package pipeline

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const (
	// rowsHeld and bytesHeld bound what is held back.
	rowsHeld  = 2_000
	bytesHeld = 1 << 20
)

// Database is what is written to: a session, or a transaction in it.
type Database interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// Late is the error of a write that was sent later than it was made, with others: which of them
// failed is not known.
type Late struct{ Err error }

// Error implements error.
func (l *Late) Error() string { return l.Err.Error() }

// Unwrap is the database's error.
func (l *Late) Unwrap() error { return l.Err }

// Question is a statement whose answer is waited for.
type Question struct {
	SQL  string
	Args []any
	// Read takes the rows; nil if nothing in them matters.
	Read func(pgx.Rows) error
}

// Pipeline is the way to one transaction. It is not safe for concurrent use.
type Pipeline struct {
	db   Database
	hold bool
	held held
}

// New is a way to a transaction. Unless it is to hold writes back, each is sent at once, and its
// error is its own.
func New(db Database, hold bool) *Pipeline { return &Pipeline{db: db, hold: hold} }

// Write writes a row, now or with what is asked next. The statement has to fail if it does not
// do what its caller takes for granted. Values are parameters, or columns' values where the
// statement takes many rows.
func (p *Pipeline) Write(ctx context.Context, s Statement, key string, values ...any) error {
	p.held.add(s, key, values)
	if p.hold && p.held.rows < rowsHeld && p.held.bytes < bytesHeld {
		return nil
	}
	return p.Send(ctx)
}

// Ask asks about a part of the database. What is held is sent before, if it belongs to that part.
func (p *Pipeline) Ask(ctx context.Context, about Part, q Question) error {
	if p.held.touches(about) {
		return p.Send(ctx, q)
	}
	rows, err := p.db.Query(ctx, q.SQL, q.Args...)
	if err != nil {
		return err
	}
	return q.read(rows)
}

// Send sends everything that is held, and the questions behind it, in one round trip.
func (p *Pipeline) Send(ctx context.Context, behind ...Question) error {
	batch := &pgx.Batch{}
	p.held.moveTo(batch)
	before := batch.Len()
	for _, q := range behind {
		batch.Queue(q.SQL, q.Args...)
	}
	if batch.Len() == 0 {
		return nil
	}
	results := p.db.SendBatch(ctx, batch)
	err := p.receive(results, before, behind)
	if closed := results.Close(); err == nil {
		err = closed
	}
	return err
}

func (p *Pipeline) receive(results pgx.BatchResults, before int, behind []Question) error {
	for range before {
		if _, err := results.Exec(); err != nil {
			return p.late(err)
		}
	}
	for _, q := range behind {
		rows, err := results.Query()
		if err != nil {
			return err
		}
		if err := q.read(rows); err != nil {
			return err
		}
	}
	return nil
}

// late is the error of something that was held.
func (p *Pipeline) late(err error) error {
	if !p.hold {
		return err
	}
	return &Late{err}
}

func (q Question) read(rows pgx.Rows) (err error) {
	if q.Read != nil {
		err = q.Read(rows)
	}
	rows.Close()
	if err != nil {
		return err
	}
	return rows.Err()
}
