package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"latchkey/app"
	"latchkey/evidence/pack/verify"
)

// atMostOne takes one argument, or none.
func atMostOne(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usageError{fmt.Errorf("%s takes one name and not %q, too", c.Name(), args[1])}
	}
	return nil
}

func verifyPack(w io.Writer, path string, keys []string, asJSON bool) error {
	v, err := app.VerifyPack(path, keys)
	if err != nil {
		return err
	}
	if asJSON {
		err = writeJSON(w, v)
	} else {
		_, err = io.WriteString(w, saidOfPack(v))
	}
	if err == nil && !v.Whole() {
		err = errors.New("the pack is not what was signed: get it anew from whoever gave it to you, and tell them")
	}
	return err
}

// saidOfPack is the verification of a pack, for people.
func saidOfPack(v verify.Result) string {
	var b strings.Builder
	for _, fault := range v.Broken {
		b.WriteString("BROKEN  " + oneLine(fault) + "\n")
	}
	if v.Whole() {
		m := v.Manifest
		fmt.Fprintf(&b, "The pack is what was signed: review %s, run %d, %s, made %s by Latchkey %s.\n",
			oneLine(m.Campaign), m.Run, oneLine(string(m.Status)), m.Made.UTC().Format("2 Jan 2006 15:04 MST"), oneLine(m.Version))
		fmt.Fprintf(&b, "%d files, %d rows, %d events of the log; %d answers and removals go by these.\n", v.Files, v.Rows, v.Events, v.Answers)
		if m.Size > 0 {
			fmt.Fprintf(&b, "%d of the events are in the log up to place %d, whose root is %s: compare that with what stands in Jira, or with a checkpoint of your own.\n", v.Included, m.Size, m.Root)
		}
	}
	for _, key := range v.By {
		b.WriteString("Signed with " + oneLine(key) + "\n")
	}
	for _, doubt := range v.Doubts {
		b.WriteString(oneLine(doubt) + "\n")
	}
	return b.String()
}
