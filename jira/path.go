package jira

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// maxHops bounds how many transitions one record may take.
const maxHops = 4

// elsewhereKey is no key of a status: the issue was not where it was thought,
// or stays where it is.
const elsewhereKey = "-"

// load is what travels with the transition that reaches the target.
type load struct {
	comment map[string]any
	carry   []property
	history map[string]any
}

// walk brings one issue to one status.
type walk struct {
	c      *Client
	s      *site
	issue  string
	key    string // of the target
	target state

	at        string // the status the issue is in, by all that is known
	read      bool   // at was read in this walk, not remembered
	asked     bool   // the ways out of at were read just now
	conflicts int
	visited   []string
	left      bool // somebody moved the issue by hand and there is no way back
	lenient   bool // wherever there is no way on, the issue is left
}

// ended tells whether the issue is in one of the statuses that end its story.
func (w *walk) ended() bool {
	return slices.ContainsFunc([]string{Declined, Withdrawn, Closed}, func(key string) bool { return w.s.statuses[key].ID == w.at })
}

// run takes the issue to the target and tells whether the load got there with
// the last transition. An issue that is there already takes no load. One that
// somebody ended by hand is left there if there is no way back: the rest of the
// story can still be told.
func (w *walk) run(ctx context.Context, with load) (delivered bool, err error) {
	for range 3 * maxHops {
		if w.at == w.target.ID || w.left {
			return delivered, nil
		}
		if len(w.visited) == maxHops {
			break
		}
		t, key, err := w.next(ctx)
		if err != nil {
			return false, err
		}
		if key == w.key {
			delivered, err = w.step(ctx, t, key, with)
		} else if t.ID != "" {
			_, err = w.step(ctx, t, key, load{})
		}
		if err != nil {
			return false, err
		}
	}
	return false, w.lost()
}

// step takes one transition. When Jira refuses it because the issue is not
// where it was thought to be, or the workflow is not as it was learnt, it looks
// again and leaves the rest to the next step.
func (w *walk) step(ctx context.Context, t transition, key string, with load) (passed bool, err error) {
	fields, err := w.c.screen(t, key)
	if err != nil {
		return false, err
	}
	refusal := w.c.pass(ctx, w.issue, t, fields, with)
	if refusal == nil {
		w.visited = append(w.visited, w.at)
		w.at, w.asked = t.To.ID, false
		return true, nil
	}
	if !slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict}, status(refusal)) {
		return false, refusal
	}
	was := w.at
	w.c.flow.forget(was)
	if err := w.look(ctx); err != nil {
		return false, err
	}
	if w.at == was && !w.worthwhile(refusal) {
		return false, refusal
	}
	w.asked = false
	return false, nil
}

// worthwhile tells whether a refused transition may work when it is tried
// again: after a race, or when it was chosen from what had been learnt.
func (w *walk) worthwhile(refusal error) bool {
	if status(refusal) == http.StatusConflict {
		w.conflicts++
		return w.conflicts < 3
	}
	return !w.asked
}

// look reads the status the issue is in.
func (w *walk) look(ctx context.Context) error {
	at, err := w.c.statusOf(ctx, w.issue)
	if err == nil {
		w.at, w.read = at, true
	}
	return err
}

// next picks the transition to take: straight to the target if there is one,
// else to a status on the natural way there. What was learnt is good enough for
// the straight way; before a detour Jira is asked. No transition means that the
// issue turned out to be elsewhere.
func (w *walk) next(ctx context.Context) (transition, string, error) {
	if ways, ok := w.c.flow.from(w.at); ok {
		if t, ok := w.c.choose(ways, w.key, w.target.ID); ok {
			w.asked = false
			return t, w.key, nil
		}
	}
	if !w.read && len(w.visited) == 0 {
		was := w.at
		if err := w.look(ctx); err != nil || w.at != was {
			return transition{}, elsewhereKey, err
		}
	}
	ways, err := w.c.offers(ctx, w.issue)
	if err != nil {
		return transition{}, "", err
	}
	w.asked = true
	if t, key, ok := w.decide(ways); ok {
		w.c.flow.learn(w.at, ways)
		return t, key, nil
	}
	was := w.at
	if err := w.look(ctx); err != nil || w.at != was { // moved meanwhile: these are the ways out of another status
		return transition{}, elsewhereKey, err
	}
	w.c.flow.learn(w.at, ways)
	if w.left = w.lenient || w.ended(); w.left {
		return transition{}, elsewhereKey, nil
	}
	return transition{}, "", w.stranded(ways)
}

