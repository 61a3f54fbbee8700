package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
	"latchkey/evidence"
)

// sampleLimit keeps a slip of the finger from reading a whole project.
const sampleLimit = 1000

func evidenceSampleCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "sample", Short: "Pick tickets at random and see whether each tells its whole story", Args: noArgs,
		Long: `Pick tickets at random and see whether each, by itself, shows who approved, what changed in
the directory, and whether access was removed. It reads Jira and nothing else: neither the store nor
the directories. Exits 1 if a ticket leaves something open.`,
	}
	path := configFlag(c)
	n := c.Flags().Int("n", 20, "how many tickets")
	from := c.Flags().String("from", "jira", "where to read; jira is the only place")
	seed := c.Flags().Uint64("seed", 0, "picks the same tickets again; 0 for new ones")
	outcomes := c.Flags().StringSlice("of", []string{evidence.OutcomeEnded}, "which tickets: ended, live, declined")
	month := c.Flags().String("month", "", "only those that were made in a month, such as 2026-11 (UTC)")
	asJSON := c.Flags().Bool("json", false, "print the result as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *from != "jira" {
			return usageError{fmt.Errorf("--from can't be %q: the sample is read from jira", *from)}
		}
		if *n < 1 || *n > sampleLimit {
			return usageError{fmt.Errorf("--n can't be %d: write a number from 1 to %d", *n, sampleLimit)}
		}
		of, err := sampleOf(*outcomes, *month)
		if err != nil {
			return err
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		for *seed == 0 {
			*seed = rand.Uint64()
		}
		return sampleTickets(c.Context(), config, *n, *seed, of, *asJSON, c.OutOrStdout())
	}
	return c
}

// sampleOf reads which tickets are wanted.
func sampleOf(outcomes []string, month string) (of app.SampleOf, err error) {
	for _, o := range outcomes {
		if !slices.Contains([]string{evidence.OutcomeEnded, evidence.OutcomeLive, evidence.OutcomeDeclined}, o) {
			return of, usageError{fmt.Errorf("--of can't be %q: write ended, live or declined", o)}
		}
	}
	of.Outcomes = outcomes
	if month != "" {
		if of.From, err = time.Parse("2006-01", month); err != nil {
			return of, usageError{fmt.Errorf("--month can't be %q: write a month, such as 2026-11", month)}
		}
		of.To = of.From.AddDate(0, 1, 0)
	}
	return of, nil
}

func sampleTickets(ctx context.Context, config *config.Config, n int, seed uint64, of app.SampleOf, asJSON bool, out io.Writer) error {
	result, err := app.SampleTickets(ctx, config, n, seed, of)
	if err != nil {
		return err
	}
	if asJSON {
		err = json.NewEncoder(out).Encode(result)
	} else {
		err = writeSample(out, result)
	}
	switch {
	case err != nil:
		return err
	case len(result.Tickets) == 0:
		return fmt.Errorf("there is no such ticket in project %s: the sample is empty", config.Jira.Project)
	case result.Complete < len(result.Tickets):
		return fmt.Errorf("%d of %d tickets don't show everything", len(result.Tickets)-result.Complete, len(result.Tickets))
	}
	return nil
}

func writeSample(out io.Writer, s app.TicketSample) error {
	var b strings.Builder
	for _, f := range s.Tickets {
		fmt.Fprintf(&b, "%s  %s  (%s)\n", f.Issue, f.Title, f.Status)
		for _, part := range []struct {
			name  string
			lines []string
		}{{"approved", f.Approved}, {"declined", f.Declined}, {"changed", f.Changed}, {"removed", f.Removed}, {"MISSING", f.Missing}} {
			for _, line := range part.lines {
				fmt.Fprintf(&b, "    %-9s %s\n", part.name, line)
			}
		}
	}
	months, by := s.Counts()
	for _, m := range months {
		var parts []string
		for _, what := range []string{evidence.OutcomeEnded, evidence.OutcomeLive, evidence.OutcomeDeclined, evidence.OutcomeUndecided, evidence.DecidedByPeople, evidence.DecidedByRule, evidence.DecidedInEmergency, evidence.DecidedByNobody} {
			if by[m][what] > 0 {
				parts = append(parts, fmt.Sprintf("%s %d", what, by[m][what]))
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", cmp.Or(m, "month unknown"), strings.Join(parts, ", "))
	}
	if len(s.Tickets) > 0 {
		fmt.Fprintf(&b, "%d of %d tickets show who decided, what changed and whether access was removed. They were picked from %d in the statuses of such ones (seed %d).\n",
			s.Complete, len(s.Tickets), s.Of, s.Seed)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
