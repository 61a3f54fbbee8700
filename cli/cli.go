// Package cli is Latchkey's command line: each command parses, calls, prints and
// says how it went by its exit code.
package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/cli/ask"
	"latchkey/config"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // wrong usage or configuration
	// exitChanges, 3, is in catalog_plan.go
)

// Run carries out one command and turns its error into an exit code and one
// sentence. The example is the configuration that the sandbox runs on unless
// another is named.
func Run(ctx context.Context, args []string, example []byte) int {
	root := commands(example)
	root.SetArgs(args)
	root.SetIn(ask.Until(ctx, os.Stdin))
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if errors.Is(err, changes{}) {
		return exitChanges
	}
	fmt.Fprintln(root.ErrOrStderr(), "latchkey: "+app.Sentence(err))
	return exitCode(err)
}

func exitCode(err error) int {
	var usage usageError
	var faults *config.Error
	if errors.As(err, &usage) || errors.As(err, &faults) {
		return exitUsage
	}
	return exitFailed
}

// Commands are all commands, as the release documents them. The example is as for Run.
func Commands(example []byte) *cobra.Command { return commands(example) }

func commands(example []byte) *cobra.Command {
	root := &cobra.Command{
		Use:   "latchkey",
		Short: "Access requests in Slack, recorded in Jira, carried out in your identity provider",
		Long: "Access requests in Slack, recorded in Jira, carried out in your identity provider.\n\n" +
			"Exit status: 0 done, 1 failed, 2 wrong usage or configuration; catalog plan also 3, if anything becomes different.",
		SilenceErrors: true, SilenceUsage: true,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(c, args[0])
			}
			return nil
		},
		RunE: help,
	}
	root.SetFlagErrorFunc(noFlag)
	root.AddCommand(
		demoCommand(example), runCommand(), recoverCommand(), evidenceCommand(), reportCommand(), stuckCommand(), healthCommand(), peopleCommand(),
		offboardCommand(), birthrightCommand(), reviewCommand(), reclaimCommand(), pauseCommand(), resumeCommand(), backupCommand(), restoreCommand(), storeCommand(), eraseCommand(),
		sandboxCommand(example), checkCommand(), initCommand(), catalogCommand(), manifestCommand(), versionCommand(),
	)
	offered(root)
	return root
}
