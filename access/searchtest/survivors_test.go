package searchtest

import (
	"bytes"
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
	all := mutants(t)
	binary := buildMutants(t, all)
	for i, m := range all {
		t.Run(fmt.Sprintf("%s %s: %s", m.file, m.fn, m.why), func(t *testing.T) {
			t.Parallel()
			f := searchFaulty(t, binary, i+1)
			switch {
			case f.Promise == "":
				t.Errorf("it survives %d states", f.States)
			case len(f.Steps) > farthest:
				t.Errorf("it is found only after %d steps", len(f.Steps))
			}
			t.Logf("%d steps, in the world %q: %s", len(f.Steps), f.World, f.Promise)
			f.keepStory(t, fmt.Sprintf("search_%03d", i+1))
		})
	}
}

// keepStory writes the way to the broken promise as a story into the folder that
// SEARCH_STORIES names. What is shipped has to pass it.
func (f finding) keepStory(t *testing.T, name string) {
	dir := os.Getenv("SEARCH_STORIES")
	if dir == "" || f.Promise == "" {
		return
	}
	w := worlds()[slices.IndexFunc(worlds(), func(w world) bool { return w.name == f.World })]
	c := counterexample{world: w, start: newModel(w).beginnings()[f.Start], promise: f.Promise}
	for _, st := range f.Steps {
		c.steps = append(c.steps, step{act(st.Act), st.Of, st.Part, TaskKind(st.Kind)})
	}
	if err := os.WriteFile(filepath.Join(dir, name+".txtar"), []byte(c.story()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// searchFaulty searches with one fault in force.
func searchFaulty(t *testing.T, binary string, n int) (f finding) {
	run := exec.CommandContext(t.Context(), binary, "-test.run", "^TestWithOneFault$", "-test.v")
	run.Env = append(os.Environ(), fmt.Sprintf("%s=%d", mutantEnv, n), "GOMAXPROCS=1")
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

// TestWithOneFault is run by TestFaultsAreFound, in a binary with a fault in it.
func TestWithOneFault(t *testing.T) {
	if os.Getenv(mutantEnv) == "" {
		return // nothing is faulty
	}
	f := findFault()
	var line bytes.Buffer
	if err := json.NewEncoder(&line).Encode(f); err != nil {
		t.Fatal(err)
	}
	fmt.Print("\n", findingMark, line.String())
}

// searched are how many states of each world are looked at for a fault, one number after
// the other: few where nobody says how many, since most faults show at once.
func searched() []int {
	if goesFar() {
		return []int{300, 3_000, 30_000, 300_000}
	}
	return []int{300, 3_000}
}

func goesFar() bool { return os.Getenv(statesEnv) != "" }

// findFault searches all worlds, farther and farther, until a promise is broken. The way
// there is a shortest one of its world.
func findFault() (f finding) {
	for _, most := range searched() {
		for _, w := range worlds() {
			x := explore(w, most)
			f.States += len(x.came)
			if x.broken == nil {
				continue
			}
			f.World, f.Promise, f.Steps = w.name, x.broken.promise, nil
			f.Start = slices.Index(x.beginnings(), x.broken.start)
			for _, st := range x.broken.steps {
				f.Steps = append(f.Steps, savedStep{uint8(st.act), st.of, st.part, uint8(st.kind)})
			}
			return f
		}
	}
	return f
}
