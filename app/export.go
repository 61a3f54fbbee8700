package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"latchkey/config"
	"latchkey/evidence"
	"latchkey/store"
)

// Export opens the store by itself and writes out what it holds. It gives the newest
// signed head of the log, if there is one.
func Export(ctx context.Context, c *config.Config, w io.Writer, o evidence.ExportOptions) (checkpoint string, err error) {
	if err := storeThere(c); err != nil {
		return "", err
	}
	s, err := backends().openStore(ctx, c.Store, NewLogger(c, os.Stderr))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := evidence.Export(ctx, s, w, o); err != nil {
		return "", err
	}
	return checkpointOf(ctx, s)
}

// checkpointOf is the newest signed head of a store's log; "" if there is none.
func checkpointOf(ctx context.Context, s store.Store) (checkpoint string, err error) {
	err = s.View(ctx, func(tx store.Tx) error {
		now, err := store.LoadAnchoring(tx)
		checkpoint = now.Checkpoint
		return err
	})
	return checkpoint, err
}

// HasStore tells whether there is a store: the bot ran here before.
func HasStore(c *config.Config) bool { return storeThere(c) == nil }

// storeThere keeps commands that only read from making an empty store where
// there is none.
func storeThere(c *config.Config) error {
	file := storeFile(c)
	if file == "" {
		return nil
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store at %s: run this where the bot runs, or name its configuration with --config", file)
	}
	return nil
}
