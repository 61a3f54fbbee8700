package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

// peopleCommand takes IT's word for who somebody is.
func peopleCommand() *cobra.Command {
	c := &cobra.Command{Use: "people", Short: "Say who somebody is, where Latchkey can't tell", Args: noArgs, RunE: help}
	c.AddCommand(
		showPersonCommand(),
		correctionCommand("same ADDRESS", "Somebody who came back is the same person as before, or was offboarded by mistake", "%s is known as before, and can ask and decide again.\n"),
		correctionCommand("other ADDRESS", "Somebody else has the accounts of a person who left", "What %s held ends. Whoever has the accounts now is somebody new.\n"),
		correctionCommand("merge ADDRESS OTHER-ADDRESS", "Two people are the same human", "Both are %s from now on.\n"),
		correctionCommand("split ADDRESS SYSTEM:ACCOUNT-ID", "An account of somebody's is another human's", "The account is not that of %s any more. What was given to it follows it.\n"),
		correctionCommand("moved OLD-DOMAIN NEW-DOMAIN", "Addresses are meant to go from one domain to another", "Noted. Nothing more is asked about it.\n"),
		correctionCommand("meant ADDRESS", "Whoever has an address now is meant by the configuration", "What the configuration gives the address of %s is theirs from now on.\n"),
		correctionCommand("jira ADDRESS ACCOUNT-ID", "An account in Jira is somebody's", "The account in Jira is that of %s.\n"),
		correctionCommand("account ADDRESS SYSTEM:ACCOUNT-ID", "An account, as in okta:00u1a2b3, is somebody's", "The account is that of %s, and surely so.\n"),
		correctionCommand("not ADDRESS SYSTEM:ACCOUNT-ID", "An account isn't somebody's", "The account is not that of %s any more. Nothing new is given to it in their name.\n"),
	)
	return c
}

func correctionCommand(use, short, done string) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short}
	wanted := len(strings.Fields(use)) - 1
	c.Args = func(_ *cobra.Command, args []string) error {
		if len(args) != wanted || args[0] == "" || args[len(args)-1] == "" {
			return usageError{fmt.Errorf("write latchkey people %s", use)}
		}
		return nil
	}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			name, err := admin.SayWho(c.Context(), c.Name(), args[0], append(args, "")[1], whoami())
			if err == nil {
				_, err = fmt.Fprint(c.OutOrStdout(), strings.ReplaceAll(done, "%s", name))
			}
			return err
		})
	}
	return c
}
