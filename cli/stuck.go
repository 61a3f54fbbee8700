package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func stuckCommand() *cobra.Command {
	c := &cobra.Command{Use: "stuck", Short: "List what needs a human", Args: noArgs}
	path := configFlag(c)
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			list, err := admin.Stuck(c.Context())
			if err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), list)
			}
			return writeStuck(c.OutOrStdout(), list)
		})
	}
	c.AddCommand(stuckRetryCommand())
	return c
}

func writeStuck(w io.Writer, list []app.Stuck) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "Nothing is stuck.")
		return err
	}
	for _, s := range list {
		if _, err := fmt.Fprintf(w, "%s  %s\n  can't %s, since %s\n  %s\n  latchkey stuck retry %s\n\n",
			name(s), about(s), s.What, s.Since.UTC().Format("2006-01-02 15:04 MST"), oneLine(s.Why), s.ID); err != nil {
			return err
		}
	}
	return nil
}

// name is the issue where there is one, for people.
func name(s app.Stuck) string {
	for _, n := range []string{s.Issue, s.Request, s.Grant} {
		if n != "" {
			return n
		}
	}
	return s.ID
}

func about(s app.Stuck) string {
	switch {
	case s.Service != "":
		return "a service that Latchkey needs"
	case s.Contact == "":
		return "a duty of Latchkey's own"
	}
	return strings.TrimSpace(s.Contact + ", " + s.App + " " + s.Role)
}
