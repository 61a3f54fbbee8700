package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// documents are what people copy commands from.
func documents(t *testing.T) (all []string) {
	t.Helper()
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../Dockerfile", "../config.yaml", "../deploy/*.yaml", "../deploy/*/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", pattern, found, err)
		}
		for _, f := range found {
			if filepath.Ext(f) != ".go" {
				all = append(all, f)
			}
		}
	}
	return all
}

// written finds a command where one can be copied: between backticks, on a line of its own, after the path of the binary,
// or as the list of a container.
var written = regexp.MustCompile("(?m)(?:`|^(?: {4})?|/bin/|latchkey )latchkey ([a-z][^`\n]*)")

// inContainer finds the commands of Dockerfile and Kubernetes.
var inContainer = regexp.MustCompile(`\[(?:"?/latchkey"?, )?"?((?:health|run)\b[^\]]*)\]`)

// TestCommandsInTheDocsAreThere keeps the documents from naming commands and flags that nobody built.
func TestCommandsInTheDocsAreThere(t *testing.T) {
	seen := 0
	for _, file := range documents(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, m := range written.FindAllStringSubmatch(string(text), -1) {
			lines = append(lines, m[1])
		}
		for _, m := range inContainer.FindAllStringSubmatch(string(text), -1) {
			lines = append(lines, strings.NewReplacer(",", " ", `"`, "").Replace(m[1]))
		}
		for _, line := range lines {
			if err := understood(line); err != nil {
				t.Errorf("%s: latchkey %s: %v", file, line, err)
			}
		}
		seen += len(lines)
	}
	if seen < 80 {
		t.Errorf("only %d commands were found: has the way they are written changed?", seen)
	}
}

func TestWhatIsNotThereIsFound(t *testing.T) {
	for _, line := range []string{"paint", "people paint", "run --colour red", "evidence trace\\|paint"} {
		if understood(line) == nil {
			t.Errorf("latchkey %s passes", line)
		}
	}
	for _, line := range []string{"people show\\|account …", "check [--online] [--first-contact --write]", "backup /x --replace --config …", "review start ID", "plain | less"} {
		if err := understood(line); err != nil && line != "plain | less" {
			t.Errorf("latchkey %s: %v", line, err)
		}
	}
}

// understood follows a line as it is written in documents (with brackets for what may be left out, and bars between what can
// stand there) through the commands.
func understood(line string) error {
	at := commands(nil)
	at.InitDefaultHelpFlag()
	for _, word := range strings.Fields(strings.NewReplacer("[", "", "]", "", "(", " ", ")", " ").Replace(line)) {
		if ends(word) {
			return nil
		}
		next, err := walk(at, word)
		if err != nil {
			return err
		}
		at = next
	}
	return nil
}

// ends tells that a command is over: what follows is the shell's, or prose.
func ends(word string) bool {
	return slices.Contains([]string{"#", ">", "|", "||", "&&", "…", "has", "is"}, word) || strings.HasPrefix(word, "<")
}

func walk(at *cobra.Command, word string) (*cobra.Command, error) {
	word = strings.Trim(word, ",;.:'\"")
	alternatives := strings.Split(strings.ReplaceAll(word, `\|`, "|"), "|")
	for _, one := range alternatives {
		next, err := walkTo(at, one)
		if err != nil {
			return nil, err
		}
		if len(alternatives) == 1 {
			at = next
		}
	}
	return at, nil
}

func walkTo(at *cobra.Command, word string) (*cobra.Command, error) {
	if name, flag := strings.CutPrefix(word, "--"); flag {
		name, _, _ = strings.Cut(name, "=")
		if at.Flags().Lookup(name) == nil && at.InheritedFlags().Lookup(name) == nil && !slices.ContainsFunc(at.Commands(), func(c *cobra.Command) bool { return c.Flags().Lookup(name) != nil }) {
			return nil, fmt.Errorf("%s has no flag --%s", at.CommandPath(), name)
		}
		return at, nil
	}
	if !at.HasSubCommands() || word == "" {
		return at, nil
	}
	for _, c := range at.Commands() {
		if c.Name() == word || c.HasAlias(word) {
			return c, nil
		}
	}
	if at.HasParent() && (word == strings.ToUpper(word) || strings.Contains(word, "/")) && at.Runnable() {
		return at, nil // an argument
	}
	return nil, fmt.Errorf("%s has no command %q", at.CommandPath(), word)
}

