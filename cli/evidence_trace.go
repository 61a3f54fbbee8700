package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/evidence/tracepage"
)

// tracing is what of a trace is wanted, and how.
type tracing struct{ person, app, format, output string }

func traceCommand() *cobra.Command {
	c := &cobra.Command{Use: "trace --person EMAIL --app APP", Short: "Tell one person's access to one app from the request to the removal", Args: noArgs}
	path := configFlag(c)
	var of tracing
	c.Flags().StringVar(&of.person, "person", "", "the person's e-mail address, now or at an earlier time; or their id, if addresses were erased")
	c.Flags().StringVar(&of.app, "app", "", "the app's id in the catalogue")
	c.Flags().StringVar(&of.format, "format", "text", "text, json (with every event in full), or html (one page, to be opened and printed)")
	c.Flags().StringVar(&of.output, "output", "", "file to write to; standard output if not given")
	asJSON := c.Flags().Bool("json", false, "the same as --format json")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if of.person == "" || of.app == "" {
			return usageError{errors.New("name the person and the app: latchkey evidence trace --person maya@acme.example --app figma")}
		}
		if *asJSON {
			of.format = "json"
		}
		if !slices.Contains([]string{"text", "json", "html"}, of.format) {
			return usageError{fmt.Errorf("--format can't be %q: write text, json or html", of.format)}
		}
		return of.write(c, *path)
	}
	return c
}

func (of tracing) write(c *cobra.Command, path string) error {
	config, err := load(path)
	if err != nil {
		return err
	}
	return withAdmin(c, path, func(admin *app.AdminClient) error {
		t, err := admin.Trace(c.Context(), of.person, of.app)
		if err != nil {
			return meant(err, path, of.person, of.app)
		}
		return writeTo(of.output, c.OutOrStdout(), func(w io.Writer) error { return of.draw(w, t, config) })
	})
}

func (of tracing) draw(w io.Writer, t evidence.Trace, config *config.Config) error {
	switch of.format {
	case "json":
		return writeJSON(w, t)
	case "html":
		about := tracepage.About{Made: time.Now(), Version: app.Version(), Site: config.Jira.URL}
		if a, known := config.Catalog.App(t.App); known {
			about.AppName = a.Name
		}
		return tracepage.Write(w, t, about)
	}
	return t.WriteText(w)
}
