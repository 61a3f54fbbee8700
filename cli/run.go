package cli

import (
	"github.com/spf13/cobra"

	"latchkey/app"
)

func runCommand() *cobra.Command {
	c := &cobra.Command{Use: "run", Short: "Run the bot against the configured services", Args: noArgs}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		if err := config.RequireSecrets(); err != nil && !app.HasStore(config) {
			return err
		}
		app.TuneCollector()
		return app.Serve(c.Context(), config, app.Hooks{})
	}
	return c
}
