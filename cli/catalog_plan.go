package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/catalog/plan"
)

// exitChanges is how a plan ends that says that something becomes different.
const exitChanges = 3

// changes end a command that worked with a code of its own.
type changes struct{}

func (changes) Error() string { return "something becomes different" }

// planOptions are what can be asked of a plan.
type planOptions struct {
	store, json, markdown bool
	names                 int
}

func catalogPlanCommand() *cobra.Command {
	var o planOptions
	c := &cobra.Command{
		Use: "plan OLD NEW", Short: "Say what becomes different when one configuration takes another one's place", Args: twoFiles,
		Long: `Say what becomes different when the file NEW takes the place of OLD: who may ask for what, who has to agree,
for how long, and who may say yes. It changes nothing, and runs what Latchkey itself runs.

By the two files alone it judges the kinds of people that they tell apart. With --against-store it judges everybody
who is known and the requests of the last 30 days, as the store of NEW has them; the bot may run meanwhile.

It ends with 0 if nothing becomes different, with 3 if something does, and with 2 if a file is faulty.`,
	}
	c.Flags().BoolVar(&o.store, "against-store", false, "judge the people and the requests of the last 30 days that the store knows")
	c.Flags().BoolVar(&o.json, "json", false, "as JSON")
	c.Flags().BoolVar(&o.markdown, "markdown", false, "as Markdown, for a pull request")
	c.Flags().IntVar(&o.names, "names", 5, "how many names stand in a line, at most 100")
	c.RunE = func(c *cobra.Command, args []string) error {
		if o.json && o.markdown {
			return usageError{errors.New("--json and --markdown are two ways to write the same: choose one")}
		}
		p, err := planOf(c.Context(), args[0], args[1], o.store)
		if err != nil {
			return err
		}
		if err := o.write(c, p); err != nil {
			return err
		}
		if p.Changed {
			return changes{}
		}
		return nil
	}
	return c
}

func twoFiles(c *cobra.Command, args []string) error {
	if len(args) != 2 {
		return usageError{fmt.Errorf("latchkey catalog %s takes two files: the one that is there, and the one that is to be", c.Name())}
	}
	return nil
}

// planOf reads both files, and says all that is wrong with them at once.
func planOf(ctx context.Context, before, after string, store bool) (plan.Plan, error) {
	old, fault := load(before)
	now, err := load(after)
	if err := errors.Join(fault, err); err != nil {
		return plan.Plan{}, err
	}
	if store {
		return app.PlanAgainstStore(ctx, old, now)
	}
	return app.PlanOfFiles(old, now), nil
}

func (o planOptions) write(c *cobra.Command, p plan.Plan) error {
	switch {
	case o.json:
		return writeJSON(c.OutOrStdout(), p)
	case o.markdown:
		return writePlanMarkdown(c.OutOrStdout(), p, o.names)
	}
	return writePlan(c.OutOrStdout(), p, o.names)
}
