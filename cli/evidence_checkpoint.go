package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func checkpointCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "checkpoint", Short: "Print the newest signed head of the log, to keep somewhere else", Args: noArgs,
		Long: `Print the newest signed head of the log: its name, how many events it has, the root of its tree.

Whoever keeps it can show later that nothing before it was changed. It is made within a minute of every
change, and posted in Jira and in the IT channel once a day; with --post at once.`,
	}
	path := configFlag(c)
	post := c.Flags().Bool("post", false, "post a note of it outside at once")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			h, err := admin.Checkpoint(c.Context(), *post)
			if err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), h)
			}
			if _, err := fmt.Fprint(c.OutOrStdout(), h.Checkpoint); err != nil || h.Since == 0 {
				return err
			}
			_, err = fmt.Fprintf(c.ErrOrStderr(), "Since then %d events were written, which the next one covers.\n", h.Since)
			return err
		})
	}
	return c
}