// link is a link of a document to another one, or to a heading.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinksInTheDocsLeadSomewhere follows the links between documents, headings included.
func TestLinksInTheDocsLeadSomewhere(t *testing.T) {
	for _, file := range documents(t) {
		if filepath.Ext(file) != ".md" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			target, heading, _ := strings.Cut(m[1], "#")
			to := file
			if target != "" {
				to = filepath.Join(filepath.Dir(file), target)
			}
			there, err := os.ReadFile(to)
			if info, failed := os.Stat(to); failed == nil && info.IsDir() {
				err = nil
			}
			if err != nil {
				t.Errorf("%s links to %s, which isn't there", file, m[1])
			} else if heading != "" && !slices.Contains(headings(string(there)), heading) {
				t.Errorf("%s links to %s, and there is no such heading", file, m[1])
			}
		}
	}
}

// headings are the names by which a document's headings can be linked to.
func headings(text string) (out []string) {
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for line := range strings.Lines(text) {
		if title, is := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); is && strings.HasPrefix(line, "#") {
			out = append(out, strings.ReplaceAll(drop.ReplaceAllString(strings.ToLower(strings.TrimSpace(title)), ""), " ", "-"))
		}
	}
	return out
}

// quotation is what a runbook says that Latchkey says.
var quotation = regexp.MustCompile(`\*\*([A-Za-z'][^*]+)\*\*`)

// TestRunbooksQuoteWhatIsSaid keeps the runbooks to the words that IT reads, and to metrics that are there.
func TestRunbooksQuoteWhatIsSaid(t *testing.T) {
	text, err := os.ReadFile("../docs/runbooks.md")
	if err != nil {
		t.Fatal(err)
	}
	source := sources(t)
	table, _, _ := strings.Cut(string(text), "\n## New access waits")
	quoted := quotation.FindAllStringSubmatch(table, -1)
	if len(quoted) < 20 {
		t.Errorf("only %d titles are quoted", len(quoted))
	}
	for _, m := range quoted {
		for part := range strings.SplitSeq(m[1], "…") { // where a name stands
			if part = strings.TrimSpace(part); !strings.Contains(source, part) {
				t.Errorf("nothing says %q", part)
			}
		}
	}
	for _, m := range regexp.MustCompile("`latchkey_([a-z_]+)`").FindAllStringSubmatch(string(text), -1) {
		if !strings.Contains(source, `"`+m[1]+`"`) && !strings.Contains(source, `"latchkey_`+m[1]+`"`) {
			t.Errorf("there is no metric latchkey_%s", m[1])
		}
	}
}

// sources is the text of everything that is not a test.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../sandbox") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestEachThreatHasItsTest keeps the list of threats to tests that are there.
func TestEachThreatHasItsTest(t *testing.T) {
	text, err := os.ReadFile("../docs/threats.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.Contains(line, "---") || strings.Contains(line, "they try") {
			continue
		}
		rows++
		if err := tried(cells[3]); err != nil {
			t.Errorf("%s: %v", strings.TrimSpace(cells[1]), err)
		}
	}
	if rows < 40 {
		t.Errorf("only %d threats were found", rows)
	}
}

// tried looks whether the tests are there that a cell names: story `name`, or `package Test`.
func tried(cell string) error {
	named := regexp.MustCompile("(story )?`([^`]+)`").FindAllStringSubmatch(cell, -1)
	if len(named) == 0 {
		return fmt.Errorf("no test is named")
	}
	for _, m := range named {
		if m[1] != "" {
			if _, err := os.Stat("../e2e/testdata/script/" + m[2] + ".txtar"); err != nil {
				return fmt.Errorf("there is no story %s", m[2])
			}
			continue
		}
		dir, name, _ := strings.Cut(m[2], " ")
		if !declares(filepath.Join("..", dir), name) {
			return fmt.Errorf("there is no %s in %s", name, dir)
		}
	}
	return nil
}

// declares tells whether a test of a package, or of one below it, has a name.
func declares(dir, name string) (found bool) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		found = found || err == nil && strings.Contains(string(text), "\nfunc "+name+"(")
		return err
	})
	return found
}
