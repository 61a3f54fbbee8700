package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
)

func reviewImport() *cobra.Command {
	c := &cobra.Command{
		Use: "import APP FILE", Short: "Take over who has access to an app without a directory, from a file that it exports", Args: cobra.ExactArgs(2),
		Long: `Take over who has access to an app without a directory: CSV, or the first sheet of an Excel workbook (.xlsx), as the app's
administrators export it. Reviews that are read in the next seven days rest on it. Which columns say what is found out by
their names; what isn't, you say:

  latchkey review import pixelshop accounts.csv --column account="User ID" --role "Billing admin"=account-manager

A row needs the app's own id of the account (or else an e-mail address) and, where the app has several roles, the role. Whose
it is goes by a number of the HR file, an address, or an account in a directory (--column okta="Okta ID"). Nobody is made of a
row that matches nobody: it stays on the list, and somebody has to look at it. A file with a fault is refused as a whole.
Importing a new list after a review shows which of what was revoked is gone.`,
	}
	path := configFlag(c)
	var columns, roles []string
	c.Flags().StringArrayVar(&columns, "column", nil, "what a column means: account, email, number, name, first-name, last-name, role, last-used or a directory's id, and the name of the column, as in account=\"User ID\"")
	c.Flags().StringArrayVar(&roles, "role", nil, "which role a word in the file means, as in \"Billing admin\"=account-manager")
	c.RunE = func(c *cobra.Command, args []string) error {
		f := app.ListFile{App: args[0], Name: args[1]}
		f.Columns, f.Roles = map[app.ColumnMeaning]string{}, map[string]string{}
		for _, pair := range columns {
			meaning, header, said := strings.Cut(pair, "=")
			if !said || header == "" {
				return usageError{fmt.Errorf("--column takes a meaning and the name of a column, as in account=\"User ID\"; %q is none", pair)}
			}
			f.Columns[app.ColumnMeaning(meaning)] = header
		}
		for _, pair := range roles {
			i := strings.LastIndex(pair, "=")
			if i < 1 {
				return usageError{fmt.Errorf("--role takes a word of the file and the id of a role, as in \"Billing admin\"=account-manager; %q is none", pair)}
			}
			f.Roles[pair[:i]] = pair[i+1:]
		}
		var err error
		if f.Body, err = os.ReadFile(args[1]); err != nil {
			return fmt.Errorf("read the file: %w", err)
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			l, err := admin.ImportList(c.Context(), f, whoami())
			if err != nil {
				return err
			}
			return writeImported(c.OutOrStdout(), l)
		})
	}
	return c
}

// writeImported says what was imported, and what of it wasn't understood.
func writeImported(w io.Writer, l app.ImportedList) error {
	f := l.File
	fmt.Fprintf(w, "%s: %s imported as the list of %s (%s).\nSHA-256 %s\n", oneLine(f.Name), counted(f.Rows, "row"), oneLine(l.App), oneLine(f.Form), f.SHA256)
	for _, line := range f.Read {
		fmt.Fprintln(w, "read         "+oneLine(line))
	}
	for _, name := range f.Ignored {
		fmt.Fprintln(w, "not read     "+oneLine(name))
	}
	for _, note := range f.Notes {
		fmt.Fprintln(w, "note         "+oneLine(note))
	}
	_, err := fmt.Fprintln(w, "Reviews that are read in the next seven days rest on it.")
	return err
}

func reviewRemoved() *cobra.Command {
	c := &cobra.Command{Use: "removed ID", Short: "Say that rows which a review revoked were removed by hand from an app without a directory", Args: oneReview("removed")}
	path := configFlag(c)
	rows := c.Flags().StringSlice("rows", nil, "the numbers of the rows")
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(*rows) == 0 {
			return usageError{errors.New("latchkey review removed takes --rows")}
		}
		return withAdmin(c, *path, func(admin *app.AdminClient) error {
			if err := admin.SayRemoved(c.Context(), args[0], *rows, whoami()); err != nil {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), "It is written down as your word. The next list that is imported shows it.")
			return err
		})
	}
	return c
}