// decide chooses among the ways out of the present status.
func (w *walk) decide(ways []transition) (transition, string, bool) {
	if t, ok := w.c.choose(ways, w.key, w.target.ID); ok {
		return t, w.key, true
	}
	for _, key := range stations(w.key) {
		id := w.s.statuses[key].ID
		if id == w.at || slices.Contains(w.visited, id) || !w.hopeful(id, append(w.visited, w.at)) {
			continue
		}
		if t, ok := w.c.choose(ways, key, id); ok && w.c.missing(t, key) == "" {
			return t, key, true
		}
	}
	return w.onlyWay(ways)
}

// onlyWay is the one way on through a status that has no key, if there is
// exactly one: anything else would be a guess.
func (w *walk) onlyWay(ways []transition) (transition, string, bool) {
	ours := map[string]bool{}
	for st := range maps.Values(w.s.statuses) {
		ours[st.ID] = true
	}
	var on []transition
	for _, t := range ways {
		if !ours[t.To.ID] && t.To.StatusCategory.Key != "done" && !slices.Contains(w.visited, t.To.ID) && w.hopeful(t.To.ID, append(w.visited, w.at)) {
			on = append(on, t)
		}
	}
	if len(on) != 1 || w.c.missing(on[0], "") != "" {
		return transition{}, "", false
	}
	return on[0], "", true
}

// hopeful tells whether the target may be reached from a status by all that has
// been learnt. What is not known yet gets the benefit of the doubt.
func (w *walk) hopeful(from string, seen []string) bool {
	ways, known := w.c.flow.from(from)
	if !known {
		return len(seen) < maxHops
	}
	for _, t := range ways {
		if t.To.ID == w.target.ID {
			return true
		}
	}
	if len(seen) >= maxHops {
		return false
	}
	seen = append(seen[:len(seen):len(seen)], from)
	for _, t := range ways {
		if t.To.StatusCategory.Key != "done" && !slices.Contains(seen, t.To.ID) && w.hopeful(t.To.ID, seen) {
			return true
		}
	}
	return false
}

// stations are the keys an issue may pass on its way to another, the most
// natural first. An issue never passes through an end.
func stations(key string) []string {
	switch key {
	case Pending:
		return []string{Approved, Stuck, Manual}
	case Approved:
		return []string{Pending, Stuck, Manual}
	case Manual:
		return []string{Approved, Pending, Stuck}
	case Granted:
		return []string{Approved, Manual, Pending, Stuck}
	case Stuck:
		return []string{Approved, Granted, Manual}
	case Declined, Withdrawn:
		return []string{Pending, Approved, Stuck}
	default:
		return []string{Granted, Approved, Manual, Stuck}
	}
}

// stranded says that the target can't be reached, and what the administrator
// can do.
func (w *walk) stranded(ways []transition) error {
	var offered []string
	for _, t := range ways {
		offered = append(offered, strconv.Quote(t.Name)+" to "+t.To.Name)
	}
	return fault("The issue can't get from %s to %s: Jira offers %s there. Add a transition to the workflow, correct jira.statuses.%s, or give %s the permission to make transitions",
		w.name(w.at), w.target.Name, orElse(list(offered, "and"), "no transition"), w.key, w.c.account())
}

// lost says that the way is too long.
func (w *walk) lost() error {
	return fault("The issue did not reach %s within %d transitions: add a shorter way to the workflow, or correct jira.statuses.%s", w.target.Name, maxHops, w.key)
}

func (w *walk) name(id string) string {
	for st := range maps.Values(w.s.statuses) {
		if st.ID == id {
			return st.Name
		}
	}
	return "its status"
}
