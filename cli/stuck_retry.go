package cli

import (
	"fmt"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func stuckRetryCommand() *cobra.Command {
	c := &cobra.Command{Use: "retry ID", Short: "Try stuck work again, named by its id, request, grant or issue", Args: func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("latchkey stuck retry takes one id; latchkey stuck lists them")}
		}
		return nil
	}}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			w, err := admin.Retry(c.Context(), args[0], whoami())
			if err != nil {
				return err
			}
			when := "It is tried when the bot runs again."
			if admin.Running() {
				when = "It is being tried now."
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: Latchkey will %s. %s\n", name(w), w.What, when)
			return err
		})
	}
	return c
}

// whoami is who sits at the terminal, as evidence.
func whoami() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(u.Username)
}
