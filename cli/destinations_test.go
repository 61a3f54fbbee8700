package cli

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestNoDestinationIsEmptied before what takes its place is there: in the commands there is one way to write a file, and it
// is held to that.
func TestNoDestinationIsEmptied(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"replaceFile", "writeInto"} // the second one writes into pipes and devices alone
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				call, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				of, ok := call.X.(*ast.Ident)
				if ok && of.Name == "os" && slices.Contains([]string{"Create", "CreateTemp", "WriteFile", "OpenFile", "Truncate"}, call.Sel.Name) {
					seen++
					if !slices.Contains(allowed, f.Name.Name) {
						t.Errorf("%s: %s begins a file by os.%s: write it by writeTo or writeAnew, so that what is there stays until the new one is whole", name, f.Name.Name, call.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if seen < len(allowed) {
		t.Errorf("only %d were found: has the way files are written changed?", seen)
	}
}

// destinations are the commands that are given a name to write to, or may be: by a flag, or as their argument.
func destinations(root *cobra.Command) (out []string) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		writes := strings.Contains(c.Use, " FILE")
		c.Flags().VisitAll(func(f *pflag.Flag) {
			writes = writes || f.Name == "output" || f.Name == "dir" || f.Name == "write" && f.Value.Type() == "string"
		})
		if writes {
			out = append(out, strings.TrimPrefix(c.CommandPath(), "latchkey "))
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return out
}

// TestWhatIsThereStaysWhenACommandFails, whichever command it is: each is called so that it has begun and then can't go on, for there is
// no store, and nobody is there to ask.
func TestWhatIsThereStaysWhenACommandFails(t *testing.T) {
	const file, folder = "FILE", "DIR" // stand for where it writes
	company := []string{"--config", "../config.yaml"}
	more := map[string][]string{
		"evidence trace":      append([]string{"--person", "maya@acme.example", "--app", "figma", "--format", "html", "--output", file}, company...),
		"evidence export":     append([]string{"--output", file}, company...),
		"review export":       append([]string{"AR-1", "--output", file}, company...),
		"catalog import":      append([]string{"okta", "--write", file}, company...),
		"backup":              append([]string{file, "--replace"}, company...),
		"evidence key create": append([]string{file}, company...),
		"init":                {"--dir", folder},
	}
	reads := []string{"evidence key public", "restore", "review import", "store copy"} // are given a file that they read
	for _, command := range destinations(commands(nil)) {
		args, known := more[command]
		if !known {
			if !slices.Contains(reads, command) {
				t.Errorf("%s may write somewhere: how it is called belongs here", command)
			}
			continue
		}
		delete(more, command)
		staysThere(t, command, args)
	}
	for command := range more {
		t.Errorf("%s isn't found: has the way commands are told where to write changed?", command)
	}
}

// staysThere runs a command that is to fail, with its destination there already.
func staysThere(t *testing.T, command string, args []string) {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "slack-manifest.yaml") // what init begins with
	if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	line := strings.Fields(command)
	for _, a := range args {
		line = append(line, strings.NewReplacer("FILE", name, "DIR", dir).Replace(a))
	}
	_, err := runCommandLine(t.Context(), line...)
	left, again := os.ReadDir(dir)
	if got, unread := os.ReadFile(name); err == nil || unread != nil || again != nil || string(got) != "before" || len(left) != 1 {
		t.Errorf("%s: %v; %q is there, and %d files", command, err, got, len(left))
	}
}

// TestANewFileIsWholeOrNotThere, and is never in the place of another.
func TestANewFileIsWholeOrNotThere(t *testing.T) {
	dir := t.TempDir()
	name, broken := filepath.Join(dir, "new"), errors.New("it broke off")
	half := func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, broken)
	}
	if err := writeAnew(name, "it", half); !errors.Is(err, broken) {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
	whole := func(w io.Writer) error {
		if _, err := os.Lstat(name); err == nil {
			t.Error("it has its name already")
		}
		_, err := io.WriteString(w, "whole")
		return err
	}
	if err := writeAnew(name, "it", whole); err != nil {
		t.Error(err)
	}
	if err := writeAnew(name, "it", half); err == nil || errors.Is(err, broken) {
		t.Errorf("another one: %v", err)
	}
	info, err := os.Stat(name)
	got, again := os.ReadFile(name)
	if left, _ := os.ReadDir(dir); err != nil || again != nil || string(got) != "whole" || info.Mode().Perm() != 0o600 || len(left) != 1 {
		t.Errorf("%q %v, %d files", got, err, len(left))
	}
	if err := writeAnew(filepath.Join(dir, "none", "x"), "it", half); err == nil {
		t.Error("there is no such folder")
	}
}
