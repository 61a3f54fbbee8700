package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func catalogCommand() *cobra.Command {
	c := &cobra.Command{Use: "catalog", Short: "Propose a catalogue, see what a change of it does, describe it to editors, and keep others in step with it", Args: noArgs, RunE: help}
	c.AddCommand(catalogImportCommand(), catalogPlanCommand(), syncJiraCommand(), schemaCommand())
	return c
}

// adminToken is the variable of the environment with an administrator's API token.
const adminToken = "JIRA_ADMIN_TOKEN"

func syncJiraCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "sync-jira", Short: "Have the portal's lists of apps and roles offer what the catalogue has", Args: noArgs,
		Long: `Have the lists of apps and roles on the portal's form offer what the catalogue has.

It says what it would do: with --write it does it, and then looks at what the form offers. What isn't in
the catalogue any more is disabled, never deleted, so that issues keep their values; what has another name
there is renamed, once it was written by this command before. All are listed in the catalogue's order.

Only Jira administrators may change options. Latchkey's account needn't be one: name yourself with --as,
and put your API token into ` + adminToken + `.`,
	}
	path := configFlag(c)
	write := c.Flags().Bool("write", false, "do it")
	as := c.Flags().String("as", "", "the address of a Jira administrator, whose API token is in "+adminToken)
	c.RunE = func(c *cobra.Command, _ []string) error {
		token := os.Getenv(adminToken)
		if (*as == "") != (token == "") {
			return usageError{errors.New("an administrator's address and API token belong together: --as, and " + adminToken + " in the environment")}
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		changes, err := app.SyncOptions(c.Context(), config, app.OptionSync{As: *as, Token: token, Write: *write})
		if err != nil {
			return err
		}
		return printChanges(c.OutOrStdout(), changes, *write)
	}
	return c
}

// printChanges says what is to be done about the lists, or was done.
func printChanges(out io.Writer, changes []app.OptionChange, done bool) error {
	for _, change := range changes {
		name := change.Name
		if change.Was != "" {
			name = change.Was + " to " + change.Name
		}
		if _, err := fmt.Fprintf(out, "%-7s  %s: %s\n", change.Kind, change.List, name); err != nil {
			return err
		}
	}
	n := len(changes)
	text := fmt.Sprintf("%s to be made. Nothing was changed: run it again with --write.", count(n, "change", "changes"))
	switch {
	case n == 0:
		text = "The form offers what the catalogue has."
	case done:
		text = fmt.Sprintf("%s made. The form offers what the catalogue has.", count(n, "change", "changes"))
	}
	_, err := fmt.Fprintln(out, text)
	return err
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
