package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/evidence"
)

func evidenceExportCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "export", Short: "Write all requests, grants and events", Args: noArgs,
		Long: `Write all requests, grants and events, as of one moment and in a fixed order.

With --stable it leaves out what a store rebuilt by "latchkey recover" can't have in common with the
one that was lost: where in the log an event stands (number, hash, the hash before), and what belongs
to no request, because Jira never hears of it. Two stable exports of the same history are equal byte
by byte.

--from, --to, --app and --person leave the rest out: of requests those made in the period are written, of access that which
was there at some moment of it, of events those that happened in it. The bot may run meanwhile.`,
	}
	path := configFlag(c)
	format := c.Flags().String("format", "json", "json (one object a line), csv (one table), html (one page), or bundle (the log and its anchors, for latchkey evidence verify)")
	of := c.Flags().StringSlice("of", nil, "what to write: requests, grants, events; all if not given, for csv events")
	stable := c.Flags().Bool("stable", false, "leave out what differs between a store and the one rebuilt from Jira")
	nameless := c.Flags().Bool("without-names", false, "of a bundle: leave out what names or quotes people; it can be verified all the same")
	output := c.Flags().String("output", "", "file to write to; standard output if not given")
	only := onlyFlags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *format == "bundle" && *only != (onlyFlag{}) {
			return usageError{errors.New("a bundle is the whole log, so that it can be verified: leave out --from, --to, --app and --person, or choose another format")}
		}
		if *format == "bundle" {
			return exportBundle(c, *path, *output, *nameless)
		}
		options, err := exportOptions(*format, *of, *stable)
		if err == nil {
			options.Only, err = only.read()
		}
		if err != nil {
			return err
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		head := ""
		err = writeTo(*output, c.OutOrStdout(), func(w io.Writer) (err error) {
			head, err = app.Export(c.Context(), config, w, app.Exporting{ExportOptions: options, Who: only.person})
			return err
		})
		if err == nil && options.Format == evidence.CSV && head != "" && !options.Stable {
			fmt.Fprint(c.ErrOrStderr(), "The newest signed head of the log, to keep beside the table:\n"+head)
		}
		return err
	}
	return c
}

// onlyFlag are what of an export is wanted.
type onlyFlag struct{ from, to, app, person string }

func onlyFlags(c *cobra.Command) *onlyFlag {
	o := &onlyFlag{}
	c.Flags().StringVar(&o.from, "from", "", "first day of a period, such as 2026-10-01 (UTC)")
	c.Flags().StringVar(&o.to, "to", "", "last day of a period, such as 2026-12-31 (UTC)")
	c.Flags().StringVar(&o.app, "app", "", "one app alone, by its id in the catalogue")
	c.Flags().StringVar(&o.person, "person", "", "one person alone, by an address, now or at an earlier time, or by their id")
	return o
}

func (o *onlyFlag) read() (only evidence.Only, err error) {
	only.App = o.app
	day := func(flag, text string) (t time.Time) {
		if text == "" {
			return t
		}
		t, wrong := time.Parse(time.DateOnly, text)
		if wrong != nil && err == nil {
			err = usageError{fmt.Errorf("--%s can't be %q: write a day, such as 2026-12-31", flag, text)}
		}
		return t
	}
	only.From, only.To = day("from", o.from), day("to", o.to)
	if !only.To.IsZero() {
		only.To = only.To.AddDate(0, 0, 1) // that day is part of it
	}
	if err == nil && !only.To.IsZero() && !only.From.Before(only.To) {
		err = usageError{fmt.Errorf("--from %s is after --to %s", o.from, o.to)}
	}
	return only, err
}

func exportBundle(c *cobra.Command, path, output string, nameless bool) error {
	config, err := load(path)
	if err != nil {
		return err
	}
	return writeTo(output, c.OutOrStdout(), func(w io.Writer) error { return app.Bundle(c.Context(), config, w, nameless) })
}

func exportOptions(format string, of []string, stable bool) (evidence.ExportOptions, error) {
	o := evidence.ExportOptions{Format: evidence.Format(format), Stable: stable}
	if !slices.Contains([]evidence.Format{evidence.JSON, evidence.CSV, evidence.HTML}, o.Format) {
		return o, usageError{fmt.Errorf("--format can't be %q: write json, csv, html or bundle", format)}
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
