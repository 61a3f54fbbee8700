package e2e

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
)

var update = flag.Bool("update", false, "redraw the figures")

// figure is a machine's moves as a Mermaid state diagram, and below it what can
// happen in a state without leaving it.
type figure struct {
	moves []string
	stays map[string][]string // event names by state
}

func (f *figure) add(from, to string, on access.EventKind) {
	name := string(on)[strings.Index(string(on), ".")+1:]
	if from != to {
		f.moves = append(f.moves, fmt.Sprintf("    %s --> %s: %s", from, to, name))
		return
	}
	if f.stays == nil {
		f.stays = map[string][]string{}
	}
	f.stays[from] = append(f.stays[from], name)
}

func (f *figure) text() string {
	slices.Sort(f.moves)
	out := "```mermaid\nstateDiagram-v2\n" + strings.Join(slices.Compact(f.moves), "\n") + "\n```\n\nWithout a move:\n\n"
	for _, state := range slices.Sorted(maps.Keys(f.stays)) {
		slices.Sort(f.stays[state])
		out += "- " + state + ": " + strings.Join(slices.Compact(f.stays[state]), ", ") + "\n"
	}
	return out
}

// TestFiguresComeFromTheTables keeps the state diagrams of ARCHITECTURE.md equal
// to the tables the machines run on. Run with -update to redraw them.
func TestFiguresComeFromTheTables(t *testing.T) {
	var requests, grants figure
	for _, r := range access.RequestRules() {
		for _, to := range r.To {
			requests.add(string(r.From), string(to), r.On)
		}
	}
	for _, r := range access.GrantRules() {
		for _, to := range r.To {
			grants.add(string(r.From), string(to), r.On)
		}
	}
	page, err := os.ReadFile("../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for name, drawn := range map[string]string{"request": requests.text(), "grant": grants.text()} {
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
