package searchtest

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
)

// reviewWorlds are those that are searched.
func reviewWorlds() []*reviewWorld {
	both, one := [2][]person{{noor, omar}}, [2][]person{{noor}}
	twoStages := [2][]person{{noor}, {omar, tess}}
	strict := []catalog.ReviewStrategy{catalog.AllMustKeep}
	var all []*reviewWorld
	for _, strategy := range catalog.ReviewStrategies() {
		all = append(all, &reviewWorld{name: "a review by two, " + string(strategy), stages: []catalog.ReviewStrategy{strategy}, asked: both, answers: 2, unanswered: catalog.KeepAccess, undo: catalog.Day})
	}
	return append(all,
		&reviewWorld{name: "a review is read", stages: strict, asked: one, answers: 1, unanswered: catalog.KeepAccess, reads: true, cancels: true},
		&reviewWorld{name: "a review in two stages", stages: append(strict, catalog.OneRevokeRevokes), asked: twoStages, answers: 2, unanswered: catalog.EscalateReview, ends: true},
		&reviewWorld{name: "a review that nobody answers", stages: strict, asked: one, answers: 1, unanswered: catalog.RevokeAccess, granted: true, reminds: true},
		&reviewWorld{name: "a review as recommended", stages: strict, asked: both, answers: 2, unanswered: catalog.Recommended, recommends: access.RecommendRevoke, moves: true, notMine: true},
		&reviewWorld{name: "a review with no clear recommendation", stages: strict, asked: one, answers: 2, unanswered: catalog.Recommended, ends: true, notMine: true},
		&reviewWorld{name: "a review of whom nobody is asked", stages: []catalog.ReviewStrategy{catalog.KeptUnlessRevoke}, unanswered: catalog.KeepAccess, nobody: catalog.EscalateReview, answers: 1},
		&reviewWorld{name: "a review of whom nobody is asked, so it goes", stages: []catalog.ReviewStrategy{catalog.OneKeepKeeps}, unanswered: catalog.KeepAccess, nobody: catalog.RevokeAccess},
		&reviewWorld{name: "a review of what is privileged", stages: []catalog.ReviewStrategy{catalog.OneRevokeRevokes}, asked: both, answers: 2, privileged: true, unanswered: catalog.RevokeAccess},
		&reviewWorld{name: "a review takes away", stages: strict, asked: one, answers: 2, unanswered: catalog.KeepAccess, undo: catalog.Day, restore: 2 * catalog.Day, granted: true, beside: true},
		&reviewWorld{name: "a review takes away what nobody gave", stages: strict, asked: one, answers: 1, unanswered: catalog.KeepAccess, restore: catalog.Week, byHand: true, cancels: true, undo: catalog.Day},
		&reviewWorld{name: "a review, and the directory refuses", stages: strict, asked: one, answers: 1, unanswered: catalog.KeepAccess, restore: catalog.Week, granted: true, refuses: true, beside: true},
		&reviewWorld{name: "a review of what a human has to remove", stages: strict, asked: one, answers: 1, unanswered: catalog.KeepAccess, cannot: true, restore: catalog.Week},
		&reviewWorld{name: "a review of two", stages: strict, asked: one, answers: 2, two: true, unanswered: catalog.EscalateReview},
		&reviewWorld{name: "a review is cancelled", stages: strict, asked: one, answers: 1, unanswered: catalog.KeepAccess, undo: catalog.Day, granted: true, byHand: true, cancels: true, restore: catalog.Week},
	)
}

// reviewWalk looks at every state of a world with a review, breadth first.
type reviewWalk struct {
	*reviewWorld
	most          int // states that are looked at; 0: all
	states, depth int
	closed        int
	used          map[string]bool // lines of the tables
	broken        string
	way           []string // to what is broken
}

// met is a state with the way to it.
type met struct {
	state reviewState
	from  int // its index among all; -1 for the beginning
	what  string
}

func (w *reviewWalk) walk() {
	defer func() {
		if broken := recover(); broken != nil {
			w.broken = fmt.Sprint("a machine breaks: ", broken)
		}
	}()
	w.used, w.tried = map[string]bool{}, map[string]bool{}
	s, err := w.begin()
	if err != nil {
		w.broken = "it can't begin: " + err.Error()
		return
	}
	if w.broken = w.trials(s); w.broken != "" {
		return
	}
	all, seen := []met{{s, -1, ""}}, map[string]int{s.key(): 0}
	fair := map[int]int{}
	for n := 0; n < len(all) && w.broken == ""; n++ {
		if w.most > 0 && n == w.most {
			w.states = n
			return // it is as far as anybody wants to look
		}
		w.expand(&all, seen, fair, n)
	}
	w.states = len(all)
	if w.broken == "" {
		w.comesToRest(all, fair)
	}
}

