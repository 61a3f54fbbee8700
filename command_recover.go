package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/access"
	"latchkey/workflow/recovery"
)

func recoverCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "recover", Short: "Rebuild an empty store from Jira, and compare it with the directories", Args: noArgs,
		Long: `Rebuild an empty store from what Jira's issues say, and compare the result with the directories.

Nothing is changed in Jira, Slack or the directories. What does not fit together is listed for you
to look at. Run it while no bot runs on the store; afterwards start the bot as usual: it ends what
came due meanwhile and goes on with what was under way.`,
	}
	path := configFlag(c)
	dry := c.Flags().Bool("dry-run", false, "read and compare, but write nothing")
	asJSON := c.Flags().Bool("json", false, "print the result as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		if err := config.RequireSecrets(); err != nil {
			return err
		}
		r := recoverRun{config: config, seams: Seams{}, dry: *dry, json: *asJSON, out: c.OutOrStdout(), progress: c.ErrOrStderr()}
		return r.run(c.Context())
	}
	return c
}

// recoverRun is one run of the command.
type recoverRun struct {
	config   *Config
	seams    Seams
	dry      bool
	json     bool
	out      io.Writer
	progress io.Writer
}

func (r recoverRun) run(ctx context.Context) (err error) {
	app, err := Open(ctx, r.config, r.seams)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close()) }()

	began := time.Now()
	fmt.Fprintln(r.progress, "Reading the issues of project "+r.config.Jira.Project+" …")
	memories, doubts, err := app.ledger.Recall(ctx)
	if err != nil {
		return fmt.Errorf("jira: %w", err)
	}
	fmt.Fprintf(r.progress, "%d requests read in %s. Comparing with the directories …\n", len(memories), time.Since(began).Round(time.Second))
	result, err := app.flow.Recovery.Recover(ctx, memories, r.dry)
	if err != nil {
		return err
	}
	for _, d := range doubts {
		result.Conflicts = append(result.Conflicts, recovery.Conflict{About: "jira", Text: d})
	}
	if r.json {
		return json.NewEncoder(r.out).Encode(recovered(result, r.dry))
	}
	return r.tell(result)
}

// recoveredJSON is the result for programs.
type recoveredJSON struct {
	Written   bool                `json:"written"`
	Requests  int                 `json:"requests"`
	Waiting   int                 `json:"waiting"`
	Grants    int                 `json:"grants"`
	Live      int                 `json:"live"`
	Overdue   int                 `json:"overdue"`
	Events    int                 `json:"events"`
	Missing   int                 `json:"missing_events"`
	OldHead   string              `json:"old_head,omitempty"`
	OldHash   string              `json:"old_hash,omitempty"`
	Conflicts []recoveredConflict `json:"conflicts"`
}

type recoveredConflict struct {
	About  string            `json:"about"`
	Text   string            `json:"text"`
	People []access.PersonID `json:"people,omitempty"`
}

func recovered(r recovery.Recovery, dry bool) recoveredJSON {
	out := recoveredJSON{
		Written: !dry, Requests: r.Requests, Waiting: r.Waiting, Grants: r.Grants, Live: r.Live, Overdue: r.Overdue,
		Events: r.Events, Missing: r.Missing, Conflicts: []recoveredConflict{},
	}
	if r.Head.Seq > 0 {
		out.OldHead, out.OldHash = r.Head.ID(), r.Head.Hash
	}
	for _, c := range r.Conflicts {
		out.Conflicts = append(out.Conflicts, recoveredConflict{c.About, c.Text, c.People})
	}
	return out
}

// tell prints the result for people.
func (r recoverRun) tell(got recovery.Recovery) error {
	verb := "Rebuilt"
	if r.dry {
		verb = "Would rebuild"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d requests (%d wait for a decision) and %d grants (%d live, %d of them past their end) from %d events.\n",
		verb, got.Requests, got.Waiting, got.Grants, got.Live, got.Overdue, got.Events)
	if got.Head.Seq > 0 {
		fmt.Fprintf(&b, "The log begins anew. The one before ended at %s, hash %s.\n", got.Head.ID(), got.Head.Hash)
	}
	if got.Missing > 0 {
		fmt.Fprintf(&b, "%d events of the old log are not in Jira: those belonged to no request, or were not written there yet.\n", got.Missing)
	}
	if len(got.Conflicts) == 0 {
		b.WriteString("Jira and the directories agree.\n")
	} else {
		fmt.Fprintf(&b, "\n%d things for you to look at; nothing was changed:\n", len(got.Conflicts))
	}
	for _, c := range got.Conflicts {
		fmt.Fprintf(&b, "  %s: %s%s\n", c.About, strings.TrimSuffix(c.Text, "."), listed(c.People))
	}
	_, err := io.WriteString(r.out, b.String())
	return err
}

// listed names people at the end of a line, the first few of many.
func listed(who []access.PersonID) string {
	const most = 10
	if len(who) == 0 {
		return "."
	}
	var all []string
	for _, w := range who[:min(len(who), most)] {
		all = append(all, string(w))
	}
	text := ": " + strings.Join(all, ", ")
	if len(who) > most {
		text += fmt.Sprintf(" and %d more", len(who)-most)
	}
	return text + "."
}
