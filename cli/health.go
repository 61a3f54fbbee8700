package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

// answerTime is how long the bot may take to say how it is.
const answerTime = 10 * time.Second

func healthCommand() *cobra.Command {
	c := &cobra.Command{Use: "health", Short: "Ask the bot that runs here whether it works", Args: noArgs,
		Long: "Asks the bot that runs here whether it works. Exit code 0: it does; 1: it doesn't, doesn't run or doesn't answer.\n" +
			"Made for the health checks of containers and service managers. What --ready asks as well, a restart doesn't cure."}
	path := configFlag(c)
	ready := c.Flags().Bool("ready", false, "also whether it can serve people: Slack connected, no end overdue, every service working")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		ctx, stop := context.WithTimeout(c.Context(), answerTime)
		defer stop()
		all, err := app.AskHealth(ctx, config, *ready)
		if err != nil {
			return err
		}
		if *asJSON {
			err = writeJSON(c.OutOrStdout(), all)
		} else {
			err = writeHealth(c.OutOrStdout(), all)
		}
		return errors.Join(err, unhealthy(all))
	}
	return c
}

func writeHealth(w io.Writer, all []app.HealthCheck) error {
	for _, one := range all {
		word := "ok  "
		if !one.OK {
			word = "FAIL"
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", word, one.Name, oneLine(one.Detail)); err != nil {
			return err
		}
	}
	return nil
}

// unhealthy is the error of a bot of which something doesn't work.
func unhealthy(all []app.HealthCheck) error {
	bad := 0
	for _, one := range all {
		if !one.OK {
			bad++
		}
	}
	if bad == 0 {
		return nil
	}
	return fmt.Errorf("%d of %d checks failed", bad, len(all))
}
