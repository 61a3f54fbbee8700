package e2e

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
)

var update = flag.Bool("update", false, "redraw the figures")

// figure draws transitions as a Mermaid state diagram.
func figure(lines []string) string {
	slices.Sort(lines)
	return "```mermaid\nstateDiagram-v2\n" + strings.Join(slices.Compact(lines), "\n") + "\n```\n"
}

func arrow[S ~string](from, to S, on access.EventKind) string {
	name := string(on)[strings.Index(string(on), ".")+1:]
	return fmt.Sprintf("    %s --> %s: %s", strings.ReplaceAll(string(from), "-", "_"), strings.ReplaceAll(string(to), "-", "_"), name)
}

// TestFiguresComeFromTheTables keeps the state diagrams of ARCHITECTURE.md equal
// to the tables the machines run on. Run with -update to redraw them.
func TestFiguresComeFromTheTables(t *testing.T) {
	var requests, grants []string
	for _, r := range access.RequestRules() {
		for _, to := range r.To {
			requests = append(requests, arrow(r.From, to, r.On))
		}
	}
	for _, r := range access.GrantRules() {
		for _, to := range r.To {
			grants = append(grants, arrow(r.From, to, r.On))
		}
	}
	page, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for name, drawn := range map[string]string{"request": figure(requests), "grant": figure(grants)} {
		begin, end := "<!-- figure: "+name+" -->\n", "<!-- end of figure -->\n"
		before, rest, found := strings.Cut(text, begin)
		old, after, closed := strings.Cut(rest, end)
		if !found || !closed {
			t.Fatalf("ARCHITECTURE.md has no place for the figure %q", name)
		}
		if old != drawn && !*update {
			t.Errorf("the figure %q in ARCHITECTURE.md is not what the table says (run with -update)", name)
		}
		text = before + begin + drawn + end + after
	}
	if *update {
		if err := os.WriteFile("../ARCHITECTURE.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
