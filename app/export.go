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
)

// Export opens the store by itself and writes out what it holds.
func Export(ctx context.Context, c *config.Config, w io.Writer, o evidence.ExportOptions) error {
	if err := storeThere(c); err != nil {
		return err
	}
	s, err := backends().openStore(ctx, c.Store, NewLogger(c, os.Stderr))
	if err != nil {
		return err
	}
	return errors.Join(evidence.Export(ctx, s, w, o), s.Close())
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
