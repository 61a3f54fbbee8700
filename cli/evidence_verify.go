package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/evidence"
)

func verifyCommand() *cobra.Command {
	c := &cobra.Command{
		Use: "verify [PACK]", Short: "Check every hash of the log, and compare it with what is anchored outside; or check the evidence of a review", Args: atMostOne,
		Long: `Check every event of the log against its hash, its chain and the tree, and compare the tree with what
Jira, Slack, files and witnesses know of it. An event that was changed is named; where whole stretches
were written anew, the span is, with the dates between which it happened.

With --bundle it checks a file that "latchkey evidence export --format bundle" has made, anywhere and
without a configuration. Name the public key that you were given with --key.

PACK is the evidence of an access review, a folder or a ZIP file, which is checked in the same way: the
signature, every file, and the events that it is made of against the signed head of the log.`,
	}
	path := configFlag(c)
	bundle := c.Flags().String("bundle", "", "a file to check instead of the store; - for standard input")
	keys := c.Flags().StringArray("key", nil, "public key to check the signatures of a bundle or a pack with; may be given several times")
	local := c.Flags().Bool("local", false, "check the log by itself, and ask nobody outside")
	asJSON := c.Flags().Bool("json", false, "as JSON")
	c.RunE = func(c *cobra.Command, args []string) error {
		switch {
		case len(args) > 0 && (*bundle != "" || *local):
			return usageError{errors.New("a pack is checked by itself: leave --bundle and --local out")}
		case len(args) > 0:
			return verifyPack(c.OutOrStdout(), args[0], *keys, *asJSON)
		case *bundle != "":
			got, err := verifyBundle(*bundle, c.InOrStdin(), *keys)
			if err != nil {
				return err
			}
			return showVerification(c.OutOrStdout(), got, *asJSON)
		}
		return withAuditor(c, *path, func(admin *app.AdminClient) error {
			got, err := admin.Verify(c.Context(), *local)
			if err != nil {
				return err
			}
			return showVerification(c.OutOrStdout(), got, *asJSON)
		})
	}
	return c
}

func verifyBundle(name string, in io.Reader, keys []string) (v evidence.Verification, err error) {
	if name == "-" {
		return app.VerifyBundle(in, keys)
	}
	f, err := os.Open(name)
	if err != nil {
		return v, fmt.Errorf("read the bundle: %w", err)
	}
	v, err = app.VerifyBundle(f, keys)
	return v, errors.Join(err, f.Close())
}

func showVerification(w io.Writer, v evidence.Verification, asJSON bool) (err error) {
	if asJSON {
		err = writeJSON(w, v)
	} else {
		_, err = io.WriteString(w, said(v))
	}
	switch {
	case err != nil:
		return err
	case !v.Whole():
		return errors.New("the log is not whole: " + v.Broken + ". Compare it with the leaves in the Jira issues, and restore the store from a backup")
	case len(v.Unread) > 0:
		return errors.New("the log is whole by itself, and not everybody outside could be asked: " + strings.Join(v.Unread, " ") + " Put that right, or check the log by itself with --local")
	}
	return nil
}

// said is the verification, for people.
func said(v evidence.Verification) string {
	var b strings.Builder
	if v.Whole() {
		fmt.Fprintf(&b, "The log is whole: %d events.\n%s%s", v.Events, head(v), confirmed(v))
	}
	for _, doubt := range v.Doubts {
		b.WriteString(oneLine(doubt) + "\n")
	}
	return b.String()
}

// confirmed says who outside confirms the log, and what only it vouches for.
func confirmed(v evidence.Verification) string {
	var b strings.Builder
	for _, c := range v.Confirmed {
		at := ""
		if !c.At.IsZero() {
			at = ", " + c.At.UTC().Format("2 Jan 2006 15:04 MST")
		}
		fmt.Fprintf(&b, "Confirmed up to place %d by %s%s.\n", c.Place, oneLine(c.Where), at)
	}
	switch {
	case v.Events == 0:
	case len(v.Confirmed) == 0:
		b.WriteString("Nobody outside has confirmed any of it: it proves nothing against whoever can write to this store.\n")
	case v.Unconfirmed > 0:
		fmt.Fprintf(&b, "The %d events since then are vouched for by this host alone.\n", v.Unconfirmed)
	}
	return b.String()
}

// head says what to compare with Jira.
func head(v evidence.Verification) string {
	if v.Events == 0 {
		return ""
	}
	text := fmt.Sprintf("It is %s; the root of its tree is %s.\n", v.Log, v.Root)
	text += fmt.Sprintf("Its head is event %s of %s, leaf %s.\n", v.HeadEvent, v.HeadAt.UTC().Format(time.RFC3339), v.Head)
	if v.HeadIssue != "" {
		text += fmt.Sprintf("The property latchkey of the issue %s holds the leaf of that story's latest recorded event.\n", v.HeadIssue)
	}
	if v.Erased > 0 {
		text += fmt.Sprintf("Of %d events, names and words were erased.\n", v.Erased)
	}
	if v.Newer > 0 {
		text += fmt.Sprintf("%d events were written by a newer version of Latchkey; they are whole, and only that version can read them.\n", v.Newer)
	}
	return text
}
