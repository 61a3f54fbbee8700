package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func runCommand() *cobra.Command {
	c := &cobra.Command{Use: "run", Short: "Run the bot against the configured services", Args: noArgs}
	path := configFlag(c)
	deaf := c.Flags().Bool("no-sockets", false, "hold no connection to Slack, only work off what other replicas take: for those beyond the five that Slack's ten connections carry")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		if err := config.RequireSecrets(); err != nil && !app.HasStore(config) {
			return err
		}
		app.TuneCollector()
		return app.Serve(c.Context(), config, app.Hooks{NoSockets: *deaf, Reload: app.Reload{Parse: parsing(*path), Now: hangups(c.Context())}})
	}
	return c
}

// hangups tells of every SIGHUP until ctx ends: whoever sends one wants the configuration read again.
func hangups(ctx context.Context) <-chan struct{} {
	signals, asked := make(chan os.Signal, 1), make(chan struct{}, 1)
	signal.Notify(signals, syscall.SIGHUP)
	go func() {
		defer signal.Stop(signals)
		for {
			select {
			case <-signals:
				select {
				case asked <- struct{}{}:
				default: // it is about to be
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return asked
}
