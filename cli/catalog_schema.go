package cli

import (
	"github.com/spf13/cobra"

	"latchkey/app"
)

func schemaCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of config.yaml, by which editors complete and explain it", Args: noArgs,
		Long: `Print the JSON Schema of config.yaml, by which editors complete its keys, explain them and mark those that nobody
reads. With the YAML language server, for example, it counts for a file that begins with

  # yaml-language-server: $schema=latchkey.schema.json

It says nothing of values: latchkey check does.`,
		Example: "  latchkey catalog schema > latchkey.schema.json",
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		_, err := c.OutOrStdout().Write(app.Schema())
		return err
	}
	return c
}
