package rewrite

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"latchkey/store"
)

// sealedAtOnce is how far before its place an event may have been written by somebody who broke off.
const sealedAtOnce = 2000

// Shred writes everything anew that something was erased from or dropped of. Tables of more than so many
// bytes are left as they are. What can't be done now is a store.ErrOutstanding that names it;
// all the rest is done.
func (s *Session) Shred(ctx context.Context, most int64) error {
	var left outstanding
	if err := left.keep("the planner's samples", s.forgetSamples(ctx, kept{"latchkey_event", []string{"salt", "private"}})); err != nil {
		return err
	}
	parts, err := s.erased(ctx)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := left.keep(p.Table, s.shredPart(ctx, p, most)); err != nil {
			return err
		}
	}
	for _, of := range tables() {
		err := s.forgetSamples(ctx, of)
		if err == nil {
			err = s.vacuum(ctx, of.table, most)
		}
		if err := left.keep(of.table, err); err != nil {
			return err
		}
	}
	if err := left.keep("pg_statistic", s.clearSamples(ctx)); err != nil {
		return err
	}
	return left.err()
}

// erased are the partitions that something was erased from.
func (s *Session) erased(ctx context.Context) ([]Part, error) {
	all, err := s.Parts(ctx)
	if err != nil {
		return nil, err
	}
	var some []Part
	for _, p := range all {
		var is bool
		err := s.conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM latchkey_erased WHERE place >= $1 AND place < $2)`, int64(p.First), int64(p.End+sealedAtOnce)).Scan(&is)
		if err != nil {
			return nil, err
		}
		if is {
			some = append(some, p)
		}
	}
	return some, s.mark(ctx)
}

// shredPart writes a partition anew. One that is small, and that is still being added to, is
// written anew by the database.
func (s *Session) shredPart(ctx context.Context, p Part, most int64) error {
	last, err := Size(ctx, s.conn)
	if err != nil || last < p.First {
		return err
	}
	if last+1 < p.End && p.Bytes <= most {
		return s.vacuumPart(ctx, p, most)
	}
	if last+1 < p.End {
		if p, err = s.closed(ctx, p); err != nil {
			return err
		}
	}
	return s.Partition(ctx, p, p.Tablespace)
}

// vacuumPart drops those marks that were there before.
func (s *Session) vacuumPart(ctx context.Context, p Part, most int64) error {
	var upTo int64
	if err := s.conn.QueryRow(ctx, `SELECT coalesce(max(n), 0) FROM latchkey_erased`).Scan(&upTo); err != nil {
		return err
	}
	err := s.mark(ctx)
	if err == nil {
		err = s.vacuum(ctx, p.Table, most)
	}
	if err == nil {
		_, err = s.conn.Exec(ctx, `DELETE FROM latchkey_erased WHERE place >= $1 AND place < $2 AND n <= $3`, int64(p.First), int64(p.End), upTo)
	}
	return err
}

// outstanding is what couldn't be written anew.
type outstanding []string

// keep takes note of that, and passes on what is an error otherwise.
func (o *outstanding) keep(what string, err error) error {
	if !errors.Is(err, store.ErrOutstanding) {
		return err
	}
	*o = append(*o, what+": "+strings.TrimPrefix(err.Error(), store.ErrOutstanding.Error()+": "))
	return nil
}

func (o outstanding) err() error {
	if len(o) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", store.ErrOutstanding, strings.Join(o, "; "))
}
