package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func birthrightCommand() *cobra.Command {
	c := &cobra.Command{Use: "birthright", Short: "Say what comes with who people are", Args: noArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	plan := &cobra.Command{Use: "plan", Short: "Look at everybody and say who would get or lose what; nothing is changed", Args: noArgs}
	path, asJSON := configFlag(plan), plan.Flags().Bool("json", false, "as JSON")
	plan.RunE = func(c *cobra.Command, _ []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			p, err := admin.BirthrightPlan(c.Context(), whoami())
			if err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), p)
			}
			return writeBirthrightPlan(c.OutOrStdout(), p)
		})
	}
	c.AddCommand(plan)
	return c
}

func writeBirthrightPlan(w io.Writer, p app.BirthrightPlan) error {
	gets, loses := 0, 0
	for _, one := range p.People {
		fmt.Fprintln(w, one.Contact)
		for _, part := range []struct {
			word  string
			lines []string
		}{{"gets   ", one.Gets}, {"loses  ", one.Loses}, {"unknown", one.Unknown}} {
			for _, line := range part.lines {
				fmt.Fprintf(w, "  %s  %s\n", part.word, oneLine(line))
			}
		}
		gets, loses = gets+len(one.Gets), loses+len(one.Loses)
	}
	for _, s := range p.Skipped {
		fmt.Fprintln(w, "not looked at: "+s)
	}
	said := fmt.Sprintf("%d accounts looked at: %d roles to give, %d to take away. Nothing was changed.", p.Looked, gets, loses)
	if p.Asks {
		said += " That is so much at once that IT is asked first."
	}
	if p.DryRun {
		said += " Nothing will be either, while birthrights.dry_run is true."
	}
	_, err := fmt.Fprintln(w, said)
	return err
}
