package cli

import (
	"context"
	"fmt"

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

// withAsking is withAdmin for what asks directories and Slack.
func withAsking(c *cobra.Command, path string, fn func(*app.AdminClient) error) error {
	return asking(c, path, app.OpenAsking, fn)
}

// soon says when something is done that a command has written down: now, by the bot that answered or by others that work on the
// same store, or later.
func soon(admin *app.AdminClient, now, later string) string {
	switch n := admin.Replicas(); {
	case admin.Running():
		return now
	case n == 1:
		return "One replica runs. " + now
	case n > 1:
		return fmt.Sprintf("%d replicas run. %s", n, now)
	}
	return later
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
