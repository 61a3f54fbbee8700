package searchtest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// hunt is a world in which a fault is looked for.
type hunt struct {
	world  string
	sizes  []int                  // how many states are looked at, one number after the other; 0: all
	search func(most int) finding // its World and States are filled in by look
}

// look searches the world, as far as it says.
func (h hunt) look(most int) finding {
	f := h.search(most)
	f.World = h.world
	return f
}

// huntsIn are worlds that are searched as those of reviews and idle seats are.
func huntsIn[W any](worlds []W, name func(W) string, search func(W, int) finding) (all []hunt) {
	for _, w := range worlds {
		all = append(all, hunt{name(w), []int{100, 5_000}, func(most int) finding { return search(w, most) }})
	}
	return all
}

// foundBy is what a walk found.
func foundBy[S any](w *walk[S]) finding {
	return finding{Promise: w.broken, Steps: make([]savedStep, w.depth), States: w.states}
}

// inRequests are the worlds of requests and grants. The way to what is broken is a shortest one of its world.
func inRequests() (all []hunt) {
	for _, w := range worlds() {
		all = append(all, hunt{w.name, searched(), func(most int) finding { return foundIn(w, most) }})
	}
	return all
}

func foundIn(w world, most int) finding {
	x := explore(w, most)
	f := finding{States: len(x.came)}
	if x.broken == nil {
		return f
	}
	f.Promise, f.Start = x.broken.promise, slices.Index(x.beginnings(), x.broken.start)
	for _, st := range x.broken.steps {
		f.Steps = append(f.Steps, savedStep{uint8(st.act), st.of, st.part, uint8(st.kind)})
	}
	return f
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

// huntsFor are the worlds of what a file is about, one kind after the other.
func huntsFor(file string) [][]hunt {
	switch file {
	case "campaign.go", "campaign_rules.go", "review_item_rules.go", "review_outcome.go", "review_pace.go", "worklist.go":
		return [][]hunt{inReviews()}
	case "reclaim.go", "reclaim_rules.go", "reclaim_seat.go", "downgrade.go":
		return [][]hunt{inSeats()}
	case "restore.go":
		return [][]hunt{inSeats(), inReviews()}
	}
	return [][]hunt{inRequests(), inApart(), inReviews(), inSeats()}
}

// findFault searches the worlds of a file, farther and farther, until a promise is
// broken: first the one in which this fault was found before.
func findFault(file, before string) (f finding) {
	kinds := huntsFor(file)
	for _, h := range slices.Concat(kinds...) {
		if h.world == before {
			kinds = slices.Insert(kinds, 0, []hunt{h})
			break
		}
	}
	for _, worlds := range kinds {
		if f = findAmong(worlds); f.Promise != "" {
			return f
		}
	}
	return f
}

// findAmong looks a little into each of some worlds, then farther.
func findAmong(worlds []hunt) (f finding) {
	for far := range worlds[0].sizes {
		for _, h := range worlds {
			states := f.States
			f = h.look(h.sizes[far])
			f.States += states
			if f.Promise != "" {
				return f
			}
		}
	}
	return f
}

const foundBefore = "testdata/found.txt"

var update = flag.Bool("update", false, "write anew in which world each fault is found")

// worldsBefore says of each fault in which world it was found before. It only saves
// searching the others first: a fault that isn't found there is looked for everywhere.
func worldsBefore(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(foundBefore)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		if fault, world, ok := strings.Cut(strings.TrimSpace(line), " -> "); ok {
			in[fault] = world
		}
	}
	return in
}

// keepWorlds writes in which world each fault was found.
func keepWorlds(t *testing.T, all []mutant, found []finding) {
	t.Helper()
	var lines []string
	for i, m := range all {
		if found[i].Promise != "" {
			lines = append(lines, m.String()+" -> "+found[i].World+"\n")
		}
	}
	if err := os.WriteFile(foundBefore, []byte(strings.Join(lines, "")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestWithOneFault is run by TestFaultsAreFound, in a binary with a fault in it.
func TestWithOneFault(t *testing.T) {
	if os.Getenv(mutantEnv) == "" {
		return // nothing is faulty
	}
	f := findFault(os.Getenv(fileEnv), os.Getenv(beforeEnv))
	var line bytes.Buffer
	if err := json.NewEncoder(&line).Encode(f); err != nil {
		t.Fatal(err)
	}
	fmt.Print("\n", findingMark, line.String())
}
