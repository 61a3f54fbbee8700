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

func checkCommand() *cobra.Command {
	c := &cobra.Command{Use: "check", Short: "Check the configuration", Args: noArgs}
	path := configFlag(c)
	online := c.Flags().Bool("online", false, "also prove that the services answer and the tokens are right")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		if *online {
			if err := checkOnline(c.Context(), config); err != nil {
				return err
			}
		}
		apps := config.Catalog.Apps()
		roles := 0
		for _, a := range apps {
			roles += len(a.Roles)
		}
		fmt.Fprintf(c.OutOrStdout(), "%s is fine: %d apps, %d roles, %d governed groups.\n", config.Path, len(apps), roles, len(config.Catalog.Groups()))
		for _, m := range config.MissingSecrets {
			fmt.Fprintf(c.OutOrStdout(), "note: %s\n", m.Problem)
		}
		return nil
	}
	return c
}

// checkOnline greets every service as run does, without working.
func checkOnline(ctx context.Context, config *Config) error {
	if err := config.RequireSecrets(); err != nil {
		return err
	}
	a := &App{config: config, log: newLogger(config, os.Stderr)}
	if err := a.connect(ctx, Seams{}.withDefaults(config).Clock); err != nil {
		return err
	}
	var errs []error
	for _, hello := range []func(context.Context) error{a.greetSlack, a.greetJira, a.greetDirectories} {
		if err := hello(ctx); err != nil {
			errs = append(errs, errors.New(sentence(err)))
		}
	}
	return errors.Join(errs...)
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
