package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"latchkey/config"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/workflow/retention"
)

// LogPart is a part of the log: where it is kept, and how old it is.
type LogPart = retention.Part

// LogParts are the parts in which a database keeps the log. The bot may run.
func LogParts(ctx context.Context, c *config.Config) (all []LogPart, err error) {
	err = withParts(ctx, c, func(s *postgres.Store) error {
		all, err = retention.Parts(ctx, s, s, retentionTerms(c), time.Now())
		return err
	})
	return all, err
}

// MoveLogParts moves those that are old, and says which. The bot may run.
func MoveLogParts(ctx context.Context, c *config.Config, moved func(LogPart)) error {
	terms := retentionTerms(c)
	if terms.After == 0 {
		return errors.New("store.retention doesn't say which events are old and where those are kept: write for example retention: {after: 730d, tablespace: cold}")
	}
	return withParts(ctx, c, func(s *postgres.Store) error {
		return retention.Move(ctx, s, s, terms, time.Now(), moved)
	})
}

func withParts(ctx context.Context, c *config.Config, fn func(*postgres.Store) error) (err error) {
	settings, ok := c.Store.Settings.(postgres.Settings)
	if !ok {
		return fmt.Errorf("the store is of the type %s: only postgres keeps the log in parts that can be moved", c.Store.Type)
	}
	if err := storeThere(c); err != nil {
		return err
	}
	s, err := postgres.Open(ctx, settings, postgres.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return fn(s)
}

// ShredStore takes what was erased out of the store's files, out of large tables as well if now: nobody can write
// meanwhile. A bot may run on a database, and on no other store.
func ShredStore(ctx context.Context, c *config.Config, now bool) (err error) {
	if err := storeThere(c); err != nil {
		return err
	}
	settings, ok := c.Store.Settings.(postgres.Settings)
	if now && ok {
		return postgres.ShredNow(ctx, settings)
	}
	s, err := backends().openStore(ctx, c.Store, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if sh, ok := s.(store.Shredder); ok {
		return sh.Shred(ctx)
	}
	return nil
}
