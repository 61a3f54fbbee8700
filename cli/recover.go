package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func recoverCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "recover", Short: "Rebuild an empty store from Jira, and compare it with the directories", Args: noArgs,
		Long: `Rebuild an empty store from what Jira's issues say, and compare the result with the directories.

Only what Latchkey has signed counts, and only as far as comments and anchors don't show that there was
something newer. Nothing is changed in Jira, Slack or the directories, and nobody is given anything: what
was on its way waits for your word. What is doubtful is listed for you to look at, each with the reason
and what to do. It needs the public key: that of evidence.key, or those under evidence.trust.

Run it while no bot runs on the store; afterwards start the bot as usual: it ends what came due
meanwhile.`,
	}
	path := configFlag(c)
	dry := c.Flags().Bool("dry-run", false, "read and compare, but write nothing")
	forward := c.Flags().Bool("forward", false, "bring up a store that is older than what is anchored of it, instead of rebuilding an empty one")
	asJSON := c.Flags().Bool("json", false, "print the result as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := load(*path)
		if err != nil {
			return err
		}
		if err := config.RequireSecrets(); err != nil {
			return err
		}
		if *forward {
			return bringForward(c, config, *dry, *asJSON)
		}
		got, err := app.Recover(c.Context(), config, app.Hooks{}, *dry, c.ErrOrStderr())
		if err != nil && got.Log == "" {
			return err
		}
		if *asJSON {
			return errors.Join(json.NewEncoder(c.OutOrStdout()).Encode(got), err)
		}
		return errors.Join(writeRecovered(c.OutOrStdout(), got), err)
	}
	return c
}

// writeRecovered prints the result for people.
func writeRecovered(w io.Writer, got app.Recovered) error {
	verb := "Rebuilt"
	if !got.Written {
		verb = "Would rebuild"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d requests (%d wait for a decision) and %d grants (%d live, %d of them past their end) from %d events.\n",
		verb, got.Requests, got.Waiting, got.Grants, got.Live, got.Overdue, got.Events)
	if got.OldHead != "" {
		fmt.Fprintf(&b, "The log begins anew. The one before, %s, ended at place %d with event %s, leaf %s.\n", got.OldLog, got.OldPlace, got.OldHead, got.OldLeaf)
	}
	if got.Missing > 0 {
		fmt.Fprintf(&b, "%d events of the old log are not in Jira: those belonged to no request, or were not written there yet.\n", got.Missing)
		b.WriteString("What IT said of people is among them: who was offboarded while they held nothing, whose an account is or isn't, who is one person. Where it counts, say it again with latchkey offboard and latchkey people.\n")
	}
	if got.Requests > 0 {
		b.WriteString("Who decided for whom is in the record. By whom people have others decide from now on is not: whoever is away sets it again, with away, said to Latchkey in Slack, or in the Home tab.\n")
	}
	if got.Unconfirmed > 0 {
		fmt.Fprintf(&b, "%d were on their way and wait for your word: latchkey stuck lists them. Nobody is given anything before.\n", got.Unconfirmed)
	}
	if got.Disputed > 0 {
		fmt.Fprintf(&b, "%d may be older than what was there once: the access stays, and neither ends by itself nor is extended until you have looked.\n", got.Disputed)
	}
	if got.Unproven > 0 {
		fmt.Fprintf(&b, "No anchor confirms that %d of those that still give or keep something are the newest there was.\n", got.Unproven)
	}
	if len(got.Conflicts) == 0 {
		b.WriteString("Jira and the directories agree.\n")
	} else {
		fmt.Fprintf(&b, "\n%d things for you to look at; nothing was changed:\n", len(got.Conflicts))
	}
	writeConflicts(&b, got.Conflicts)
	_, err := io.WriteString(w, b.String())
	return err
}

func writeConflicts(b *strings.Builder, all []app.Conflict) {
	for _, c := range all {
		fmt.Fprintf(b, "  %s: %s%s\n", c.About, strings.TrimSuffix(c.Text, "."), listed(c.People))
		if c.Do != "" {
			fmt.Fprintf(b, "      → %s\n", c.Do)
		}
	}
}

// listed names people at the end of a line, the first few of many.
func listed(who []string) string {
	const most = 10
	if len(who) == 0 {
		return "."
	}
	text := ": " + strings.Join(who[:min(len(who), most)], ", ")
	if len(who) > most {
		text += fmt.Sprintf(" and %d more", len(who)-most)
	}
	return text + "."
}