// expand looks at what may happen in a state.
func (w *reviewWalk) expand(all *[]met, seen map[string]int, fair map[int]int, n int) {
	at := (*all)[n].state
	goesOn := false
	for _, m := range w.after(at) {
		w.note(at, m.state)
		key := m.state.key()
		to, known := seen[key]
		if m.broken == "" {
			m.broken = w.promises(at, m.state)
		}
		if m.broken == "" && !known {
			m.broken = w.trials(m.state)
		}
		if m.broken != "" {
			w.breaks(*all, n, m.what, m.broken)
			return
		}
		if !known {
			to = len(*all)
			seen[key], *all = to, append(*all, met{m.state, n, m.what})
		}
		if m.fair && !goesOn {
			goesOn, fair[n] = true, to
		}
	}
	if !goesOn && (at.C.Running() || slices.ContainsFunc(at.Rows, func(i access.ReviewItem) bool { return i.State == access.ItemRevoking })) {
		w.breaks(*all, n, "", "R11. it never comes to its end")
	}
	if at.C.State == access.CampaignClosed {
		w.closed++
	}
}

// breaks notes the way to a broken promise.
func (w *reviewWalk) breaks(all []met, at int, what, promise string) {
	w.broken, w.way = promise, []string{what}
	for ; at >= 0; at = all[at].from {
		w.way = append(w.way, all[at].what)
	}
	slices.Reverse(w.way)
	w.depth = len(w.way)
}

// note notes which lines of the tables took a state to another one.
func (w *reviewWalk) note(before, s reviewState) {
	if before.C.State != s.C.State {
		w.used[fmt.Sprint("campaign ", before.C.State, " to ", s.C.State)] = true
	}
	for n, i := range s.Rows {
		if n < len(before.Rows) && before.Rows[n].State != i.State {
			w.used[fmt.Sprint("row ", before.Rows[n].State, " to ", i.State)] = true
		}
	}
}

// comesToRest follows from each state what happens if all goes well.
func (w *reviewWalk) comesToRest(all []met, fair map[int]int) {
	good := map[int]bool{}
	for n := range all {
		passed := map[int]bool{}
		for at := n; ; {
			to, on := fair[at]
			if !on || good[at] {
				break
			}
			if passed[at] {
				w.breaks(all, n, "", "R11. the same happens again and again, and nothing comes of it")
				return
			}
			passed[at], at = true, to
		}
		maps.Copy(good, passed)
	}
}

// TestReviewsKeepTheirPromises: whatever happens in whatever order, a review keeps what it promises, and comes to its end.
func TestReviewsKeepTheirPromises(t *testing.T) {
	used := map[string]bool{}
	for _, world := range reviewWorlds() {
		w := &reviewWalk{reviewWorld: world}
		w.walk()
		t.Logf("%s: %d states, %d of them closed", w.name, w.states, w.closed)
		if w.broken != "" {
			t.Errorf("%s: %s, after %q", w.name, w.broken, w.way)
		}
		if w.closed == 0 && w.broken == "" {
			t.Errorf("%s never closes", w.name)
		}
		maps.Copy(used, w.used)
	}
	for _, r := range access.CampaignRules() {
		for _, to := range r.To {
			if line := fmt.Sprint("campaign ", r.From, " to ", to); to != r.From && !used[line] {
				t.Errorf("no world takes %s", line)
			}
		}
	}
	for _, r := range access.ReviewItemRules() {
		for _, to := range r.To {
			if line := fmt.Sprint("row ", r.From, " to ", to); to != r.From && !used[line] {
				t.Errorf("no world takes %s", line)
			}
		}
	}
}

// findInReviews is findFault in these worlds.
func findInReviews() (f finding) {
	for _, most := range []int{100, 5_000} {
		for _, world := range reviewWorlds() {
			w := &reviewWalk{reviewWorld: world, most: most}
			w.walk()
			if f.States += w.states; w.broken != "" {
				return finding{World: w.name, Promise: w.broken, Steps: make([]savedStep, w.depth), States: f.States}
			}
		}
	}
	return f
}
