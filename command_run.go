package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"latchkey/bot"
)

func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no %q; see latchkey %s --help", c.Name(), args[0], c.Name())}
	}
	return nil
}

func runCommand() *cobra.Command {
	c := &cobra.Command{Use: "run", Short: "Run the bot against the configured services", Args: noArgs}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		if err := config.RequireSecrets(); err != nil {
			return err
		}
		return serve(c.Context(), config, Seams{})
	}
	return c
}

// serve runs the bot until ctx ends.
func serve(ctx context.Context, config *Config, seams Seams) error {
	app, err := Open(ctx, config, seams)
	if err != nil {
		return err
	}
	return errors.Join(app.Run(ctx), app.Close())
}

func manifestCommand() *cobra.Command {
	c := &cobra.Command{Use: "manifest", Short: "Print the Slack app manifest to paste", Args: noArgs}
	command := c.Flags().String("command", bot.DefaultCommand, "the slash command, as under slack.command")
	c.RunE = func(c *cobra.Command, _ []string) error {
		text, err := bot.Manifest(*command)
		if err != nil {
			return err
		}
		_, err = c.OutOrStdout().Write(text)
		return err
	}
	return c
}
