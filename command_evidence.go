package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"latchkey/access"
	"latchkey/evidence"
)

func evidenceCommand() *cobra.Command {
	c := &cobra.Command{Use: "evidence", Short: "Check the log, follow one person's way to one app, judge the tickets, write everything out", Args: noArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(verifyCommand(), traceCommand(), evidenceSampleCommand(), evidenceExportCommand())
	return c
}

func verifyCommand() *cobra.Command {
	c := &cobra.Command{Use: "verify", Short: "Walk the log's hash chain", Args: noArgs}
	path := configFlag(c)
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return withOffice(c, *path, func(v *visitor) error {
			var got evidence.Verification
			if err := v.ask(c.Context(), http.MethodGet, "/evidence/verify", nil, &got); err != nil {
				return err
			}
			return showVerification(c.OutOrStdout(), got, *asJSON)
		})
	}
	return c
}

func showVerification(w io.Writer, v evidence.Verification, asJSON bool) (err error) {
	if asJSON {
		err = writeJSON(w, v)
	} else if v.Whole() {
		_, err = fmt.Fprintf(w, "The log is whole: %d events.\n%s", v.Events, head(v))
	}
	if err == nil && !v.Whole() {
		return errors.New("the log is not whole: " + v.Broken + "; compare it with the hashes in the Jira issues, and restore the store from a backup")
	}
	return err
}

// head says what to compare with Jira.
func head(v evidence.Verification) string {
	if v.Events == 0 {
		return ""
	}
	text := fmt.Sprintf("Its head is %s of %s, hash %s.\n", v.HeadEvent, v.HeadAt.UTC().Format(time.RFC3339), v.Head)
	if v.HeadIssue != "" {
		text += fmt.Sprintf("The property latchkey of the issue %s holds the hash of that story's latest recorded event.\n", v.HeadIssue)
	}
	return text
}

func traceCommand() *cobra.Command {
	c := &cobra.Command{Use: "trace --person EMAIL --app APP", Short: "Tell one person's access to one app from the request to the removal", Args: noArgs}
	path := configFlag(c)
	person := c.Flags().String("person", "", "the person's e-mail address")
	app := c.Flags().String("app", "", "the app's id in the catalogue")
	asJSON := c.Flags().Bool("json", false, "as JSON, with every event in full")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if *person == "" || *app == "" {
			return usageError{errors.New("name the person and the app: latchkey evidence trace --person maya@acme.example --app figma")}
		}
		return withOffice(c, *path, func(v *visitor) error {
			var t evidence.Trace
			if err := v.ask(c.Context(), http.MethodGet, "/evidence/trace", url.Values{"person": {*person}, "app": {*app}}, &t); err != nil {
				return err
			}
			if *asJSON {
				return writeJSON(c.OutOrStdout(), t)
			}
			return writeTrace(c.OutOrStdout(), t)
		})
	}
	return c
}

func writeTrace(out io.Writer, t evidence.Trace) error {
	if len(t.Stories) == 0 {
		_, err := fmt.Fprintf(out, "The log holds nothing about %s and %s.\n", t.Person, t.App)
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, s := range t.Stories {
		fmt.Fprintf(w, "%s, %s %s: %s %s, %s\n", t.Person, t.App, s.Role, first(s.Issue.Key, "no issue"), first(s.Request, s.Grant), s.State)
		for _, e := range s.Events {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s %.12s\n", e.At.UTC().Format("2006-01-02 15:04:05"), e.Kind, doer(e.Actor), oneLine(detail(e)), e.ID(), e.Hash)
		}
		fmt.Fprintln(w)
	}
	return w.Flush()
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func doer(a access.Actor) string {
	return first(string(a.Person), first(a.Account, "latchkey")) + " via " + string(a.Via)
}

// detail is what an event has to say beyond its kind.
func detail(e access.Event) string {
	switch {
	case e.Group != nil:
		return e.Group.String()
	case e.Issue != nil:
		return e.Issue.Key
	case e.End != "":
		return string(e.End) + " " + e.Reason
	case e.Kind == access.EventApproversAsked:
		return fmt.Sprint(e.Approvers)
	case e.Reason != "":
		return "“" + e.Reason + "”"
	default:
		return e.Note
	}
}
