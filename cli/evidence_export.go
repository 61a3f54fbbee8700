package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

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
by byte.`,
	}
	path := configFlag(c)
	format := c.Flags().String("format", "json", "json (one object a line), csv (one table), html (one page), or bundle (the log and its anchors, for latchkey evidence verify)")
	of := c.Flags().StringSlice("of", nil, "what to write: requests, grants, events; all if not given, for csv events")
	stable := c.Flags().Bool("stable", false, "leave out what differs between a store and the one rebuilt from Jira")
	nameless := c.Flags().Bool("without-names", false, "of a bundle: leave out what names or quotes people; it can be verified all the same")
	output := c.Flags().String("output", "", "file to write to; standard output if not given")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *format == "bundle" {
			return exportBundle(c, *path, *output, *nameless)
		}
		options, err := exportOptions(*format, *of, *stable)
		if err != nil {
			return err
		}
		config, err := load(*path)
		if err != nil {
			return err
		}
		head := ""
		err = writeTo(*output, c.OutOrStdout(), func(w io.Writer) (err error) {
			head, err = app.Export(c.Context(), config, w, options)
			return err
		})
		if err == nil && options.Format == evidence.CSV && head != "" && !options.Stable {
			fmt.Fprint(c.ErrOrStderr(), "The newest signed head of the log, to keep beside the table:\n"+head)
		}
		return err
	}
	return c
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
