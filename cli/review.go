package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func reviewCommand() *cobra.Command {
	c := &cobra.Command{Use: "review", Short: "Hold access reviews: who still needs what, and what is taken away", Args: noArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(reviewStart(), reviewStatus(), reviewClose(), reviewHandOn(), reviewExport(), reviewImport(), reviewRemoved())
	return c
}

// oneReview takes the id of a review or of a run.
func oneReview(command string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("latchkey review %s takes one id: see latchkey review status", command)}
		}
		return nil
	}
}

func reviewStart() *cobra.Command {
	c := &cobra.Command{Use: "start ID", Short: "Begin a review by its id in the configuration, or start the run of that id, which was read", Args: oneReview("start")}
	path, again := configFlag(c), c.Flags().Bool("read-again", false, "have the groups read again, and start nothing")
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			do := admin.StartReview
			if *again {
				do = admin.ReadReview
			}
			r, err := do(c.Context(), args[0], whoami())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %s.%s\n", r.ID, reviewStands(r), unlessRunning(admin))
			return err
		})
	}
	return c
}

// unlessRunning says what has to be for anything to happen.
func unlessRunning(admin *app.AdminClient) string {
	if admin.Running() {
		return ""
	}
	return " It goes on when the bot runs."
}

func reviewStatus() *cobra.Command {
	c := &cobra.Command{Use: "status [ID]", Short: "Say how reviews stand; of one, what was read, who is asked, what is left and what is removed", Args: cobra.MaximumNArgs(1)}
	path, asJSON := configFlag(c), c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			if len(args) == 0 {
				all, err := admin.Reviews(c.Context())
				if err != nil || *asJSON {
					return orJSON(c.OutOrStdout(), all, err)
				}
				return writeReviews(c.OutOrStdout(), all)
			}
			s, err := admin.Review(c.Context(), args[0])
			if err != nil || *asJSON {
				return orJSON(c.OutOrStdout(), s, err)
			}
			return writeReview(c.OutOrStdout(), s)
		})
	}
	return c
}

func orJSON(w io.Writer, v any, err error) error {
	if err != nil {
		return err
	}
	return writeJSON(w, v)
}

func reviewClose() *cobra.Command {
	c := &cobra.Command{Use: "close ID", Short: "End a run early: nobody answers any more, and what was revoked is removed", Args: oneReview("close")}
	path, why := configFlag(c), c.Flags().String("cancel", "", "cancel it instead, for this reason; what was revoked by now stays revoked")
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			r, err := admin.CloseReview(c.Context(), args[0], strings.TrimSpace(*why), whoami())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %s.%s\n", r.ID, reviewStands(r), unlessRunning(admin))
			return err
		})
	}
	return c
}

func reviewHandOn() *cobra.Command {
	c := &cobra.Command{Use: "hand-on ID", Short: "Have somebody else answer: in another one's place, or some rows", Args: oneReview("hand-on")}
	path := configFlag(c)
	var h app.HandOn
	c.Flags().StringVar(&h.From, "from", "", "the address of whoever is asked now: all that waits for them")
	c.Flags().StringSliceVar(&h.Rows, "rows", nil, "instead, the numbers of the rows")
	c.Flags().StringVar(&h.To, "to", "", "the address of who answers from now on")
	c.Flags().StringVar(&h.Why, "why", "", "the reason, which stands in the evidence")
	c.RunE = func(c *cobra.Command, args []string) error {
		if h.To == "" || (h.From == "") == (len(h.Rows) == 0) {
			return usageError{errors.New("latchkey review hand-on takes --to, and one of --from and --rows")}
		}
		h.Review = args[0]
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			if err := admin.HandOnReview(c.Context(), h, whoami()); err != nil {
				return err
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "%s answers now.\n", oneLine(h.To))
			return err
		})
	}
	return c
}

// reviewStands says how a run stands.
func reviewStands(c app.Review) string {
	switch c.State {
	case "reading":
		return "the groups are being read"
	case "unproven":
		return "it isn't certain that everybody was read"
	case "draft":
		return "read; it waits to be started"
	case "open":
		if c.Due.IsZero() {
			return "what nobody answered is left to IT"
		}
		return "reviewers answer until " + stamp(c.Due)
	case "enforcing":
		if until := c.OnlyHands(); !until.IsZero() {
			return "answered; open until " + stamp(until) + " at the latest for what is removed by hand"
		}
		return "answered; what was revoked is being removed"
	case "cancelled":
		return "cancelled: " + oneLine(c.Why)
	}
	return "closed " + stamp(c.Closed)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

func writeReviews(w io.Writer, all []app.Review) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "There was no access review yet. Begin one that is configured: latchkey review start ID")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, c := range all {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.ID, oneLine(c.Review.Name), reviewStands(c), counted(c.Counts.Rows, "row"))
	}
	return t.Flush()
}

func writeReview(w io.Writer, s app.ReviewStatus) error {
	c := s.Review
	fmt.Fprintf(w, "%s  %s: %s\n", c.ID, oneLine(c.Review.Name), reviewStands(c))
	if c.Snapshot != "" {
		n := c.Counts
		fmt.Fprintf(w, "read %s: %d rows of %d people in %d groups, %d privileged, %d of people who have left, %d without a reviewer\n", stamp(c.Read), n.Rows, n.People, n.Groups, n.Privileged, n.Left, n.Alone)
	}
	for _, line := range s.Draft.Unproven {
		fmt.Fprintln(w, "not proven   "+oneLine(line))
	}
	if c.Accepted != nil {
		fmt.Fprintf(w, "accepted     %s: %s\n", stamp(c.Accepted.At), oneLine(c.Accepted.Why))
	}
	for _, x := range s.Draft.Excluded {
		fmt.Fprintf(w, "left out     %s: %s (approved by %s, %s)\n", oneLine(x.What), oneLine(x.Why), oneLine(x.By), counted(x.Rows, "row"))
	}
	for _, line := range s.Draft.Conflicts {
		fmt.Fprintln(w, "conflict     "+oneLine(line))
	}
	for _, line := range s.Draft.NotCovered {
		fmt.Fprintln(w, "can't see    "+oneLine(line))
	}
	return writeReviewers(w, s)
}

func writeReviewers(w io.Writer, s app.ReviewStatus) error {
	if s.Review.Started.IsZero() {
		for _, r := range s.Draft.Reviewers {
			fmt.Fprintf(w, "would ask    %s: %s (%s)\n", oneLine(r.Name), counted(r.Rows, "row"), oneLine(r.How))
		}
		return nil
	}
	for _, r := range s.Reviewers {
		name := r.Name
		if len(r.Asked) > 0 {
			name += " (it is answered by " + strings.Join(r.Asked, ", ") + ")"
		}
		fmt.Fprintf(w, "reviewer     %s: %d of %d rows left, %d revoked\n", oneLine(name), r.Left, r.Rows, r.Revoked)
	}
	p := s.Status.Campaign.Progress
	_, err := fmt.Fprintf(w, "kept %d, revoked %d: %d seen to be gone, %d gone before that, %d being removed, %d by hand, %d not removed, %d kept by another grant, %d given back\n", p.Kept, p.Revoked, p.Gone, p.Ended, p.Open, p.Manual, p.Failed, p.Shared, p.Restored)
	return err
}
