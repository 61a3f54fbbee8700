package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func backupCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "backup FILE", Short: "Write one consistent, checked copy of the store to a file, also while the bot runs", Args: oneFile,
		Long: `Write one consistent copy of the store to a file, open it, and check every page, event and root.

The bot may run: it goes on working meanwhile. FILE appears once all of it is on the disk, and never a part
of it. Beside it, as much room again is needed for a moment. Keys and tokens are not in it; what people wrote is.`,
	}
	path := configFlag(c)
	replace := c.Flags().Bool("replace", false, "replace FILE if it is there already")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		made, err := app.MakeBackup(c.Context(), config, args[0], *replace)
		if err != nil {
			return err
		}
		if *asJSON {
			err = writeJSON(c.OutOrStdout(), made)
		} else {
			err = writeBackup(c.OutOrStdout(), made)
		}
		return cmp.Or(err, notWhole(made.Inspected, "keep the backups from before, and "))
	}
	return c
}

func oneFile(c *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return usageError{fmt.Errorf("latchkey %s takes one file", c.Name())}
	}
	return nil
}

func writeBackup(w io.Writer, b app.Backup) error {
	_, err := fmt.Fprintf(w, "Backed up to %s: %s, %s.\n%sIt was opened, and every page and event was read. Keys and tokens are not in it: keep those apart.\n",
		oneLine(b.File), bytesText(b.Bytes), eventsText(b.Inspected), headText(b.Inspected))
	return err
}

// notWhole says that what was copied is damaged, as it was: the copy is good, and what to do is first.
func notWhole(found app.Inspected, first string) error {
	if found.Broken == "" {
		return nil
	}
	return errors.New("the copy is as the store is, and the store's log is not whole: " + found.Broken + "; " + first + "see latchkey evidence verify")
}

// eventsText is how many events there are of which log.
func eventsText(found app.Inspected) string {
	return counted(found.Events, "event") + " of " + found.Log
}

// headText names the end of the log, to be compared with what others know of it.
func headText(found app.Inspected) string {
	if found.Head == "" || found.Broken != "" {
		return ""
	}
	return fmt.Sprintf("Its head is event %s of %s, leaf %s; the root of its tree is %s.\n", found.HeadEvent, found.HeadAt.UTC().Format(time.RFC3339), found.Head, found.Root)
}

// bytesText is a size as people read it.
func bytesText(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%d kB", n>>10)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
}
