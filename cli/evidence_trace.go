package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func traceCommand() *cobra.Command {
	c := &cobra.Command{Use: "trace --person EMAIL --app APP", Short: "Tell one person's access to one app from the request to the removal", Args: noArgs}
	path := configFlag(c)
	person := c.Flags().String("person", "", "the person's e-mail address, now or at an earlier time; or their id, if addresses were erased")
	appID := c.Flags().String("app", "", "the app's id in the catalogue")
	asJSON := c.Flags().Bool("json", false, "as JSON, with every event in full")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *person == "" || *appID == "" {
			return usageError{errors.New("name the person and the app: latchkey evidence trace --person maya@acme.example --app figma")}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			t, err := admin.Trace(c.Context(), *person, *appID)
			if err != nil {
				return meant(err, *path, *person, *appID)
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), t)
			}
			return t.WriteText(c.OutOrStdout())
		})
	}
	return c
}
