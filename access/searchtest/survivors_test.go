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
	all := mutants(t)
	binary := buildMutants(t, all)
	for i, m := range all {
		t.Run(fmt.Sprintf("%s %s: %s", m.file, m.fn, m.why), func(t *testing.T) {
			t.Parallel()
			f := searchFaulty(t, binary, i+1, m.file)
			switch {
			case f.Promise == "":
				t.Errorf("it survives %d states", f.States)
			case len(f.Steps) > farthest:
				t.Errorf("it is found only after %d steps", len(f.Steps))
			}
			t.Logf("%d steps, in the world %q: %s", len(f.Steps), f.World, f.Promise)
			f.keepStory(t, m, i+1)
		})
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
func searchFaulty(t *testing.T, binary string, n int, file string) (f finding) {
	run := exec.CommandContext(t.Context(), binary, "-test.run", "^TestWithOneFault$", "-test.v")
	run.Env = append(os.Environ(), fmt.Sprintf("%s=%d", mutantEnv, n), fileEnv+"="+file, "GOMAXPROCS=1")
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

// worldsOf is findFault in the worlds of what a file is about; nil for those of requests and grants.
func worldsOf(file string) func() finding {
	switch file {
	case "campaign.go", "campaign_rules.go", "review_item_rules.go", "review_outcome.go", "review_pace.go", "worklist.go":
		return findInReviews
	case "reclaim.go", "reclaim_rules.go", "reclaim_seat.go", "downgrade.go":
		return findInSeats
	case "restore.go":
		return func() finding { return findFirst(findInSeats, findInReviews) }
	}
	return nil
}

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
	if find := worldsOf(os.Getenv(fileEnv)); find != nil {
		return find()
	}
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
	return findFirst(findApart, findInReviews, findInSeats)
}

// findFirst is what the first of some searches finds.
func findFirst(all ...func() finding) (f finding) {
	for _, find := range all {
		if f = find(); f.Promise != "" {
			return f
		}
	}
	return f
}
