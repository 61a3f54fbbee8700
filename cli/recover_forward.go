package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
)

// bringForward brings up an older store.
func bringForward(c *cobra.Command, config *config.Config, dry, asJSON bool) error {
	got, err := app.Forward(c.Context(), config, app.Hooks{}, dry, c.ErrOrStderr())
	if err != nil {
		return err
	}
	if asJSON {
		return writeJSON(c.OutOrStdout(), got)
	}
	return writeForwarded(c.OutOrStdout(), got)
}

// writeForwarded prints the result for people.
func writeForwarded(w io.Writer, got app.Forwarded) error {
	verb := "Brought up"
	if !got.Written {
		verb = "Would bring up"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, of which %d were unknown here, by %s.\n", verb, counted(got.Requests, "request"), got.New, counted(got.Events, "event"))
	if got.Written {
		fmt.Fprintf(&b, "The log begins anew as %s, and names the head of the one before.\n", got.Log)
	}
	if got.Gap > 0 {
		fmt.Fprintf(&b, "At least %d events of the old log are gone: they had not reached Jira, or concern no request.\n", got.Gap)
	}
	if got.Unconfirmed > 0 {
		fmt.Fprintf(&b, "%d were on their way and wait for your word: latchkey stuck lists them. Nobody is given anything before.\n", got.Unconfirmed)
	}
	if got.Disputed > 0 {
		fmt.Fprintf(&b, "%d may be older than what was there once: the access stays, and neither ends by itself nor is extended until you have looked.\n", got.Disputed)
	}
	if n := len(got.Rejoined); n > 0 {
		fmt.Fprintf(&b, "%d of those whom the store had met anew are who they were before, for Jira has the same account as theirs%s\n", n, listed(got.Rejoined))
	}
	if len(got.Conflicts) > 0 {
		fmt.Fprintf(&b, "\n%s for you to look at:\n", counted(len(got.Conflicts), "thing"))
	}
	writeConflicts(&b, got.Conflicts)
	_, err := io.WriteString(w, b.String())
	return err
}
