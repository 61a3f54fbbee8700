package idptest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"latchkey/clock"
	"latchkey/idp/idptest"
)

// TestEveryCapabilityIsListed: those of package idp are its exported interfaces, but for the contract itself.
func TestEveryCapabilityIsListed(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var declared []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, is := n.(*ast.TypeSpec); is {
				if _, is := spec.Type.(*ast.InterfaceType); is && spec.Name.IsExported() && spec.Name.Name != "Directory" {
					declared = append(declared, spec.Name.Name)
				}
			}
			return true
		})
	}
	var listed []string
	for _, c := range idptest.Capabilities() {
		listed = append(listed, c.Name)
		if core := idptest.NewVendor("memory", clock.System{}).Directory(); c.Has(idptest.Core(core)) || !c.Has(idptest.Able(core)) {
			t.Errorf("%s: what has no capability has it, or what has all hasn't", c.Name)
		}
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if !slices.Equal(declared, listed) {
		t.Errorf("package idp has\n%q, listed are\n%q", declared, listed)
	}
}
