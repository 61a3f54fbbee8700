package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func pauseCommand() *cobra.Command {
	c := &cobra.Command{Use: "pause", Short: "Stop new access for a while; removals go on", Args: noArgs}
	path := configFlag(c)
	long := c.Flags().String("for", "1h", "how long, such as 30m; more than an hour needs somebody of IT who confirms it in Slack")
	reason := c.Flags().String("reason", "", "why; everybody who asks for access reads it")
	c.RunE = func(c *cobra.Command, _ []string) error {
		wanted, err := app.ParseDuration(*long)
		if err != nil {
			return usageError{fmt.Errorf("--for %w", err)}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			p, err := admin.Pause(c.Context(), wanted, *reason, whoami())
			if err != nil {
				return err
			}
			return writePause(c.OutOrStdout(), p)
		})
	}
	return c
}

func writePause(w io.Writer, p app.Pause) error {
	const moment = "2006-01-02 15:04 MST"
	var err error
	switch {
	case p.Since.IsZero():
		_, err = fmt.Fprintln(w, "It was paused for an hour already, so this begins when somebody of IT confirms it in Slack (pause confirm).")
	case p.NeedsSecond(p.Since):
		_, err = fmt.Fprintf(w, "New access is paused until %s. For %s somebody of IT has to confirm it in Slack (pause confirm) before that. Removals go on.\n", p.Until.UTC().Format(moment), app.FormatDuration(p.Wanted))
	default:
		_, err = fmt.Fprintf(w, "New access is paused until %s. Removals go on. latchkey resume ends it.\n", p.Until.UTC().Format(moment))
	}
	return err
}

func resumeCommand() *cobra.Command {
	c := &cobra.Command{Use: "resume", Short: "End a pause of new access", Args: noArgs}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			if _, err := admin.Resume(c.Context(), whoami()); err != nil {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), "New access is given again.")
			return err
		})
	}
	return c
}
