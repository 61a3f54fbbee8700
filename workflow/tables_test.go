package workflow

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/anchor"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/reconcile"
)

// furnished are all rooms, without a world outside.
func furnished(t *testing.T) rooms {
	t.Helper()
	s := bolttest.Open(t)
	c := Config{Catalog: func() *catalog.Catalog { return catalog.New(nil, nil) }, Logger: slog.New(slog.DiscardHandler)}
	r, err := furnish(engine.NewUnits(engine.UnitsConfig{Store: s, Clock: clock.System{}, Owner: "test"}), new(anchor.Service), people.NewChasing(c.Tables, c.Hours, c.Admins), c, Ports{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// constants are the values of a file's constants whose names begin with a word.
func constants(t *testing.T, file, prefix string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) || len(spec.Values) == 0 {
			return true
		}
		if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
			value, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, value)
		}
		return true
	})
	return out
}

func TestEveryEffectHasAnOwner(t *testing.T) {
	all, err := effects(0)
	if err != nil {
		t.Fatal(err)
	}
	kinds := constants(t, "../access/effect.go", "Effect")
	if len(kinds) < 10 {
		t.Fatalf("only %v are effects", kinds)
	}
	for _, kind := range kinds {
		if all[access.EffectKind(kind)] == nil {
			t.Errorf("nobody carries out the effect %q", kind)
		}
	}
}

// TestEveryTaskIsSeenTo: whatever can be queued has who carries it out, what
// becomes of its failures, and words for what it is for.
func TestEveryTaskIsSeenTo(t *testing.T) {
	tables, err := furnished(t).tables()
	if err != nil {
		t.Fatal(err)
	}
	words, err := purposes()
	if err != nil {
		t.Fatal(err)
	}
	kinds := slices.Sorted(maps.Keys(tables.Handlers))
	if failures := slices.Sorted(maps.Keys(tables.Failures)); !slices.Equal(kinds, failures) {
		t.Errorf("tasks: %v\nfailure policies: %v", kinds, failures)
	}
	if said := slices.Sorted(maps.Keys(words)); !slices.Equal(kinds, said) {
		t.Errorf("tasks: %v\npurposes: %v", kinds, said)
	}
	for kind, say := range words {
		if say(nil, store.Task{Kind: kind}) == "" {
			t.Errorf("%s is for nothing", kind)
		}
	}
	if tables.Default.Tell == nil {
		t.Error("nobody hears of the engine's own tasks")
	}
}

func TestTwoOwnersAreAFault(t *testing.T) {
	if _, err := union("effect", map[string]int{"a": 1}, map[string]int{"b": 1}, map[string]int{"a": 2}); err == nil || !strings.Contains(err.Error(), "the effect a has two owners") {
		t.Errorf("got %v", err)
	}
}

func TestCalendar(t *testing.T) {
	c := Config{Catalog: func() *catalog.Catalog { return catalog.New(nil, nil) }, Clock: clock.System{}}
	for _, lines := range []map[string]string{{"tidy up": "@daily"}, {reconcile.Duty: "now and then"}} {
		c.Calendar.Lines = lines
		if _, err := New(c, Ports{}); err == nil {
			t.Errorf("%v is a calendar", lines)
		}
	}
	c.Calendar.Lines = map[string]string{reconcile.Duty: "0 6 * * 1-5"}
	if s, err := New(c, Ports{}); err != nil || s.inbox != nil {
		t.Errorf("got %v", err)
	}
}
