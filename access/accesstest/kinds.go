// Package accesstest is for the tests of whoever has something to say about every kind
// of event.
package accesstest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"latchkey/access"
)

// EventKinds reads the kinds of events where they are declared, so that a new one fails
// the tests of those who have to decide what becomes of it. root leads to the module.
func EventKinds(t testing.TB, root string) map[access.EventKind]bool {
	t.Helper()
	kinds := map[access.EventKind]bool{}
	files, err := filepath.Glob(filepath.Join(root, "access", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		kindsIn(t, file, kinds)
	}
	if len(kinds) < 10 {
		t.Fatalf("found only %d kinds of events", len(kinds))
	}
	return kinds
}

// kindsIn adds the kinds that a file declares.
func kindsIn(t testing.TB, file *ast.File, kinds map[access.EventKind]bool) {
	t.Helper()
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "EventKind" {
			return true
		}
		for _, v := range spec.Values {
			if lit, ok := v.(*ast.BasicLit); ok {
				kind, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				kinds[access.EventKind(kind)] = true
			}
		}
		return true
	})
}
