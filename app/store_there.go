package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"latchkey/config"
)

// HasStore tells whether there is a store: the bot ran here before.
func HasStore(c *config.Config) bool { return storeThere(c) == nil }

// storeThere keeps commands that only read from making an empty store where
// there is none.
func storeThere(c *config.Config) error {
	file := storeFile(c)
	if file == "" {
		return databaseThere(c)
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store at %s: run this where the bot runs, or name its configuration with --config", file)
	}
	return nil
}
