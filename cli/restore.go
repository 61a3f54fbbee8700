package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func restoreCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "restore FILE", Short: "Put the store of a backup in its place, once it was opened and checked",
		Long: `Put the store of a backup in its place, all of it or nothing, once it was opened and checked. No bot may run.

A restored store may be older than the world: access that was given since is not known to it. Access that it knows
of ends on time. Nobody is added until the store was compared with what was anchored outside, or until you have looked
and say so with --accept.`,
	}
	path := configFlag(c)
	replace := c.Flags().Bool("replace", false, "put it in the place of the store that is there, which is kept aside")
	accept := c.Flags().Bool("accept", false, "restore nothing: say that the store that was restored may go on giving access")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.Args = func(c *cobra.Command, args []string) error {
		if !*accept {
			return oneFile(c, args)
		}
		if *replace {
			return usageError{errors.New("latchkey restore --accept restores nothing: leave --replace out")}
		}
		return noArgs(c, args)
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if *accept {
			return acceptRestored(c, *path)
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		got, err := app.RestoreBackup(c.Context(), config, args[0], *replace)
		if err != nil {
			return err
		}
		if *asJSON {
			return writeJSON(c.OutOrStdout(), got)
		}
		return writeRestored(c.OutOrStdout(), args[0], got, time.Now())
	}
	return c
}

func writeRestored(w io.Writer, file string, r app.Restored, now time.Time) error {
	aside := ""
	if r.Aside != "" {
		aside = fmt.Sprintf("The store that was there is kept as %s, with the folder beside it.\n", oneLine(r.Aside))
	}
	_, err := fmt.Fprintf(w, "Restored %s from %s, a copy of %s (%s ago): %s.\n%s%sStart the bot as usual: what comes due ends on time. Nobody is added until this store was compared with what was anchored outside, or until you have looked and say: latchkey restore --accept\n",
		oneLine(r.Store), oneLine(file), r.Made.UTC().Format("2006-01-02 15:04 MST"), app.FormatDuration(max(now.Sub(r.Made).Round(time.Minute), time.Minute)), eventsText(r.Inspected), headText(r.Inspected), aside)
	return err
}

func acceptRestored(c *cobra.Command, path string) error {
	return withAdmin(c, path, func(admin *app.AdminClient) error {
		was, err := admin.AcceptRestored(c.Context(), whoami())
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "New access goes on, on the store as it was on %s (%d events) and what happened since it was restored. What was given in between is not known to it: latchkey reports it when memberships are compared.\n",
			was.Backup.UTC().Format("2006-01-02 15:04 MST"), was.Size)
		return err
	})
}
