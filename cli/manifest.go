package cli

import (
	"github.com/spf13/cobra"

	"latchkey/app"
)

func manifestCommand() *cobra.Command {
	c := &cobra.Command{Use: "manifest", Short: "Print the Slack app manifest to paste", Args: noArgs}
	command := c.Flags().String("command", app.DefaultCommand, "the slash command, as under slack.command")
	c.RunE = func(c *cobra.Command, _ []string) error {
		text, err := app.SlackManifest(*command)
		if err != nil {
			return err
		}
		_, err = c.OutOrStdout().Write(text)
		return err
	}
	return c
}
