package cli

import (
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/evidence"
)

// weeksBack is how many weeks a shell offers.
const weeksBack = 12

// completes has a shell offer what a flag can be. A configuration that doesn't load offers nothing: whoever types is told
// what is wrong with it once they are done.
func completes(c *cobra.Command, flag string, offers func(path string) []cobra.Completion) {
	offer := func(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		path := "config.yaml"
		if f := c.Flags().Lookup("config"); f != nil && f.Value.String() != "" {
			path = f.Value.String()
		}
		return offers(path), cobra.ShellCompDirectiveNoFileComp
	}
	_ = c.RegisterFlagCompletionFunc(flag, offer) // fails where there is no such flag; a test asks for each of them
}

// fixedWords are offered whatever the configuration says.
func fixedWords(words ...string) func(string) []cobra.Completion {
	return func(string) []cobra.Completion { return words }
}

// appIDs are the apps of the catalogue, with their names.
func appIDs(path string) (out []cobra.Completion) {
	c, err := load(path)
	if err != nil {
		return nil
	}
	for _, a := range c.Catalog.Apps() {
		out = append(out, cobra.CompletionWithDesc(a.ID, a.Name))
	}
	return out
}

// namedPeople are everybody whom the configuration names, with what for. It knows nobody else without asking somebody.
func namedPeople(path string) (out []cobra.Completion) {
	c, err := load(path)
	if err != nil {
		return nil
	}
	for _, p := range app.PeopleNamed(c) {
		out = append(out, cobra.CompletionWithDesc(p.Address, p.As))
	}
	return out
}

// lastWeeks are the weeks until now, the present one first.
func lastWeeks(now func() time.Time) func(string) []cobra.Completion {
	return func(string) (out []cobra.Completion) {
		for n := range weeksBack {
			out = append(out, evidence.WeekOf(now().UTC().AddDate(0, 0, -7*n)))
		}
		return out
	}
}

// offered are the completions of all flags, by the command and the flag.
func offered(root *cobra.Command) {
	for command, flags := range map[string]map[string]func(string) []cobra.Completion{
		"evidence trace":  {"format": fixedWords("text", "json", "html"), "app": appIDs, "person": namedPeople},
		"evidence export": {"format": fixedWords("json", "csv", "html", "bundle"), "of": fixedWords("requests", "grants", "events"), "app": appIDs, "person": namedPeople},
		"reclaim exempt":  {"app": appIDs, "person": namedPeople},
		"report":          {"week": lastWeeks(time.Now)},
	} {
		c, _, _ := root.Find(strings.Fields(command))
		for flag, offers := range flags {
			completes(c, flag, offers)
		}
	}
	for _, name := range []string{"offboard", "erase"} {
		c, _, _ := root.Find([]string{name})
		c.ValidArgsFunction = func(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			path, err := c.Flags().GetString("config")
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return namedPeople(path), cobra.ShellCompDirectiveNoFileComp
		}
	}
}
