// Command latchkey is a Slack-first access-governance bot: people ask for access
// in Slack, the right person says yes, the identity provider's group changes, it
// ends on time, and one Jira issue tells the whole story.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"latchkey/access"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // wrong usage or configuration
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run parses, calls and turns the error into an exit code and one sentence.
func run(ctx context.Context, args []string) int {
	root := commands()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(root.ErrOrStderr(), "latchkey: "+sentence(err))
	return exitCode(err)
}

// sentence is what the person at the terminal reads: cause and remedy, without
// the chain that belongs into the log.
func sentence(err error) string {
	var f *access.Failure
	if !errors.As(err, &f) {
		return err.Error()
	}
	where, _, _ := strings.Cut(err.Error(), f.Error())
	return where + strings.TrimSuffix(f.Sentence, ".") + "."
}

// usageError marks wrong usage.
type usageError struct{ error }

func exitCode(err error) int {
	var usage usageError
	var config *ConfigError
	if errors.As(err, &usage) || errors.As(err, &config) {
		return exitUsage
	}
	return exitFailed
}

func commands() *cobra.Command {
	root := &cobra.Command{
		Use:           "latchkey",
		Short:         "Access requests in Slack, recorded in Jira, carried out in your identity provider",
		SilenceErrors: true, SilenceUsage: true,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("there is no command %q; see latchkey --help", args[0])}
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(demoCommand(), runCommand(), recoverCommand(), evidenceCommand(), reportCommand(), stuckCommand(), sandboxCommand(), checkCommand(), manifestCommand())
	return root
}

// configFlag adds --config to a command.
func configFlag(c *cobra.Command) *string {
	return c.Flags().String("config", "config.yaml", "configuration file")
}
