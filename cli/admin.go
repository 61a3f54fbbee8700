package cli

import (
	"context"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
)

// withAdmin loads the configuration and calls fn with who answers: the bot that
// runs, or the store.
func withAdmin(c *cobra.Command, path string, fn func(*app.AdminClient) error) error {
	return asking(c, path, app.OpenAdmin, fn)
}

// withAuditor is withAdmin for what also asks those outside who know the log.
func withAuditor(c *cobra.Command, path string, fn func(*app.AdminClient) error) error {
	return asking(c, path, app.OpenAuditor, fn)
}

func asking(c *cobra.Command, path string, open func(context.Context, *config.Config) (*app.AdminClient, error), fn func(*app.AdminClient) error) (err error) {
	config, err := load(path)
	if err != nil {
		return err
	}
	client, err := open(c.Context(), config)
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
