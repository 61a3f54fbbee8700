package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func reclaimCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "reclaim", Short: "Say which seats nobody uses, who would be asked, and what that is worth; nothing is changed", Args: noArgs,
		Long: `Read, in the directories, how the seats stand of apps that have reclaim in the configuration: idle, asked,
used, new, exempt, or unknown, and why. Every account that the directory lists in a group of an app is one of these, so the
figures add up. Holders of idle seats are asked by the calendar (schedules.reclaim); this command asks nobody and takes nothing away.`,
	}
	path, dry := configFlag(c), c.Flags().Bool("dry-run", false, "say how seats stand, and who would be asked")
	format := c.Flags().String("format", "table", "table, csv or json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		write := map[string]func(io.Writer, app.ReclaimSummary) error{"table": writeSeats, "csv": writeSeatsCSV, "json": func(w io.Writer, s app.ReclaimSummary) error { return writeJSON(w, s) }}[*format]
		switch {
		case !*dry:
			return c.Help()
		case write == nil:
			return usageError{fmt.Errorf("--format can't be %q: write table, csv or json", *format)}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			sum, err := admin.ReclaimSummary(c.Context(), time.Time{})
			if err != nil {
				return err
			}
			return write(c.OutOrStdout(), sum)
		})
	}
	c.AddCommand(reclaimStatus(), reclaimExempt())
	return c
}

func reclaimStatus() *cobra.Command {
	c := &cobra.Command{Use: "status", Short: "List the questions about idle seats: who was asked, until when, and what became of it", Args: noArgs}
	path, all, asJSON := configFlag(c), c.Flags().Bool("all", false, "those that are over, too"), c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			cases, err := admin.ReclaimCases(c.Context(), *all)
			if err != nil || *asJSON {
				return orJSON(c.OutOrStdout(), cases, err)
			}
			return writeCases(c.OutOrStdout(), cases)
		})
	}
	return c
}

func reclaimExempt() *cobra.Command {
	c := &cobra.Command{
		Use: "exempt [ID]", Short: "Leave a seat out: its holder isn't asked about it, and nothing is taken away", Args: cobra.MaximumNArgs(1),
		Long: `Leave a seat out, until a day or for good: by the number of the question that its holder was asked (latchkey reclaim status),
or before anybody is asked, with --person and --app.`,
	}
	path, person, appID := configFlag(c), c.Flags().String("person", "", "whose seat, by e-mail address"), c.Flags().String("app", "", "the app, by its id")
	why, until := c.Flags().String("why", "", "why; the record shows it"), c.Flags().String("until", "", "until a day like 2027-03-01; for good without it")
	c.RunE = func(c *cobra.Command, args []string) error {
		seat := app.SeatNamed{Person: *person, App: *appID}
		if len(args) > 0 {
			seat.Case = args[0]
		}
		switch {
		case seat.Case == "" && (seat.Person == "" || seat.App == ""), seat.Case != "" && seat.Person+seat.App != "":
			return usageError{errors.New("say which seat: the number of a question, RC-…, or --person and --app")}
		case strings.TrimSpace(*why) == "":
			return usageError{errors.New("say --why it is left out: the record shows it")}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			kept, err := admin.ExemptReclaim(c.Context(), seat, *until, *why, whoami())
			if err != nil && seat.Case == "" {
				return meant(err, *path, seat.Person, seat.App)
			}
			if err == nil {
				_, err = fmt.Fprintf(c.OutOrStdout(), "%s is left out; nothing is taken away.\n", kept)
			}
			return err
		})
	}
	return c
}

// writeSeats is the table of all seats, app by app.
func writeSeats(w io.Writer, s app.ReclaimSummary) error {
	if len(s.Apps) == 0 {
		_, err := fmt.Fprintln(w, "No app has reclaim in the configuration: nobody is asked, and nothing comes back.")
		return err
	}
	idle := 0
	for _, a := range s.Apps {
		idle += a.Idle
		if err := writeApp(w, a, s.Read); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "\nRead %s: %s of %s would come back if nobody answered. At most %d people are asked in one turn. Nothing was changed.\n", stamp(s.Read), counted(idle, "idle seat"), counted(len(s.Apps), "app"), s.AtMost)
	return err
}

func writeApp(w io.Writer, a app.ReclaimApp, at time.Time) error {
	fmt.Fprintf(w, "\n%s: %s\n", oneLine(a.Name), oneLine(a.Adds()))
	if a.Unread != "" {
		_, err := fmt.Fprintln(w, "  not read: "+oneLine(a.Unread)+" Nothing is taken away there.")
		return err
	}
	if price := a.Price(); price != "" {
		fmt.Fprintf(w, "  %s a seat and month; idle ones: %s\n", price, orNone(a.Worth()))
	}
	if said := a.Contract(at); said != "" {
		fmt.Fprintln(w, "  "+said)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, seat := range a.Seats {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\n", seat.Word(), oneLine(seat.Name), oneLine(strings.Join(seat.Roles, ", ")), oneLine(seat.LastUse()), oneLine(strings.TrimSpace(seat.Why+" "+seat.Case)))
	}
	return t.Flush()
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func writeCases(w io.Writer, all []app.ReclaimCase) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "Nobody is asked about an idle seat at the moment.")
		return err
	}
	slices.SortStableFunc(all, func(a, b app.ReclaimCase) int { return a.Asked.Compare(b.Asked) })
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, c := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", c.ID, oneLine(c.Holder), oneLine(c.What), c.Issue.Key, oneLine(c.Stands))
	}
	return t.Flush()
}
