package cli

import (
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

// everything is what stands for all that is stuck.
const everything = "all"

func stuckRetryCommand() *cobra.Command {
	c := &cobra.Command{Use: "retry NUMBER|all", Short: "Try stuck work again, named by its number, request, grant or issue", Args: func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("latchkey stuck retry takes one number, or all; latchkey stuck lists them")}
		}
		return nil
	}}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			when := "It is tried when the bot runs again."
			if admin.Running() {
				when = "It is being tried now."
			}
			if args[0] == everything {
				all, err := admin.RetryAll(c.Context(), whoami())
				if err != nil {
					return err
				}
				return writeRetried(c.OutOrStdout(), all, when)
			}
			w, err := admin.Retry(c.Context(), args[0], whoami())
			if err != nil {
				return err
			}
			return writeRetried(c.OutOrStdout(), []app.Retried{{Stuck: w}}, when)
		})
	}
	return c
}

// writeRetried says of each thing, in a line, whether it is tried again.
func writeRetried(w io.Writer, all []app.Retried, when string) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "Nothing is stuck.")
		return err
	}
	failed := 0
	for _, one := range all {
		said := "Latchkey will " + one.What + ". " + when
		if one.Problem != "" {
			failed++
			said = "it isn't tried again. " + oneLine(one.Problem)
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", named(one.Stuck), said); err != nil {
			return err
		}
	}
	if failed > 0 {
		return errors.New("not all of it is tried again: the lines above say what isn't, and why")
	}
	return nil
}

// whoami is who sits at the terminal, as evidence.
func whoami() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(u.Username)
}
