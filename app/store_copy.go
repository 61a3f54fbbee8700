package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"latchkey/config"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/store/copying"
	"latchkey/store/postgres"
)

// CopiedStore is a store that was copied into another one.
type CopiedStore struct {
	Inspected
	Records int `json:"records"`
	Tasks   int `json:"tasks"`
}

// CopyProgress is how far a copy has come.
type CopyProgress = copying.Progress

// CopyStore copies the store of one configuration into that of another one, which is
// empty or has a part of the same copy. Nobody may have either of them open. Both are
// read from beginning to end and compared afterwards.
func CopyStore(ctx context.Context, from, to *config.Config, say func(CopyProgress)) (made CopiedStore, err error) {
	if err := storeThere(from); err != nil {
		return made, err
	}
	source, err := openAlone(ctx, from.Store)
	if err != nil {
		return made, fmt.Errorf("the store to copy: %w", err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openAlone(ctx, to.Store)
	if err != nil {
		return made, fmt.Errorf("the store to copy into: %w", err)
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	done, err := copying.Copy(ctx, source, target, say)
	if errors.Is(err, copying.ErrNotEmpty) || errors.Is(err, copying.ErrPart) {
		return made, fmt.Errorf("%w; nothing was changed in it", err)
	}
	if err != nil {
		return made, fmt.Errorf("the copy was broken off, and goes on from there when it is begun again: %w", err)
	}
	v, err := evidence.Verify(ctx, target)
	made = CopiedStore{Records: done.Records, Tasks: done.Tasks,
		Inspected: Inspected{Events: v.Events, Log: v.Log, Root: v.Root, HeadEvent: v.HeadEvent, HeadAt: v.HeadAt, Head: v.Head, Broken: v.Broken}}
	return made, err
}

// openAlone opens a store that nobody else has open.
func openAlone(ctx context.Context, c config.Store) (store.Store, error) {
	log := slog.New(slog.DiscardHandler)
	if s, ok := c.Settings.(postgres.Settings); ok {
		return postgres.Open(ctx, s, postgres.Options{Logger: log, Alone: true})
	}
	return backends().openStore(ctx, c, log)
}

// refusePart keeps a bot from working on a part of a copy, and a command from telling of it.
func refusePart(ctx context.Context, s store.Store) error {
	part, err := copying.Unfinished(ctx, s)
	if err == nil && part {
		err = errors.New("the store is a part of a copy that was broken off: run latchkey store copy again first")
	}
	return err
}
