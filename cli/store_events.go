package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
)

func storeEventsCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "events", Short: "Say where the parts of the log are kept in PostgreSQL, and move old ones", Args: noArgs,
		Long: `Say where the parts of the log are kept in PostgreSQL, and how old they are; with --move, move those to the tablespace that
store.retention names whose last event is older than it says, as the bot does every night.

The bot may run, and everybody goes on meanwhile. Nothing is deleted: what was moved is read as before, and the leaves of the
log's tree stay where they are.`,
	}
	path := configFlag(c)
	move := c.Flags().Bool("move", false, "move what is old, now")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		loaded, err := load(*path)
		if err != nil {
			return err
		}
		if *move {
			if err := moveEvents(c.Context(), c.ErrOrStderr(), loaded); err != nil {
				return err
			}
		}
		parts, err := app.LogParts(c.Context(), loaded)
		if err != nil {
			return err
		}
		if *asJSON {
			return writeJSON(c.OutOrStdout(), parts)
		}
		return writeParts(c.OutOrStdout(), parts)
	}
	return c
}

func moveEvents(ctx context.Context, w io.Writer, c *config.Config) error {
	return app.MoveLogParts(ctx, c, func(p app.LogPart) { fmt.Fprintf(w, "Moved: events %d to %d.\n", p.First, p.Last) })
}

// writeParts says of each part where it is.
func writeParts(w io.Writer, parts []app.LogPart) error {
	for _, p := range parts {
		where, what := "the database's own tablespace", "not full yet"
		if p.Where != "" {
			where = "the tablespace " + p.Where
		}
		switch {
		case p.Old:
			what = "old"
		case p.Full:
			what = "full"
		}
		until := "no events yet"
		switch {
		case p.Problem != "":
			until = fmt.Sprintf("events %d to %d, nobody knows how old (%s)", p.First, p.Last, oneLine(p.Problem))
		case p.Last >= p.First:
			until = fmt.Sprintf("events %d to %d, until %s", p.First, p.Last, p.Until.UTC().Format("2006-01-02"))
		}
		if _, err := fmt.Fprintf(w, "%s: %s, %s, in %s\n", until, what, bytesText(p.Bytes), oneLine(where)); err != nil {
			return err
		}
	}
	return nil
}

func storeShredCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "shred", Short: "Take what was erased out of the store's files, where that was left to do", Args: noArgs,
		Long: `Take what was erased out of the store's files, as latchkey erase does after it has erased.

With PostgreSQL the bot may run. A table that is large is written anew only with --now: until that is done, nobody can
write, and clicks are not taken. A store that is a file does it by itself whenever the bot starts.

Not reached: PostgreSQL's write-ahead log, backups, and the files of standbys until they have followed.`,
	}
	path := configFlag(c)
	now := c.Flags().Bool("now", false, "large tables as well; nobody can write meanwhile")
	c.RunE = func(c *cobra.Command, _ []string) error {
		loaded, err := load(*path)
		if err != nil {
			return err
		}
		if err := app.ShredStore(c.Context(), loaded, *now); err != nil {
			return err
		}
		_, err = fmt.Fprintln(c.OutOrStdout(), "Nothing of what was erased is in the store's files any more.")
		return err
	}
	return c
}
