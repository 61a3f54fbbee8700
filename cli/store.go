package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func storeCommand() *cobra.Command {
	c := &cobra.Command{Use: "store", Short: "Copy the store, see where its log lies, move old events, take what was erased out of its files", Args: noArgs}
	c.AddCommand(storeCopyCommand(), storeEventsCommand(), storeShredCommand())
	return c
}

func storeCopyCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "copy --from FILE --to FILE", Short: "Copy the store of one configuration into that of another, and compare both", Args: noArgs,
		Long: `Copy the store of one configuration into the empty store of another, for example from a file into PostgreSQL or back.

No bot may run on either. Every event keeps its place and its bytes, every record its version; afterwards both stores
are read from beginning to end and compared. A copy that was broken off goes on where it ended when the command is given
again; until then no bot starts on it. The store that was copied stays as it is: put it away, so that nobody starts a bot
on it, too.`,
	}
	from := c.Flags().String("from", "", "the configuration whose store is copied")
	to := c.Flags().String("to", "", "the configuration whose store it is copied into")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *from == "" || *to == "" {
			return usageError{errors.New("latchkey store copy takes two configurations: --from the one that names the store that is there, --to the one that names the new one")}
		}
		source, err := load(*from)
		if err != nil {
			return err
		}
		target, err := load(*to)
		if err != nil {
			return err
		}
		made, err := app.CopyStore(c.Context(), source, target, copyProgress(c.ErrOrStderr()))
		if err != nil {
			return err
		}
		if *asJSON {
			err = writeJSON(c.OutOrStdout(), made)
		} else {
			err = writeCopied(c.OutOrStdout(), made)
		}
		return cmp.Or(err, notWhole(made.Inspected, ""))
	}
	return c
}

// copyProgress says every few seconds how far a copy is.
func copyProgress(w io.Writer) func(app.CopyProgress) {
	now := seldom()
	return func(p app.CopyProgress) {
		if !now() {
			return
		}
		fmt.Fprintf(w, "%s, %s and %s so far\n", counted(int(p.Events), "event"), counted(p.Records, "record"), counted(p.Tasks, "task"))
	}
}

func writeCopied(w io.Writer, c app.CopiedStore) error {
	_, err := fmt.Fprintf(w, "Copied: %s, %s, %s. Both stores were read and are the same.\n%sPut the store that was copied away, so that no bot is started on it, too.\n",
		eventsText(c.Inspected), counted(c.Records, "record"), counted(c.Tasks, "task"), headText(c.Inspected))
	return err
}
