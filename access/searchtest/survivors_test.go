package searchtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
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
	found := make([]*finding, len(all))
	var busy sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		busy.Go(func() {
			for i := range next {
				found[i] = search1(t, binary, i+1)
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	busy.Wait()
	tally(t, all, found)
}

// search1 searches with one fault in force.
func search1(t *testing.T, binary string, n int) *finding {
	run := exec.Command(binary, "-test.run", "^TestWithOneFault$", "-test.v")
	run.Env = append(os.Environ(), fmt.Sprintf("%s=%d", mutantEnv, n), "GOMAXPROCS=1")
	out, err := run.CombinedOutput()
	_, text, ok := strings.Cut(string(out), findingMark)
	if !ok {
		t.Errorf("fault %d: %v\n%s", n, err, out)
		return nil
	}
	var f finding
	if err := json.Unmarshal([]byte(strings.Split(text, "\n")[0]), &f); err != nil {
		t.Errorf("fault %d: %v", n, err)
	}
	return &f
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

// findFault searches all worlds, farther and farther, until a promise is broken.
func findFault() (best finding) {
	for _, most := range []int{1_500, 20_000, 300_000} {
		for _, w := range worlds() {
			x := explore(w, most)
			best.States += len(x.came)
			if x.broken == nil || best.Promise != "" && len(best.Steps) <= len(x.broken.steps) {
				continue
			}
			best.World, best.Promise, best.Steps = w.name, x.broken.promise, nil
			best.Start = slices.Index(x.beginnings(), x.broken.start)
			for _, st := range x.broken.steps {
				best.Steps = append(best.Steps, savedStep{uint8(st.act), st.of, st.part, uint8(st.kind)})
			}
		}
		if best.Promise != "" {
			return best
		}
	}
	return best
}

// tally reports what was found, and fails for what wasn't.
func tally(t *testing.T, all []mutant, found []*finding) {
	t.Helper()
	lengths := map[int]int{}
	for i, f := range found {
		switch m := all[i]; {
		case f == nil:
		case f.Promise == "":
			t.Errorf("fault %d survives: %s %s: %s (after %d states)", i+1, m.file, m.fn, m.why, f.States)
		case len(f.Steps) > farthest:
			t.Errorf("fault %d is found only after %d steps: %s %s: %s", i+1, len(f.Steps), m.file, m.fn, m.why)
		default:
			lengths[len(f.Steps)]++
			t.Logf("%3d %-18s %-14s %-62s %2d steps in %-10s %s", i+1, m.file, m.fn, m.why, len(f.Steps), strconv.Quote(f.World), f.Promise)
		}
	}
	t.Logf("%d faults, by the length of the way there: %v", len(all), lengths)
}
