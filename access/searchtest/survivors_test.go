package searchtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// farthest is the longest way to a broken promise that a fault may need.
const farthest = 12

// finding is what the search found of a fault, as the faulty binary writes it.
type finding struct {
	World   string
	Start   int
	Steps   []savedStep
	Promise string
	States  int
}

type savedStep struct{ Act, Of, Part, Kind uint8 }

// TestFaultsAreFound puts each fault of the list into what is shipped, and searches. One
// that no search finds survives, and fails the test.
func TestFaultsAreFound(t *testing.T) {
	all, before := mutants(t), worldsBefore(t)
	binary := buildMutants(t, all)
	found := make([]finding, len(all))
	t.Run("each", func(t *testing.T) {
		for i, m := range all {
			t.Run(m.String(), func(t *testing.T) {
				t.Parallel()
				f := searchFaulty(t, binary, i+1, m.file, before[m.String()])
				switch {
				case f.Promise == "":
					t.Errorf("it survives %d states", f.States)
				case len(f.Steps) > farthest:
					t.Errorf("it is found only after %d steps", len(f.Steps))
				}
				t.Logf("%d steps, in the world %q: %s", len(f.Steps), f.World, f.Promise)
				f.keepStory(t, m, i+1)
				found[i] = f
			})
		}
	})
	if *update {
		keepWorlds(t, all, found)
	}
}

// played are faults whose way to a broken promise is among the stories of e2e, which play
// it on what is shipped: what is printed can be played.
func played() map[string]string {
	return map[string]string{
		"GrantRules: GrantEscalated is not taken in Manual":        "search_by_hand",
		"breakGlass: a role is taken in somebody else's emergency": "search_emergency",
		"Unexplained: what was there before isn't explained":       "search_found_before",
	}
}

const storiesEnv = "SEARCH_STORIES"

// keepStory writes the way to the broken promise as a story into the folder that
// SEARCH_STORIES names. What is shipped has to pass it, as it does those of e2e.
func (f finding) keepStory(t *testing.T, m mutant, n int) {
	dir, name := os.Getenv(storiesEnv), played()[m.fn+": "+m.why]
	if f.Promise == "" || dir == "" && name == "" {
		return
	}
	at := slices.IndexFunc(worlds(), func(w world) bool { return w.name == f.World })
	if at < 0 {
		return // of a world that has no stories
	}
	w := worlds()[at]
	c := counterexample{world: w, start: newModel(w).beginnings()[f.Start], promise: f.Promise}
	for _, st := range f.Steps {
		c.steps = append(c.steps, step{act(st.Act), st.Of, st.Part, TaskKind(st.Kind)})
	}
	story := []byte(c.story())
	if dir != "" {
		if err := os.WriteFile(filepath.Join(dir, cmp.Or(name, fmt.Sprintf("search_%03d", n))+".txtar"), story, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	kept, err := os.ReadFile(filepath.Join("..", "..", "e2e", "testdata", "script", name+".txtar"))
	if err != nil || !bytes.Equal(kept, story) {
		t.Errorf("%s is another story now (%v): write it anew with %s, see that it can be played, and keep it\n%s", name, err, storiesEnv, story)
	}
}

// searchFaulty searches with one fault in force.
func searchFaulty(t *testing.T, binary string, n int, file, before string) (f finding) {
	run := exec.CommandContext(t.Context(), binary, "-test.run", "^TestWithOneFault$", "-test.v")
	run.Env = append(os.Environ(), fmt.Sprintf("%s=%d", mutantEnv, n), fileEnv+"="+file, beforeEnv+"="+before, "GOMAXPROCS=1")
	out, err := run.CombinedOutput()
	_, text, ok := strings.Cut(string(out), findingMark)
	if !ok {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := json.Unmarshal([]byte(strings.Split(text, "\n")[0]), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

const findingMark = "found: "

// fileEnv says to a binary with a fault in it in which file that is: some files have worlds of their own.
const fileEnv = "SEARCH_FILE"

// beforeEnv says to it in which world the fault was found before.
const beforeEnv = "SEARCH_WORLD"
