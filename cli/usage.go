package cli

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
)

// usageError marks wrong usage.
type usageError struct{ error }

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 && c.HasAvailableSubCommands() {
		return noCommand(c, args[0])
	}
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no %q; see latchkey %s --help", c.Name(), args[0], c.Name())}
	}
	return nil
}

func help(c *cobra.Command, _ []string) error { return c.Help() }

// configFlag adds --config to a command.
func configFlag(c *cobra.Command) *string {
	return c.Flags().String("config", "config.yaml", "configuration file")
}

// exampleFlag adds --config to a command that has a configuration of its own.
func exampleFlag(c *cobra.Command) *string {
	return c.Flags().String("config", "", "configuration file (default: the example that is built in)")
}

func load(path string) (*config.Config, error) {
	return config.Load(path, os.LookupEnv, app.Backends())
}

// parse is load for what was read already.
func parse(path string, source []byte) (*config.Config, error) {
	return config.Parse(path, source, os.LookupEnv, app.Backends())
}

// parsing is parse for one file.
func parsing(path string) func([]byte) (*config.Config, error) {
	return func(source []byte) (*config.Config, error) { return parse(path, source) }
}

// loadOr loads a file, or what is built in if none is named.
func loadOr(example []byte, path string) (*config.Config, error) {
	if path == "" {
		return parse("config.yaml", example)
	}
	return load(path)
}
