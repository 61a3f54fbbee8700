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

// walkReview looks at the states of a world with a review: at most so many, or all.
func walkReview(world *reviewWorld, most int) *walk[reviewState] {
	world.tried = map[string]bool{}
	w := &walk[reviewState]{walkable: world, most: most, circle: "R11. the same happens again and again, and nothing comes of it"}
	w.walk()
	return w
}

// key tells states apart.
func (w *reviewWorld) key(s reviewState) string { return s.key() }

// waits tells of what has to go on, and doesn't.
func (w *reviewWorld) waits(s reviewState) string {
	if s.C.Running() || slices.ContainsFunc(s.Rows, func(i access.ReviewItem) bool { return i.State == access.ItemRevoking }) {
		return "R11. it never comes to its end"
	}
	return ""
}

func (w *reviewWorld) closed(s reviewState) bool { return s.C.State == access.CampaignClosed }

// note notes which lines of the tables took a state to another one.
func (w *reviewWorld) note(before, s reviewState, used map[string]bool) {
	if before.C.State != s.C.State {
		used[fmt.Sprint("campaign ", before.C.State, " to ", s.C.State)] = true
	}
	for n, i := range s.Rows {
		if n < len(before.Rows) && before.Rows[n].State != i.State {
			used[fmt.Sprint("row ", before.Rows[n].State, " to ", i.State)] = true
		}
	}
}

// TestReviewsKeepTheirPromises: whatever happens in whatever order, a review keeps what it promises, and comes to its end.
func TestReviewsKeepTheirPromises(t *testing.T) {
	used := map[string]bool{}
	for _, world := range reviewWorlds() {
		w := walkReview(world, 0)
		t.Logf("%s: %d states, %d of them closed", world.name, w.states, w.over)
		if w.broken != "" {
			t.Errorf("%s: %s, after %q", world.name, w.broken, w.way)
		}
		if w.over == 0 && w.broken == "" {
			t.Errorf("%s never closes", world.name)
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

// inReviews are these worlds, to look for a fault in.
func inReviews() []hunt {
	return huntsIn(reviewWorlds(), func(w *reviewWorld) string { return w.name }, func(world *reviewWorld, most int) finding {
		return foundBy(walkReview(world, most))
	})
}
