package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
)

// importOptions are what can be asked of an import.
type importOptions struct {
	config string
	top    int
	write  string
	plan   bool
	noJira bool
}

func catalogImportCommand() *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use: "import DIRECTORY", Short: "Propose a catalogue of a directory's applications and groups, for review", Args: oneDirectory,
		Long: `Propose a catalogue of a directory's applications, of the groups that are assigned to them, and of how groups are
called. DIRECTORY is the id that it has under idp.

It changes nothing, neither there nor in the configuration: it writes YAML for a human to look at. Every role says why it
is proposed and how sure that is; every group that becomes none is named with the reason. What is configured already stays
out, so that a second import shows what is new, and what the directory shows differently.

What was requested most comes first, by the closed issues of the last 12 months in Jira, as far as they can be read.`,
	}
	path := configFlag(c)
	c.Flags().IntVar(&o.top, "top", 0, "the first so many applications only, such as 10; 0 for all")
	c.Flags().StringVar(&o.write, "write", "", "write the whole configuration with what is proposed into this new file, in place of the proposal alone")
	c.Flags().BoolVar(&o.plan, "plan", false, "say what would become different, as catalog plan does, in place of the proposal")
	c.Flags().BoolVar(&o.noJira, "no-jira", false, "don't read in Jira what was requested")
	c.RunE = func(c *cobra.Command, args []string) error {
		if o.top < 0 {
			return usageError{errors.New("--top can't be negative: write for example --top 10, or 0 for all")}
		}
		if o.write != "" && o.plan {
			return usageError{errors.New("--write and --plan are two ways to go on: choose one; latchkey catalog plan compares the file that was written")}
		}
		o.config = *path
		return o.run(c.Context(), args[0], c.OutOrStdout(), c.ErrOrStderr())
	}
	return c
}

func oneDirectory(c *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usageError{fmt.Errorf("latchkey catalog %s takes one directory, by its id under idp, as in latchkey catalog import okta", c.Name())}
	}
	return nil
}

func (o importOptions) run(ctx context.Context, directory string, out, progress io.Writer) error {
	if err := free(o.write); err != nil {
		return err
	}
	source, err := os.ReadFile(o.config)
	if err != nil {
		_, err = load(o.config) // says it as everywhere
		return err
	}
	c, err := config.ParseBegun(o.config, source, os.LookupEnv, app.Backends())
	if err != nil {
		return err
	}
	say := func(text string) { fmt.Fprintf(progress, "%s: %s\n", directory, text) }
	found, err := app.ImportCatalogue(ctx, c, app.Import{Directory: directory, NoJira: o.noJira, Say: say})
	if err != nil {
		return err
	}
	text := newImportText(c, directory, found, o.top)
	if text.found.Ways.Everyday == "" {
		return fmt.Errorf("%s has no route that fits any role, so nothing can be proposed: add one under approvals that asks somebody of whatever app, for example manager: [manager]", o.config)
	}
	for _, line := range text.summary() {
		fmt.Fprintln(progress, oneLine(line))
	}
	switch {
	case len(text.proposal.Apps) == 0 && (o.plan || o.write != ""):
		_, err = fmt.Fprintln(progress, "Nothing is proposed that the configuration doesn't have, so nothing becomes different and nothing is written.")
		return err
	case o.plan:
		return o.compare(c, source, text, out)
	case o.write != "":
		return o.create(source, text, progress)
	}
	_, err = io.WriteString(out, text.fragment())
	return err
}

// free fails for a file that is there: nothing is ever written over.
func free(path string) error {
	if path == "" {
		return nil
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return usageError{fmt.Errorf("%s is there already, and an import never writes over a file: name a new one", path)}
	}
	return nil
}

// create writes the whole configuration with what is proposed, after it was found to load.
func (o importOptions) create(source []byte, text importText, progress io.Writer) error {
	whole, err := text.whole(source)
	if err != nil {
		return fmt.Errorf("%s: %w", o.config, err)
	}
	if _, err := parse(o.write, whole); err != nil {
		return fmt.Errorf("what is proposed doesn't fit the configuration: %w", err)
	}
	if err := writeAnew(o.write, "the proposal", func(w io.Writer) error { _, err := w.Write(whole); return err }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(progress, "Written to %s. Look at it, offer what is right with status: approved, then see what it does: latchkey catalog plan %s %s\n", o.write, o.config, o.write)
	return err
}

// compare says what becomes different if all that is proposed is offered.
func (o importOptions) compare(before *config.Config, source []byte, text importText, out io.Writer) error {
	text.found.Ways.Offered = true
	whole, err := text.whole(source)
	if err != nil {
		return fmt.Errorf("%s: %w", o.config, err)
	}
	after, err := parse(o.config, whole)
	if err != nil {
		return fmt.Errorf("what is proposed doesn't fit the configuration: %w", err)
	}
	after.Path = "the proposal"
	p := app.PlanOfFiles(before, after)
	if err := writePlan(out, p, 5); err != nil {
		return err
	}
	if p.Changed {
		return changes{}
	}
	return nil
}
