package postgres

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/postgres/rewrite"
)

// Shred implements store.Shredder. A table other than the log's that is large is left as it
// is, because nobody could write meanwhile: see ShredNow.
func (s *Store) Shred(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	err := s.dial.rewriting(ctx, s.patience, func(r *rewrite.Session) error { return r.Shred(ctx, rewrite.Small) })
	if err != nil && s.ctx.Err() != nil {
		return store.ErrClosed
	}
	return err
}

// ShredNow shreds large tables as well. Nobody can write meanwhile.
func ShredNow(ctx context.Context, s Settings) error {
	dial, err := newDialer(s.DSN)
	if err != nil {
		return err
	}
	return dial.rewriting(ctx, 10*rewritePatience, func(r *rewrite.Session) error { return r.Shred(ctx, math.MaxInt64) })
}

// rewriting runs fn in a session that writes tables anew.
func (d *dialer) rewriting(ctx context.Context, patience time.Duration, fn func(*rewrite.Session) error) error {
	open := func(ctx context.Context, settings map[string]string) (*pgx.Conn, error) {
		return d.session(ctx, settings)
	}
	r, err := rewrite.Begin(ctx, open, patience)
	if err == nil {
		defer r.End()
		err = fn(r)
	}
	switch {
	case err == nil, errors.Is(err, store.ErrOutstanding):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	case full(err) || state(err) != "" && broken(err):
		return d.lost(err)
	}
	return fmt.Errorf("the database %s: %s", d.name, d.brief(err))
}
