package app

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestHowADirectoryIsAddedIsTrue holds the page to what there is: the files, the interfaces, the line in the registry.
func TestHowADirectoryIsAddedIsTrue(t *testing.T) {
	page := read(t, "../docs/adding-a-directory.md")
	for _, named := range regexp.MustCompile("`((?:idp|app|sandbox|limit|docs)/[a-z_./-]+|[a-z_]+_test\\.go|config\\.yaml|ARCHITECTURE\\.md)`").FindAllStringSubmatch(page, -1) {
		if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(named[1]))); err != nil {
			t.Errorf("the page names %s, which is not there", named[1])
		}
	}
	for _, line := range regexp.MustCompile("(?s)```go\n(.*?)\n```").FindAllStringSubmatch(page, -1) {
		if !strings.Contains(words(read(t, "backends.go")), words(line[1])) {
			t.Errorf("the page shows a line that is not in backends.go: %s", line[1])
		}
	}
	there := interfaces(t, "../idp")
	for _, named := range regexp.MustCompile(`idp\.([A-Z]\w+)`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(there, named[1]) && named[1] != "As" {
			t.Errorf("the page names idp.%s, which is no interface of the contract", named[1])
		}
	}
	for _, name := range there {
		if !strings.Contains(page, "`idp."+name+"`") {
			t.Errorf("the page says nothing of idp.%s", name)
		}
	}
}

// words is a text whatever the columns it is set in.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestADirectoryIsAFolderAndOneLine: of the program, only the registry knows the SCIM adapter, and nothing knows the
// server that it is tested against.
func TestADirectoryIsAFolderAndOneLine(t *testing.T) {
	var knows []string
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, folder := range []string{"idp", "sandbox"} {
			if bytes.Contains(text, []byte(`"latchkey/`+folder+`/scim"`)) {
				knows = append(knows, filepath.ToSlash(path)+" "+folder)
			}
		}
		return err
	})
	if err != nil || !slices.Equal(knows, []string{"../app/backends.go idp"}) {
		t.Errorf("known to %v (%v)", knows, err)
	}
	if n := strings.Count(read(t, "backends.go"), "scim."); n != 2 {
		t.Errorf("backends.go names it %d times: Decode and Connect are all there is to know", n)
	}
}

// interfaces are the exported ones of a package.
func interfaces(t *testing.T, folder string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, is := n.(*ast.TypeSpec); is && spec.Name.IsExported() {
				if _, is := spec.Type.(*ast.InterfaceType); is {
					names = append(names, spec.Name.Name)
				}
			}
			return true
		})
	}
	return names
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
