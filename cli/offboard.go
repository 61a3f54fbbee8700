package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func offboardCommand() *cobra.Command {
	c := &cobra.Command{Use: "offboard USER", Short: "End everything somebody holds and cancel what they asked for, now", Args: func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("latchkey offboard takes one e-mail address")}
		}
		return nil
	}}
	path := configFlag(c)
	reason := c.Flags().String("reason", "", "why; it goes into the record of everything that ends (required)")
	yes := c.Flags().Bool("yes", false, "don't ask to type the address")
	c.RunE = func(c *cobra.Command, args []string) error {
		if strings.TrimSpace(*reason) == "" {
			return usageError{fmt.Errorf("latchkey offboard needs --reason: it goes into the record of everything that ends")}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			found, err := admin.Holdings(c.Context(), args[0], whoami())
			if err != nil {
				return err
			}
			if err := writeHoldings(c.OutOrStdout(), found); err != nil {
				return err
			}
			if !*yes {
				if err := typedOut(c.InOrStdin(), c.OutOrStdout(), found.Who, "end it all"); err != nil {
					return err
				}
			}
			if _, err := admin.Offboard(c.Context(), args[0], *reason, whoami()); err != nil {
				return err
			}
			when := "It all ends when the bot runs again."
			if admin.Running() {
				when = "It all ends now; each issue says when it was seen to be gone."
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), when)
			return err
		})
	}
	return c
}

func writeHoldings(w io.Writer, found app.Holding) error {
	if len(found.Access)+len(found.Requests) == 0 {
		_, err := fmt.Fprintf(w, "%s holds nothing through Latchkey, and nothing is asked for.\n", found.Who)
		return err
	}
	for _, name := range found.Access {
		if _, err := fmt.Fprintf(w, "ends       %s\n", oneLine(name)); err != nil {
			return err
		}
	}
	for _, name := range found.Requests {
		if _, err := fmt.Fprintf(w, "cancelled  %s\n", oneLine(name)); err != nil {
			return err
		}
	}
	return nil
}

// typedOut asks for the address as the confirmation.
func typedOut(in io.Reader, out io.Writer, who, what string) error {
	if _, err := fmt.Fprintf(out, "Type %s to %s: ", who, what); err != nil {
		return err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && err != io.EOF {
		return fmt.Errorf("read the confirmation: %w", err)
	}
	if !strings.EqualFold(strings.TrimSpace(line), who) {
		return fmt.Errorf("that was not %s, so nothing was changed; in a script, use --yes", who)
	}
	return nil
}
