package cli

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/evidence"
)

func verifyCommand() *cobra.Command {
	c := &cobra.Command{Use: "verify", Short: "Check every hash of the log: the chains and the tree", Args: noArgs}
	path := configFlag(c)
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			got, err := admin.Verify(c.Context())
			if err != nil {
				return err
			}
			return showVerification(c.OutOrStdout(), got, *asJSON)
		})
	}
	return c
}

func showVerification(w io.Writer, v evidence.Verification, asJSON bool) (err error) {
	if asJSON {
		err = writeJSON(w, v)
	} else if v.Whole() {
		_, err = fmt.Fprintf(w, "The log is whole: %d events.\n%s", v.Events, head(v))
	}
	if err == nil && !v.Whole() {
		return errors.New("the log is not whole: " + v.Broken + "; compare it with the leaves in the Jira issues, and restore the store from a backup")
	}
	return err
}

// head says what to compare with Jira.
func head(v evidence.Verification) string {
	if v.Events == 0 {
		return ""
	}
	text := fmt.Sprintf("It is %s; the root of its tree is %s.\n", v.Log, v.Root)
	text += fmt.Sprintf("Its head is event %s of %s, leaf %s.\n", v.HeadEvent, v.HeadAt.UTC().Format(time.RFC3339), v.Head)
	if v.HeadIssue != "" {
		text += fmt.Sprintf("The property latchkey of the issue %s holds the leaf of that story's latest recorded event.\n", v.HeadIssue)
	}
	if v.Erased > 0 {
		text += fmt.Sprintf("Of %d events, names and words were erased.\n", v.Erased)
	}
	if v.Newer > 0 {
		text += fmt.Sprintf("%d events were written by a newer version of Latchkey; they are whole, and only that version can read them.\n", v.Newer)
	}
	return text
}
