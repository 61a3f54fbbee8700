package cli

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
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
		if _, err := fmt.Fprintf(w, "%s\n  can't %s, since %s\n  %s\n  latchkey stuck retry %d\n\n",
			named(s), s.What, s.Since.UTC().Format("2006-01-02 15:04 MST"), oneLine(s.Why), s.Number); err != nil {
			return err
		}
	}
	if len(list) > 1 {
		_, err := fmt.Fprintln(w, "All of it: latchkey stuck retry all")
		return err
	}
	return nil
}

// named says in a line which thing it is: its number, its issue where there is one, and what
// it is about.
func named(s app.Stuck) string {
	parts := []string{strconv.Itoa(s.Number)}
	if issue := cmp.Or(s.Issue, s.Request, s.Grant); issue != "" {
		parts = append(parts, issue)
	}
	return strings.Join(append(parts, about(s)), "  ")
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
