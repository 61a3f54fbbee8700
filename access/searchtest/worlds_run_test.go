package searchtest

import (
	"maps"
	"os"
	"strconv"
	"testing"

	"latchkey/access"
)

// quick is how many states of each world are looked at where nobody says otherwise.
const quick = 6_000

// statesEnv says how many states of a world are looked at.
const statesEnv = "SEARCH_STATES"

// limit is how many states of a world are looked at.
func limit(otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(statesEnv)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// TestSmallWorlds searches every small world, to its end where SEARCH_STATES lets it,
// and sees that together they use every line of the tables.
func TestSmallWorlds(t *testing.T) {
	used := map[string]bool{}
	for _, w := range worlds() {
		t.Run(w.name, func(t *testing.T) {
			x := explore(w, limit(quick))
			report(t, x)
			maps.Copy(used, x.used)
		})
	}
	for _, line := range lines() {
		if !used[line] {
			t.Errorf("no world uses the line: %s", line)
		}
	}
}

// TestEverything searches the world in which everything can happen, as far as it gets.
func TestEverything(t *testing.T) { report(t, explore(whole(), limit(3*quick))) }

// lines are those of both tables.
func lines() (all []string) {
	for _, r := range access.RequestRules() {
		all = append(all, string(r.From)+" "+string(r.On))
	}
	for _, r := range access.GrantRules() {
		all = append(all, string(r.From)+" "+string(r.On))
	}
	return all
}

func report(t *testing.T, x *search) {
	t.Helper()
	t.Logf("%q: %d states in %s, %d at most from its beginning, exhausted: %t; %d requests, %d grants; %d MB",
		x.world.name, len(x.came), x.took, x.levels, x.exhausted(), len(x.requests.values)-1, len(x.grants.values)-1, memory()>>20)
	if x.broken != nil {
		t.Errorf("%s. %d steps:\n%s", x.broken.promise, len(x.broken.steps), x.broken.story())
	}
}
