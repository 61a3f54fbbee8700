package write

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"latchkey/access"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/summary"
)

// Update has golden files written anew.
var Update = flag.Bool("update", false, "write the golden files anew")

// document is what campaign.json holds, as its schema is about it.
type document struct {
	Form string `json:"form"` // Version of the form: latchkey/campaign/v1
	pack.Campaign
	Summary summary.Summary `json:"summary"` // the figures, and what the pack notes about itself
	Rows    []pack.Row      `json:"rows"`    // a line each; they come last
}

// The schema says of every field what its comment in the code says, so it can't lag behind.
func TestSchema(t *testing.T) {
	s := schemas{comments: commentsHere(t), consts: map[string][]any{}}
	s.constants(t)
	out := s.of(reflect.TypeFor[document]())
	out["$schema"], out["$id"], out["title"] = "https://json-schema.org/draft/2020-12/schema", pack.Version, "The evidence of an access review"
	text, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *Update {
		if err := os.WriteFile("campaign.schema.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if string(text) != schemaText && !*Update {
		t.Error("campaign.schema.json is not what the code says: go test ./evidence/pack/write -run TestSchema -update")
	}
	if len(s.silent) > 0 {
		t.Errorf("nothing is said of the fields %v", s.silent)
	}
}

// validSchema is the schema as it is checked by somebody else's code.
func validSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(schemaText))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("campaign", doc); err != nil {
		t.Fatal(err)
	}
	out, err := c.Compile("campaign")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// ValidJSON checks a text against the schema.
func ValidJSON(t testing.TB, text []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return validSchema(t).Validate(v)
}

// schemas makes schemas of Go's types.
type schemas struct {
	comments map[string]string // of fields, by "Type.Field"
	consts   map[string][]any  // of named strings
	silent   []string          // fields without a comment whose name may not say enough
}

func (s *schemas) of(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[access.Hash]():
		return map[string]any{"type": "string"}
	case strings.HasPrefix(t.Name(), "Fact["):
		value, _ := t.FieldByName("Value")
		return map[string]any{"type": "object", "required": []any{"is"}, "additionalProperties": false, "properties": map[string]any{
			"is": map[string]any{"enum": s.consts["Knowledge"]}, "value": s.of(value.Type), "why": map[string]any{"type": "string"},
		}, "if": map[string]any{"properties": map[string]any{"is": map[string]any{"const": "known"}}}, "then": map[string]any{"required": []any{"value"}}, "else": map[string]any{"not": map[string]any{"required": []any{"value"}}}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		return map[string]any{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Uint64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.String:
		if all := s.consts[t.Name()]; all != nil {
			return map[string]any{"enum": all}
		}
		return map[string]any{"type": "string"}
	case reflect.Struct:
		return s.object(t)
	}
	panic("no schema for " + t.String())
}

func (s *schemas) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []any{}
	s.fields(t, properties, &required)
	out := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

func (s *schemas) fields(t reflect.Type, properties map[string]any, required *[]any) {
	plain := []string{"at", "by", "from", "to", "until", "reason", "issue", "name", "rows", "campaign", "status", "directory"} // say enough by themselves
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			s.fields(f.Type, properties, required)
		case name == "-" || !f.IsExported():
		default:
			one := s.of(f.Type)
			if words := s.comments[t.Name()+"."+f.Name]; words != "" {
				one["description"] = words
			} else if !slices.Contains(plain, name) {
				s.silent = append(s.silent, t.Name()+"."+f.Name)
			}
			properties[name] = one
			if options == "" {
				*required = append(*required, name)
			}
		}
	}
}

// parsed are the files of the packages whose types campaign.json is made of.
func parsed(t *testing.T) []*ast.File {
	t.Helper()
	var out []*ast.File
	for _, dir := range []string{".", "..", "../summary"} {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatal(names, err)
		}
		for _, name := range names {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, f)
		}
	}
	return out
}

// commentsHere are the comments of the fields of those types.
func commentsHere(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, f := range parsed(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if fields, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range fields.Fields.List {
					for _, name := range field.Names {
						words := field.Doc.Text() + field.Comment.Text()
						out[spec.Name.Name+"."+name.Name] = strings.TrimSpace(strings.ReplaceAll(words, "\n", " "))
					}
				}
			}
			return true
		})
	}
	return out
}

// constants finds what named strings can be.
func (s *schemas) constants(t *testing.T) {
	for _, f := range parsed(t) {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || len(spec.Values) != 1 {
				return true
			}
			name, isName := spec.Type.(*ast.Ident)
			value, isText := spec.Values[0].(*ast.BasicLit)
			if isName && isText && value.Kind == token.STRING && !doc.IsPredeclared(name.Name) {
				text, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				s.consts[name.Name] = append(s.consts[name.Name], text)
			}
			return true
		})
	}
}
