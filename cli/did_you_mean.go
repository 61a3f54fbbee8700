package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"latchkey/app"
)

// noCommand is wrong usage: there is no such command, and which one may have been meant.
func noCommand(c *cobra.Command, name string) error {
	var known []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			known = append(known, sub.Name())
		}
	}
	if near := app.Nearest(name, known); near != "" {
		return usageError{fmt.Errorf("there is no command %q: did you mean %s %s?", name, c.CommandPath(), near)}
	}
	return usageError{fmt.Errorf("there is no command %q; see %s --help", name, c.CommandPath())}
}

// noFlag is wrong usage, with the flag that may have been meant.
func noFlag(c *cobra.Command, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "unknown flag: --")
	if !unknown {
		return usageError{err}
	}
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if near := app.Nearest(name, known); near != "" {
		return usageError{fmt.Errorf("there is no flag --%s: did you mean --%s?", name, near)}
	}
	return usageError{fmt.Errorf("there is no flag --%s; see %s --help", name, c.CommandPath())}
}

// meant adds to a failure whom and what somebody may have meant, of those whom the configuration names.
func meant(err error, path, person, appID string) error {
	c, broken := load(path)
	if broken != nil {
		return err
	}
	var apps, people []string
	for _, a := range c.Catalog.Apps() {
		apps = append(apps, a.ID)
	}
	for _, p := range app.PeopleNamed(c) {
		people = append(people, p.Address)
	}
	for _, said := range []struct {
		word  string
		known []string
	}{{appID, apps}, {person, people}} {
		if near := app.Nearest(said.word, said.known); near != "" && !slices.Contains(said.known, said.word) {
			return fmt.Errorf("%w; did you mean %s?", err, near)
		}
	}
	return err
}
