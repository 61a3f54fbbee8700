package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
)

func checkCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "check", Short: "Check the configuration and, with --online, the services", Args: noArgs,
		Long: `Check the configuration and, with --online, everything Latchkey needs of Slack, Jira and the directories.

--first-contact finds out how this Jira behaves where Atlassian's documentation leaves it open. It
opens test issues and walks each through one of the lives that a request may have, so it also needs --write.`,
	}
	path := configFlag(c)
	online := c.Flags().Bool("online", false, "also look at the services; one line for each finding")
	contact := c.Flags().Bool("first-contact", false, "find out how this Jira behaves, on test issues; needs --write")
	write := c.Flags().Bool("write", false, "with --first-contact: yes, open the test issues")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *contact != *write {
			return usageError{errors.New("--first-contact opens test issues in Jira: add --write if that is wanted; --write means nothing else")}
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		if *online || *contact {
			if err := checkServices(c.Context(), config, app.Checks{Online: *online, FirstContact: *contact}, c.OutOrStdout()); err != nil {
				return err
			}
		}
		if err := printSummary(config, c.OutOrStdout()); err != nil {
			return err
		}
		return printInForce(c.Context(), config, c.OutOrStdout())
	}
	return c
}

func checkServices(ctx context.Context, config *config.Config, what app.Checks, out io.Writer) error {
	faults, err := app.Check(ctx, config, what, func(f app.Finding) {
		fmt.Fprintln(out, findingLine(f))
	})
	if err == nil && faults > 0 {
		err = fmt.Errorf("%d of these need to be put right first", faults)
	}
	return err
}

func findingLine(f app.Finding) string {
	return fmt.Sprintf("%-5s  %-8s %s: %s", f.Level, f.Service, f.Check, f.Detail)
}

// keyLine says with what the record is signed.
func keyLine(k app.KeyList) string {
	if k.Signs {
		return "The record is signed with " + k.Public[0].Key + ", whose secret half is " + k.Where + "."
	}
	return "note: nothing can be signed yet: " + k.Lacking.Error() + ". The first start makes the key, if it may write there."
}

// printInForce says which catalogue the bot goes by that runs here, if one does.
func printInForce(ctx context.Context, config *config.Config, out io.Writer) error {
	running, here := app.RunningCatalogue(ctx, config)
	if !here {
		return nil
	}
	said := "The bot that runs here goes by this catalogue"
	if running.Catalog != config.Catalog.Version() {
		said = "The bot that runs here goes by another catalogue, " + running.Catalog
	}
	if !running.Since.IsZero() {
		said += ", since " + running.Since.UTC().Format("2006-01-02 15:04 MST")
	}
	if running.Refused != "" {
		said += ". It refuses its file: " + running.Refused
	}
	if len(running.Restart) > 0 {
		said += ". Counts only once it is started again: " + strings.Join(running.Restart, ", ")
	}
	_, err := fmt.Fprintln(out, said+".")
	return err
}

// printSummary says what a good configuration holds.
func printSummary(config *config.Config, out io.Writer) error {
	apps := config.Catalog.Apps()
	roles := 0
	for _, a := range apps {
		roles += len(a.Roles)
	}
	if _, err := fmt.Fprintf(out, "%s is fine: %s, %s, %s. Catalogue %s.\n", config.Path, counted(len(apps), "app"), counted(roles, "role"), counted(len(config.Catalog.Groups()), "governed group"), config.Catalog.Version()); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, keyLine(app.KeysOf(config))); err != nil {
		return err
	}
	for _, w := range config.Warnings {
		if _, err := fmt.Fprintf(out, "warning: %s:%d:%d: %s\n", config.Path, w.Line, w.Column, w.Problem); err != nil {
			return err
		}
	}
	for _, m := range config.MissingSecrets {
		if _, err := fmt.Fprintf(out, "note: %s\n", m.Problem); err != nil {
			return err
		}
	}
	return nil
}
