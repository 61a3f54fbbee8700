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

// destinations are the flags by which commands are told where to write, and how a command is called so that it has begun
// and then can't go on: nobody is there to ask.
func destinations(root *cobra.Command) (out map[string]*pflag.Flag) {
	out = map[string]*pflag.Flag{}
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "output" || f.Name == "write" && f.Value.Type() == "string" {
				out[strings.TrimPrefix(c.CommandPath(), "latchkey ")] = f
			}
		})
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return out
}

// TestWhatIsThereStaysWhenACommandFails, whichever command it is.
func TestWhatIsThereStaysWhenACommandFails(t *testing.T) {
	more := map[string][]string{
		"evidence trace":  {"--person", "maya@acme.example", "--app", "figma", "--format", "html"},
		"evidence export": nil,
		"review export":   {"AR-1"},
		"catalog import":  {"okta"},
	}
	found := destinations(commands(nil))
	for command, flag := range found {
		args, known := more[command]
		if !known {
			t.Errorf("%s writes to --%s: how it is called belongs here", command, flag.Name)
			continue
		}
		dir := t.TempDir()
		name := filepath.Join(dir, "there")
		if err := os.WriteFile(name, []byte("before"), 0o600); err != nil {
			t.Fatal(err)
		}
		line := append(append(strings.Fields(command), args...), "--config", "../config.yaml", "--"+flag.Name, name)
		_, err := runCommandLine(t.Context(), line...)
		left, again := os.ReadDir(dir)
		if got, unread := os.ReadFile(name); err == nil || unread != nil || again != nil || string(got) != "before" || len(left) != 1 {
			t.Errorf("%s: %v; %q is there, and %d files", command, err, got, len(left))
		}
	}
	if len(found) < len(more) {
		t.Errorf("only %d commands write somewhere: has the way they are told changed?", len(found))
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
