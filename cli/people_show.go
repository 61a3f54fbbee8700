package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

// showPersonCommand shows what is known of somebody's accounts, with their ids.
func showPersonCommand() *cobra.Command {
	c := &cobra.Command{Use: "show ADDRESS", Short: "Show what is known of somebody's accounts"}
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("write latchkey people show ADDRESS")}
		}
		return nil
	}
	path, asJSON := configFlag(c), c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			d, err := admin.AccountReport(c.Context(), args[0])
			if err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), d)
			}
			return printAccountReport(c.OutOrStdout(), d)
		})
	}
	return c
}

func printAccountReport(w io.Writer, d app.AccountReport) error {
	_, err := fmt.Fprintln(w, d.Who)
	for _, a := range d.Accounts {
		state := "nobody's, found by the address"
		if a.Bound {
			state = fmt.Sprintf("theirs since %s (%s): %s", day(a.Since), a.Level, a.How)
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "  %s  %s  %s\n", a.Account, a.Shows, state)
		}
		if seen := lastSeen(a.Created, a.LastLogin, a.Manager); seen != "" && err == nil {
			_, err = fmt.Fprintf(w, "      %s\n", seen)
		}
	}
	for _, a := range d.Was {
		state := "until " + day(a.Until)
		if a.Denied {
			state += ", then said not to be theirs"
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "  %s  %s\n", a.Account, state)
		}
	}
	return err
}

// lastSeen says what a directory shows of an account.
func lastSeen(created, login time.Time, manager string) string {
	if created.IsZero() {
		return ""
	}
	said := "made " + day(created)
	if !login.IsZero() {
		said += ", last sign-in " + day(login)
	}
	if manager != "" {
		said += ", manager " + manager
	}
	return said
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }
