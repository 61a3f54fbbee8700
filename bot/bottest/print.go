package bottest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Golden compares a text with a golden file in testdata, or rewrites the file.
func Golden(t *testing.T, update bool, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, diff)
	}
}

// Printed shows blocks the way a reader would see them.
func Printed(view Object) string {
	var b strings.Builder
	for _, v := range view["blocks"].([]any) {
		o := v.(Object)
		switch o["type"] {
		case "header":
			fmt.Fprintf(&b, "# %s\n", words(o["text"]))
		case "section":
			if o["text"] != nil {
				fmt.Fprintln(&b, words(o["text"]))
			}
			fields, _ := o["fields"].([]any)
			for _, f := range fields {
				fmt.Fprintln(&b, "| "+strings.ReplaceAll(words(f), "\n", " / "))
			}
		case "context":
			for _, e := range o["elements"].([]any) {
				fmt.Fprintln(&b, "-- "+words(e))
			}
		case "actions":
			for _, e := range o["elements"].([]any) {
				fmt.Fprintln(&b, printedButton(e.(Object)))
			}
		case "input":
			b.WriteString(printedInput(o))
		}
	}
	return b.String()
}

// words are a text without the mark that stands before a moment within a sentence: nobody
// sees it (TestWhenSaysTheSameWithoutSlack).
func words(v any) string {
	return strings.ReplaceAll(fmt.Sprint(v.(Object)["text"]), "^\u200b{", "^{")
}

func printedButton(e Object) string {
	s := fmt.Sprintf("[%s] %v %v", words(e["text"]), e["action_id"], e["value"])
	if c, ok := e["confirm"].(Object); ok {
		s += fmt.Sprintf(" (%s %s [%s] [%s])", words(c["title"]), words(c["text"]), words(c["confirm"]), words(c["deny"]))
	}
	return s
}

func printedInput(o Object) string {
	e := o["element"].(Object)
	s := fmt.Sprintf("<%s> %v %v/%v\n", words(o["label"]), e["type"], o["block_id"], e["action_id"])
	options, _ := e["options"].([]any)
	for _, v := range options {
		mark := " "
		if fmt.Sprint(v) == fmt.Sprint(e["initial_option"]) {
			mark = "*"
		}
		s += fmt.Sprintf("  %s %s = %v\n", mark, words(v.(Object)["text"]), v.(Object)["value"])
	}
	if options == nil && e["initial_option"] != nil {
		s += "  * " + words(e["initial_option"].(Object)["text"]) + "\n"
	}
	return s
}
