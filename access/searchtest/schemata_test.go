package searchtest

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// mutantEnv says to a binary with all faults in it which one is in force, from 1.
const mutantEnv = "ACCESS_MUTANT"

// chooser is the file that is laid over access beside the patched ones.
const chooser = `package access

import (
	"os"
	"strconv"
)

var mutantInForce, _ = strconv.Atoi(os.Getenv("` + mutantEnv + `"))
`

// buildMutants builds this test once with all faults in it: of each function there is
// the shipped form and one for each fault, and the environment says which is in force.
func buildMutants(t *testing.T, all []mutant) (binary string) {
	t.Helper()
	dir := t.TempDir()
	source, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	replaceFile := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[filepath.Join(source, name)] = path
	}
	replaceFile("mutant_in_force.go", chooser)
	for name, those := range byFile(all) {
		raw, err := os.ReadFile(filepath.Join(source, name))
		if err == nil {
			var text string
			text, err = schemata(string(raw), those)
			replaceFile(name, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "search.test")
	if err := os.WriteFile(overlay, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build what is faulty: %v\n%s", err, out)
	}
	return binary
}

// numbered is a fault with its number in the list, from 1.
type numbered struct {
	mutant
	n int
}

func byFile(all []mutant) map[string][]numbered {
	out := map[string][]numbered{}
	for i, m := range all {
		out[m.file] = append(out[m.file], numbered{m, i + 1})
	}
	return out
}

// schemata is the text of a file with every fault beside what is shipped.
func schemata(src string, all []numbered) (string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", src, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	byFn := map[string][]numbered{}
	for _, m := range all {
		byFn[m.fn] = append(byFn[m.fn], m)
	}
	var decls []*ast.FuncDecl
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && len(faultsOf(fn, byFn)) > 0 {
			decls = append(decls, fn)
		}
	}
	sort.Slice(decls, func(i, j int) bool { return decls[i].Pos() > decls[j].Pos() })
	left := len(all)
	for _, fn := range decls {
		those := faultsOf(fn, byFn)
		text, err := forms(src, file, fn, those)
		if err != nil {
			return "", err
		}
		left -= len(those)
		src = src[:fn.Pos()-file.FileStart] + text + src[fn.End()-file.FileStart:]
	}
	if left > 0 {
		return "", fmt.Errorf("%d faults of %s are in functions that aren't there any more", left, all[0].file)
	}
	return src, nil
}

func faultsOf(fn *ast.FuncDecl, byFn map[string][]numbered) []numbered {
	if those := byFn[fn.Name.Name]; len(those) > 0 || fn.Recv == nil {
		return those
	}
	if of, ok := fn.Recv.List[0].Type.(*ast.Ident); ok {
		return byFn[of.Name+"."+fn.Name.Name]
	}
	return nil
}

// forms are a function as it is shipped, one for each fault, and the one that is called,
// which chooses.
func forms(src string, file *ast.File, fn *ast.FuncDecl, those []numbered) (string, error) {
	text := func(from, to token.Pos) string { return src[from-file.FileStart : to-file.FileStart] }
	whole := text(fn.Pos(), fn.End())
	name := int(fn.Name.Pos() - fn.Pos())
	as := func(form string, n int) string {
		return form[:name] + fmt.Sprintf("%s__%d", fn.Name.Name, n) + form[name+len(fn.Name.Name):]
	}
	var params, args []string
	for _, field := range fn.Type.Params.List {
		for range max(1, len(field.Names)) {
			arg, several := fmt.Sprintf("p%d", len(args)), ""
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				several = "..."
			}
			params, args = append(params, arg+" "+text(field.Type.Pos(), field.Type.End())), append(args, arg+several)
		}
	}
	recv, on, results, give := "", "", "", ""
	if fn.Recv != nil {
		recv, on = "(on "+text(fn.Recv.List[0].Type.Pos(), fn.Recv.List[0].Type.End())+") ", "on."
	}
	if fn.Type.Results != nil {
		results, give = text(fn.Type.Results.Pos(), fn.Type.Results.End()), "return "
	}
	var out strings.Builder
	fmt.Fprintf(&out, "func %s%s(%s) %s {\n\tswitch mutantInForce {\n", recv, fn.Name.Name, strings.Join(params, ", "), results)
	for _, m := range those {
		fmt.Fprintf(&out, "\tcase %d:\n\t\t%s%s%s__%d(%s)\n", m.n, give, on, fn.Name.Name, m.n, strings.Join(args, ", "))
	}
	fmt.Fprintf(&out, "\tdefault:\n\t\t%s%s%s__0(%s)\n\t}\n}\n\n%s\n", give, on, fn.Name.Name, strings.Join(args, ", "), as(whole, 0))
	for _, m := range those {
		patched, err := m.patched(whole)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "\n%s\n", as(patched, m.n))
	}
	return out.String(), nil
}
