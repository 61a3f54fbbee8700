package e2e

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/sandbox/jira"
)

// hostileAct is something that the world does to Latchkey for a while, as in life: a
// token dies and is replaced, a search misleads and is right again. begin returns what
// ends it; nothing, where there is nobody yet to whom it could be done.
type hostileAct struct {
	name  string
	begin func(*torture, *rand.Rand) (end func())
	told  []string // what people may be told because of it
}

const (
	mostAtOnce = 5               // acts that go on at the same time
	mostLives  = 12              // of the bot, in which an act goes on
	longestAct = 4 * time.Second // where the bot dies less often
)

// hostility is what goes on of the hostile acts. Each is drawn as often as any other.
type hostility struct {
	world *torture
	acts  []hostileAct

	mu      sync.Mutex
	deck    []int             // acts that are to be drawn, by index
	now     map[string]*spell // what goes on, by the act's name
	caught  map[string]bool   // what went on when the bot was killed
	begun   map[string]int    // how often each began
	met     map[string]int    // how many kills each was met by
	retries int               // of what was stuck, by IT
	tokens  int               // that were handed out
}

// spell is one time that an act goes on.
type spell struct {
	end   func()
	lives int // of the bot, until it ends
	timer *time.Timer
}

func newHostility(w *torture) *hostility {
	return &hostility{world: w, acts: hostileActs(), now: map[string]*spell{}, caught: map[string]bool{}, begun: map[string]int{}, met: map[string]int{}}
}

// birth ends what has lasted long enough and draws what the next life of the bot
// begins with.
func (h *hostility) birth(r *rand.Rand) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name, s := range h.now {
		if s.lives--; s.lives <= 0 {
			h.stop(name)
		}
	}
	for wanted, tries := 1+r.IntN(mostAtOnce), 0; len(h.now) < wanted && tries < len(h.acts); tries++ {
		h.draw(r)
	}
	for name := range h.now {
		h.caught[name] = true
	}
	h.count()
}

// draw begins the act that is next, unless it goes on.
func (h *hostility) draw(r *rand.Rand) {
	if len(h.deck) == 0 {
		h.deck = r.Perm(len(h.acts))
	}
	act := h.acts[h.deck[0]]
	h.deck = h.deck[1:]
	if h.now[act.name] != nil {
		return
	}
	end := act.begin(h.world, r)
	if end == nil {
		return
	}
	s := &spell{end: end, lives: 2 + r.IntN(mostLives-1)}
	s.timer = time.AfterFunc(longestAct, func() { h.expire(act.name, s) })
	h.now[act.name] = s
	h.begun[act.name]++
	fmt.Fprintf(h.world.log, "---- from now on: %s\n", act.name)
}

func (h *hostility) expire(name string, s *spell) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now[name] == s {
		h.stop(name)
	}
}

func (h *hostility) stop(name string) {
	s := h.now[name]
	delete(h.now, name)
	s.timer.Stop()
	s.end()
	fmt.Fprintf(h.world.log, "---- no more: %s\n", name)
}

// kill notes what went on when the bot was killed.
func (h *hostility) kill() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name := range h.now {
		h.caught[name] = true
	}
}

// count counts the last kill for what went on when the bot was killed or started again.
func (h *hostility) count() {
	for name := range h.caught {
		h.met[name]++
	}
	clear(h.caught)
}

// calm ends everything.
func (h *hostility) calm() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for name := range h.now {
		h.stop(name)
	}
	h.count()
}

func (h *hostility) hasBegun() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.begun) > 0
}

// leastMet is how many of a thousand kills or more each act has to be met by.
const leastMet = 50

// report prints how many kills met each act. A long run fails where they are few.
func (h *hostility) report(t *testing.T, kills int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, act := range h.acts {
		fmt.Printf("met by %4d kills (began %3d times)  %s\n", h.met[act.name], h.begun[act.name], act.name)
		if kills >= 1000 && h.met[act.name] < leastMet {
			t.Errorf("%d of %d kills met this, which proves little: %s", h.met[act.name], kills, act.name)
		}
	}
}

// retried notes that IT has had something tried again. If it fails again, they hear of it.
func (h *hostility) retried() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.retries++
}

// excuse is a text that people may be told because of hostile acts, and how often: once
// for each time that one of them began.
type excuse struct {
	text string
	most int
}

func (h *hostility) excuses() (out []excuse) {
	h.mu.Lock()
	defer h.mu.Unlock()
	times := map[string]int{"Latchkey can't do something it has to": 1 + h.retries}
	for _, act := range h.acts {
		for _, text := range act.told {
			times[text] += h.begun[act.name]
		}
	}
	for _, text := range slices.Sorted(maps.Keys(times)) {
		if times[text] > 0 {
			out = append(out, excuse{text, times[text]})
		}
	}
	return out
}

// mayBeSaid is how often the hostile acts explain that a text is said.
func (a *aftermath) mayBeSaid(text string) int {
	most := 0
	for _, e := range a.excuses {
		if strings.Contains(text, e.text) {
			most += e.most
		}
	}
	return most
}

// excused tells whether issues that are about no request tell IT of hostile acts, or are
// the one where the log is anchored.
func (a *aftermath) excused(about []jira.Issue) bool {
	return !slices.ContainsFunc(about, func(is jira.Issue) bool {
		same := 0
		for _, other := range about {
			if other.Summary == is.Summary {
				same++
			}
		}
		if strings.Contains(is.Summary, "Heads of Latchkey's log since ") {
			same--
		}
		return same > a.mayBeSaid(is.Summary)
	})
}

// A hostile act that goes on when the bot is killed, or when it is started again, is
// met by that kill, once.
func TestKillsThatMeetHostileActsAreCounted(t *testing.T) {
	ended := 0
	w := &torture{log: devNull(t)}
	h := newHostility(w)
	h.acts = []hostileAct{{name: "a", begin: func(*torture, *rand.Rand) func() { return func() { ended++ } }}, {name: "nobody", begin: func(*torture, *rand.Rand) func() { return nil }}}
	r := rand.New(rand.NewPCG(1, 1))
	const kills = 100
	for range kills {
		h.kill()
		h.birth(r)
	}
	h.kill()
	h.calm()
	if h.met["a"] < kills*8/10 || h.met["a"] > kills+1 || ended != h.begun["a"] || h.met["nobody"]+h.begun["nobody"] > 0 {
		t.Errorf("met %v, begun %v, ended %d", h.met, h.begun, ended)
	}
	if got := cmp.Or(len(h.now), len(h.caught)); got != 0 {
		t.Errorf("%d things go on", got)
	}
}
