package cli

import (
	"github.com/spf13/cobra"

	"latchkey/app"
)

// withAdmin loads the configuration and calls fn with who answers: the bot that
// runs, or the store.
func withAdmin(c *cobra.Command, path string, fn func(*app.AdminClient) error) (err error) {
	config, err := load(path)
	if err != nil {
		return err
	}
	client, err := app.OpenAdmin(c.Context(), config)
	if err != nil {
		return err
	}
	defer func() {
		if closing := client.Close(); err == nil {
			err = closing
		}
	}()
	return fn(client)
}
