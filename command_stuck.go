package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/workflow/query"
)

func stuckCommand() *cobra.Command {
	c := &cobra.Command{Use: "stuck", Short: "List what needs a human", Args: noArgs}
	path := configFlag(c)
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withOffice(c, *path, func(v *visitor) error {
			var list []query.Stuck
			if err := v.ask(c.Context(), http.MethodGet, "/stuck", nil, &list); err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), list)
			}
			return writeStuck(c.OutOrStdout(), list)
		})
	}
	c.AddCommand(stuckRetryCommand())
	return c
}

func stuckRetryCommand() *cobra.Command {
	c := &cobra.Command{Use: "retry ID", Short: "Try stuck work again, named by its id, request, grant or issue", Args: func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || args[0] == "" {
			return usageError{fmt.Errorf("latchkey stuck retry takes one id; latchkey stuck lists them")}
		}
		return nil
	}}
	path := configFlag(c)
	c.RunE = func(c *cobra.Command, args []string) error {
		return withOffice(c, *path, func(v *visitor) error {
			var w query.Stuck
			if err := v.ask(c.Context(), http.MethodPost, "/stuck/retry", url.Values{"id": args, "by": {whoami()}}, &w); err != nil {
				return err
			}
			when := "It is tried when the bot runs again."
			if v.running {
				when = "It is being tried now."
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "%s: Latchkey will %s. %s\n", name(w), w.What, when)
			return err
		})
	}
	return c
}

// withOffice loads the configuration and calls fn with a way to the office.
func withOffice(c *cobra.Command, path string, fn func(*visitor) error) error {
	config, err := LoadConfig(path, os.LookupEnv, withBackends())
	if err != nil {
		return err
	}
	return inOffice(c.Context(), config, fn)
}

func inOffice(ctx context.Context, config *Config, fn func(*visitor) error) (err error) {
	v, err := visit(ctx, config)
	if err != nil {
		return err
	}
	defer func() {
		if closing := v.close(); err == nil {
			err = closing
		}
	}()
	return fn(v)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func writeStuck(w io.Writer, list []query.Stuck) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(w, "Nothing is stuck.")
		return err
	}
	for _, s := range list {
		if _, err := fmt.Fprintf(w, "%s  %s\n  can't %s, since %s\n  %s\n  latchkey stuck retry %s\n\n",
			name(s), about(s), s.What, s.Since.UTC().Format("2006-01-02 15:04 MST"), oneLine(s.Why), s.ID); err != nil {
			return err
		}
	}
	return nil
}

// name is the issue where there is one, for people.
func name(s query.Stuck) string {
	for _, n := range []string{s.Issue, s.Request, s.Grant} {
		if n != "" {
			return n
		}
	}
	return s.ID
}

func about(s query.Stuck) string {
	if s.Person == "" {
		return "a duty of Latchkey's own"
	}
	return strings.TrimSpace(string(s.Person) + ", " + s.App + " " + s.Role)
}

// oneLine keeps what others wrote from drawing on the terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}
