package cli

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func reviewExport() *cobra.Command {
	c := &cobra.Command{
		Use: "export ID", Short: "Write the evidence of a run into a ZIP file, signed, which anybody can check", Args: oneReview("export"),
		Long: `Write the evidence of a run into a ZIP file: the whole review to read and to print, tables, the same for
programs, and the events that it is made of. It is signed; "latchkey evidence verify FILE" checks it anywhere.
A run that is not over yet is written as it stands.`,
	}
	path, output := configFlag(c), c.Flags().String("output", "", "file to write; the run's id, and .zip, if not given")
	c.RunE = func(c *cobra.Command, args []string) error {
		name := *output
		if name == "" {
			name = args[0] + ".zip"
		}
		err := withAdmin(c, *path, func(admin *app.AdminClient) error {
			return writeAnew(name, "the evidence", func(w io.Writer) error { return admin.ExportReview(c.Context(), args[0], whoami(), w) })
		})
		if err == nil {
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: the evidence of %s. Check it with latchkey evidence verify --key KEY %s\n", oneLine(name), oneLine(args[0]), oneLine(name))
		}
		return err
	}
	return c
}
