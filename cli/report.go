package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/evidence"
)

func reportCommand() *cobra.Command {
	c := &cobra.Command{Use: "report", Short: "The figures of a week: volume, waiting times, revoke lag, manual touches", Args: noArgs}
	path := configFlag(c)
	week := c.Flags().String("week", "", "such as 2026-W47 (Monday to Sunday, UTC); the present week without it")
	asJSON := c.Flags().Bool("json", false, "as JSON, durations in seconds")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *week != "" {
			if _, err := evidence.Week(*week); err != nil {
				return usageError{fmt.Errorf("--week %w", err)}
			}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			r, err := admin.Report(c.Context(), *week)
			if err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), r)
			}
			return writeReport(c.OutOrStdout(), r)
		})
	}
	return c
}

func writeReport(out io.Writer, r app.WeeklyReport) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintf(w, "Week %s, %s to %s (UTC)\n\n", r.Week, r.From.Format("Mon 2 Jan"), r.To.AddDate(0, 0, -1).Format("Mon 2 Jan 2006"))
	fmt.Fprintf(w, "Requests\t%d\t%s\n", r.Submitted, states(r.Report))
	for _, row := range []struct {
		name, what string
		spread     evidence.Spread
	}{
		{"Approval", "from the asking to the last answer", r.Approval},
		{"Provisioning", "from the decision to access that was read back", r.Provisioning},
		{"Revoke lag", "from the end of access to seeing that it is gone, or to hearing it from whoever removed it", r.RevokeLag},
	} {
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", row.name, row.spread.Count, spread(row.spread), row.what)
	}
	for _, on := range slices.Sorted(maps.Keys(r.Answers)) {
		fmt.Fprintf(w, "Answers, %s\t%d\t%s\t%s\n", on.Words(), r.Answers[on].Count, spread(r.Answers[on]), "from being asked to answering there")
	}
	fmt.Fprintf(w, "Granted\t%d\nRemoved\t%d\n", r.Granted, r.Removed)
	fmt.Fprintf(w, "Manual touches\t%d\tfulfilled manually %d, retries %d\n", r.ManualTouches(), r.Fulfilled, r.Retries)
	fmt.Fprintf(w, "Touches per ticket\t%d\t%s\n", r.Submitted, r.Touches)
	fmt.Fprintf(w, "Conflicts\t%d\t%s\n", r.Conflicts, map[bool]string{true: "somebody has together what can't go together"}[r.Conflicts > 0])
	fmt.Fprintf(w, "Drift\t%d\t%s\n", r.Drift, map[bool]string{true: "changes by hand in Jira that were told and not obeyed"}[r.Drift > 0])
	fmt.Fprintf(w, "Stuck now\t%d\t%s\n", r.Stuck, map[bool]string{true: "see latchkey stuck"}[r.Stuck > 0])
	if err := w.Flush(); err != nil || r.Checkpoint == "" {
		return err
	}
	_, err := fmt.Fprint(out, "\nThe newest signed head of the log, to keep:\n"+r.Checkpoint)
	return err
}

// states lists the requests by where they stand.
func states(r evidence.Report) string {
	var parts []string
	for _, state := range slices.Sorted(maps.Keys(r.Requests)) {
		parts = append(parts, fmt.Sprintf("%s %d", state, r.Requests[state]))
	}
	return strings.Join(parts, ", ")
}

func spread(s evidence.Spread) string {
	if s.Count == 0 {
		return "none"
	}
	return fmt.Sprintf("median %s, nine of ten within %s, worst %s", took(s.Median), took(s.P90), took(s.Worst))
}

// took writes a duration for people, no more exactly than they care for.
func took(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	default:
		return d.Round(time.Second).String()
	}
}
