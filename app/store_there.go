package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"latchkey/config"
	"latchkey/store"
)

// HasStore tells whether there is a store: the bot ran here before. It fails where nobody can tell.
func HasStore(c *config.Config) (bool, error) {
	if err := lacksAddress(c); err != nil {
		return false, err
	}
	file := storeFile(c)
	if file == "" {
		return databaseThere(c)
	}
	_, err := os.Stat(file)
	return !errors.Is(err, fs.ErrNotExist), nil
}

// lacksAddress names what lacks for the address of a database, if anything does: without it a command would work on
// whichever one PostgreSQL takes then.
func lacksAddress(c *config.Config) error {
	for _, lacking := range c.MissingSecrets {
		if lacking.Path == "store.dsn" {
			return &config.Error{File: c.Path, Faults: []config.Fault{lacking}}
		}
	}
	return nil
}

// storeThere keeps commands that only read from making an empty store where
// there is none.
func storeThere(c *config.Config) error {
	there, err := HasStore(c)
	switch file := storeFile(c); {
	case err != nil || there:
		return err
	case file == "":
		return errors.New("there is no store in the database that store.dsn names: start the bot once, or name its configuration with --config")
	default:
		return fmt.Errorf("there is no store at %s: run this where the bot runs, or name its configuration with --config", file)
	}
}

// SecretsToBegin fails if a bot can't begin without a secret that lacks. One that has begun before ends what is due, and one
// whose database can't be asked whether it has waits for that.
func SecretsToBegin(c *config.Config) error {
	lacking := c.RequireSecrets()
	if lacking == nil {
		return nil
	}
	if there, err := HasStore(c); there || store.Rests(err) {
		return nil
	}
	return lacking
}
