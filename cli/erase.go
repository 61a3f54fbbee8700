package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func eraseCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "erase PERSON --after AGE", Short: "Erase what names or quotes somebody and is older than that, in the store and in Jira",
		Long: `Erase what names or quotes somebody and is older than AGE (90d, or a date): addresses, names, reasons and notes
of events, in the store, and in what Latchkey wrote in Jira. What happened stays, with people known by Latchkey's own
ids, and every hash stays valid. It is refused while they have access or anything they asked for is open.

Out of reach are Jira's own history and backups, backups of the store that were made before, messages in Slack,
exports, and texts of others.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usageError{fmt.Errorf("latchkey erase takes one e-mail address, or the id of a person")}
			}
			return nil
		},
	}
	path := configFlag(c)
	after := c.Flags().String("after", "", "how old something has to be: 90d, or a date such as 2026-01-31 (required)")
	yes := c.Flags().Bool("yes", false, "don't ask to type the address")
	c.RunE = func(c *cobra.Command, args []string) error {
		if *after == "" {
			return usageError{fmt.Errorf("latchkey erase needs --after: how old something has to be, such as 90d")}
		}
		if _, err := app.ParseAge(*after, time.Now()); err != nil {
			return usageError{fmt.Errorf("--after %w", err)}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error { return erase(c, admin, args[0], *after, *yes) })
	}
	return c
}

func erase(c *cobra.Command, admin *app.AdminClient, person, after string, yes bool) error {
	found, err := admin.Erasure(c.Context(), person, after, whoami())
	if err != nil {
		return err
	}
	out := c.OutOrStdout()
	if err := writeErasure(out, found); err != nil {
		return err
	}
	if !yes {
		if err := typedOut(c.InOrStdin(), out, found.Who, "erase it all"); err != nil {
			return err
		}
	}
	done, err := admin.Erase(c.Context(), found, whoami())
	if err != nil {
		return err
	}
	return writeErased(out, done, admin.Running())
}

// writeErasure says what would be erased.
func writeErasure(w io.Writer, e app.Erasure) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Of %s, from before %s: names and words of %s", oneLine(e.Who), e.Before.UTC().Format("2006-01-02 15:04 MST"), counted(e.Events, "event"))
	if len(e.Requests) > 0 {
		fmt.Fprintf(&b, ", and what is said in %s", oneLine(strings.Join(e.Requests, ", ")))
	}
	b.WriteString(".\n")
	if len(e.Also) > 0 {
		fmt.Fprintf(&b, "They were known under %s more, all of one person: what is kept under these goes too.\n", counted(len(e.Also), "id"))
	}
	if e.Left {
		b.WriteString("They have left: their addresses and names go altogether.\n")
	} else {
		b.WriteString("They have not left, as far as is known: former addresses and names go, those of today stay.\n")
	}
	if e.Kept > 0 {
		fmt.Fprintf(&b, "%d events of others' requests that name them stay for now: those are not over. Erase again once they are.\n", e.Kept)
	}
	if e.Unread > 0 {
		fmt.Fprintf(&b, "%d events can't be read, so nobody knows whom they name: see latchkey evidence verify.\n", e.Unread)
	}
	if e.Reviews > 0 {
		fmt.Fprintf(&b, "What %s saw of them says no name any more, and still verifies.\n", counted(e.Reviews, "access review"))
	}
	if e.Waiting > 0 {
		fmt.Fprintf(&b, "%d tasks that wait or are stuck quote them: see latchkey stuck.\n", e.Waiting)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeErased says what was erased, what stays, and what can't be reached.
func writeErased(w io.Writer, e app.Erasure, running bool) error {
	jira := "Jira follows when the bot runs again"
	if running {
		jira = "Jira follows now"
	}
	stays := "their id " + string(e.Person)
	for _, id := range e.Also {
		stays += " (also " + string(id) + ")"
	}
	if len(e.Accounts) > 0 {
		stays += " and the ids of their accounts in " + strings.Join(e.Accounts, ", ")
	}
	left := ""
	if e.Outstanding != "" {
		left = "Still in the store's files for now, where nobody reads it, and tried again: " + oneLine(e.Outstanding) + ".\n"
	}
	_, err := fmt.Fprintf(w, `Erased in the store: names and words of %s. Every hash is as it was.
%s%s: descriptions, comments and data that Latchkey wrote on %s; what can't be done there is in latchkey stuck.
Stays: %s; what was given, when, and by whom, by such ids.
Not reached: Jira's own history and backups, what people typed into Jira themselves, backups of this store made before, messages in Slack, exports, texts in which others name them.
`, counted(e.Events, "event"), left, jira, counted(len(e.Requests), "issue"), stays)
	return err
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
