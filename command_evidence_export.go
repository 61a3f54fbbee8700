package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

func evidenceExportCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "Write all requests, grants and events", Args: noArgs,
		Long: `Write all requests, grants and events, as of one moment and in a fixed order.

With --stable it leaves out what a store rebuilt by "latchkey recover" can't have in common with the
one that was lost: where in the log an event stands (number, hash, the hash before), and what belongs
to no request, because Jira never hears of it. Two stable exports of the same history are equal byte
by byte.`,
	}
	path := configFlag(c)
	format := c.Flags().String("format", "json", "json (one object a line), csv (one table) or html (one page)")
	of := c.Flags().StringSlice("of", nil, "what to write: requests, grants, events; all if not given, for csv events")
	stable := c.Flags().Bool("stable", false, "leave out what differs between a store and the one rebuilt from Jira")
	output := c.Flags().String("output", "", "file to write to; standard output if not given")
	c.RunE = func(c *cobra.Command, _ []string) error {
		options, err := exportOptions(*format, *of, *stable)
		if err != nil {
			return err
		}
		config, err := LoadConfig(*path, os.LookupEnv, withBackends())
		if err != nil {
			return err
		}
		return writeTo(*output, c.OutOrStdout(), func(w io.Writer) error {
			return withStore(c.Context(), config, func(s store.Store) error { return evidence.Export(c.Context(), s, w, options) })
		})
	}
	return c
}

func exportOptions(format string, of []string, stable bool) (evidence.ExportOptions, error) {
	o := evidence.ExportOptions{Format: evidence.Format(format), Stable: stable}
	if !slices.Contains([]evidence.Format{evidence.JSON, evidence.CSV, evidence.HTML}, o.Format) {
		return o, usageError{fmt.Errorf("--format can't be %q: write json, csv or html", format)}
	}
	if len(of) == 0 && o.Format == evidence.CSV {
		of = []string{string(evidence.Events)}
	}
	for _, name := range of {
		part := evidence.Part(strings.TrimSpace(name))
		if !slices.Contains(evidence.Parts(), part) {
			return o, usageError{fmt.Errorf("--of can't be %q: write requests, grants or events", name)}
		}
		o.Parts = append(o.Parts, part)
	}
	if o.Format == evidence.CSV && len(o.Parts) > 1 {
		return o, usageError{fmt.Errorf("a CSV file holds one table: write --of requests, --of grants or --of events")}
	}
	return o, nil
}

// writeTo writes to a file that only its owner can read, or to out without a name.
func writeTo(name string, out io.Writer, fn func(io.Writer) error) (err error) {
	if name == "" {
		return fn(out)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	err = fn(f)
	if closed := f.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write the export: %w", closed)
	}
	return err
}

// withStore opens the store by itself, for commands that only read it, and
// closes it after fn.
func withStore(ctx context.Context, config *Config, fn func(store.Store) error) error {
	if config.Store.Type == "bolt" {
		if _, err := os.Stat(config.Store.Path); errors.Is(err, fs.ErrNotExist) {
			return &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf(
				"There is no store at %s: run this where the bot runs, or correct store.path", config.Store.Path)}
		}
	}
	s, err := stores()[config.Store.Type](ctx, config.Store, newLogger(config, os.Stderr))
	if err != nil {
		return err
	}
	return errors.Join(fn(s), s.Close())
}
