package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/clock"
	"latchkey/evidence"
)

// sampleLimit keeps a slip of the finger from reading a whole project.
const sampleLimit = 1000

func evidenceSampleCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "sample", Short: "Pick completed tickets at random and see whether each tells its whole story", Args: noArgs,
		Long: `Pick completed tickets at random and see whether each, by itself, shows who approved, what changed in
the directory, and whether access was removed. It reads Jira and nothing else: neither the store nor
the directories. Exits 1 if a ticket leaves something open.`,
	}
	path := configFlag(c)
	n := c.Flags().Int("n", 20, "how many tickets")
	from := c.Flags().String("from", "jira", "where to read; jira is the only place")
	seed := c.Flags().Uint64("seed", 0, "picks the same tickets again; 0 for new ones")
	asJSON := c.Flags().Bool("json", false, "print the result as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *from != "jira" {
			return usageError{fmt.Errorf("--from can't be %q: the sample is read from jira", *from)}
		}
		if *n < 1 || *n > sampleLimit {
			return usageError{fmt.Errorf("--n can't be %d: write a number from 1 to %d", *n, sampleLimit)}
		}
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		for *seed == 0 {
			*seed = rand.Uint64()
		}
		return sampleTickets(c.Context(), config, *n, *seed, *asJSON, c.OutOrStdout())
	}
	return c
}

// sampled is the result for programs.
type sampled struct {
	Seed     uint64             `json:"seed"`
	Of       int                `json:"of"` // completed tickets there are
	Complete int                `json:"complete"`
	Tickets  []evidence.Finding `json:"tickets"`
}

func sampleTickets(ctx context.Context, config *Config, n int, seed uint64, asJSON bool, out io.Writer) error {
	client, err := openJira(config, transport(), clock.System{}, newLogger(config, os.Stderr))
	if err != nil {
		return err
	}
	said, of, err := client.Completed(ctx, n, seed)
	if err != nil {
		return fmt.Errorf("jira: %w", err)
	}
	result := sampled{Seed: seed, Of: of, Tickets: []evidence.Finding{}}
	for _, t := range said {
		f := evidence.Judge(t)
		if f.Complete() {
			result.Complete++
		}
		result.Tickets = append(result.Tickets, f)
	}
	if asJSON {
		err = json.NewEncoder(out).Encode(result)
	} else {
		err = result.tell(out)
	}
	switch {
	case err != nil:
		return err
	case len(result.Tickets) == 0:
		return fmt.Errorf("there is no completed ticket in project %s yet: the sample is empty", config.Jira.Project)
	case result.Complete < len(result.Tickets):
		return fmt.Errorf("%d of %d tickets don't show everything", len(result.Tickets)-result.Complete, len(result.Tickets))
	}
	return nil
}

func (s sampled) tell(out io.Writer) error {
	var b strings.Builder
	for _, f := range s.Tickets {
		fmt.Fprintf(&b, "%s  %s  (%s)\n", f.Issue, f.Title, f.Status)
		for _, part := range []struct {
			name  string
			lines []string
		}{{"approved", f.Approved}, {"changed", f.Changed}, {"removed", f.Removed}, {"MISSING", f.Missing}} {
			for _, line := range part.lines {
				fmt.Fprintf(&b, "    %-9s %s\n", part.name, line)
			}
		}
	}
	fmt.Fprintf(&b, "%d of %d tickets, picked from %d completed ones (seed %d), show who approved, what changed and whether access was removed.\n",
		s.Complete, len(s.Tickets), s.Of, s.Seed)
	_, err := io.WriteString(out, b.String())
	return err
}
