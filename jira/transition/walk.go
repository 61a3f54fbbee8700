package transition

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
)

// maxHops bounds how many transitions one walk may take.
const maxHops = 4

// unknownKey is no key of a status: the issue was not where it was thought,
// or stays where it is.
const unknownKey = "-"

// Payload is what is written in the same request as the transition that reaches
// the target. What people are to read is none of it: Jira drops a comment in a
// transition without a word, unless the transition's screen has the field.
type Payload struct {
	Properties []stamp.Property
	History    map[string]any
	Fields     map[string]any // what the issue shows; it goes only where the transition's screen has all of it
	Comment    map[string]any // the comment for a screen that insists on one
	Tries      bool           // the comment goes unasked, to see what becomes of it
}

// Walk is one issue's way to one status.
type Walk struct {
	m       *Mover
	s       *site.Site
	issue   string
	Key     string // of the target
	Target  site.Status
	Outcome string // what came of it, as a key of the resolutions; "" for what the target's says

	At        string // the status the issue is in, by all that is known
	read      bool   // at was read in this walk, not remembered
	asked     bool   // the ways out of at were read just now
	conflicts int
	visited   []string
	Via       string // id of the transition taken last
	Shows     bool   // that one took the payload's fields along
	bare      bool   // fields go with no transition any more: one was refused with them
	Left      bool   // somebody moved the issue by hand and there is no way back
	Lenient   bool   // wherever there is no way on, the issue is left
}

// Ended tells whether the issue is in one of the statuses that end its story.
func (w *Walk) Ended() bool {
	return slices.ContainsFunc([]string{site.Denied, site.Cancelled, site.Ended}, func(key string) bool { return w.s.Statuses[key].ID == w.At })
}

// Run takes the issue to the target and tells whether the payload got there with
// the last transition. An issue that is there already takes no payload. One that
// somebody ended by hand is left there if there is no way back: the rest of the
// story can still be recorded.
func (w *Walk) Run(ctx context.Context, with Payload) (delivered bool, err error) {
	if err := w.s.StatusFault(w.Key); err != nil {
		return false, err
	}
	for range 3 * maxHops {
		if w.At == w.Target.ID || w.Left {
			return delivered, nil
		}
		if len(w.visited) == maxHops {
			break
		}
		t, key, err := w.next(ctx)
		if err != nil {
			return false, err
		}
		if key == w.Key {
			delivered, err = w.step(ctx, t, key, with)
		} else if t.ID != "" {
			_, err = w.step(ctx, t, key, Payload{Comment: with.Comment})
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
func (w *Walk) step(ctx context.Context, t Transition, key string, with Payload) (passed bool, err error) {
	fields, err := w.m.screen(t, key, w.resolution(key))
	if err != nil {
		return false, err
	}
	shows := !w.bare && t.has(with.Fields)
	if shows {
		fields = merged(fields, with.Fields)
	}
	refusal := w.m.pass(ctx, w.issue, t, fields, with)
	if refusal == nil {
		w.visited = append(w.visited, w.At)
		w.At, w.Via, w.Shows, w.asked = t.To.ID, t.ID, shows, false
		return true, nil
	}
	if access.Classify(refusal).Class == access.Denied || !slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusConflict}, rest.StatusOf(refusal)) {
		return false, refusal
	}
	was := w.At
	w.m.learnt.forget(was)
	if err := w.Refresh(ctx); err != nil {
		return false, err
	}
	switch {
	case shows: // it may be about a field: what is to be shown keeps no issue from being moved
		w.bare = true
	case w.At == was && !w.worthwhile(refusal):
		return false, refusal
	}
	w.asked = false
	return false, nil
}

// resolution is the name of the resolution for a status on the way.
func (w *Walk) resolution(key string) string {
	if key == w.Key {
		if name := strings.TrimSpace(w.m.cfg.Resolutions[w.Outcome]); name != "" {
			return name
		}
	}
	return strings.TrimSpace(w.m.cfg.Resolutions[key])
}

// worthwhile tells whether a refused transition may work when it is tried
// again: after a race, or when it was chosen from what had been learnt.
func (w *Walk) worthwhile(refusal error) bool {
	if rest.StatusOf(refusal) == http.StatusConflict {
		w.conflicts++
		return w.conflicts < 3
	}
	return !w.asked
}

// Refresh reads the status the issue is in.
func (w *Walk) Refresh(ctx context.Context) error {
	at, err := w.m.api.IssueStatus(ctx, w.issue)
	if err == nil {
		w.At, w.read = at, true
	}
	return err
}

// next picks the transition to take: straight to the target if there is one,
// else to a status on the natural way there. What was learnt is good enough for
// the straight way; before a detour Jira is asked. No transition means that the
// issue turned out to be elsewhere.
func (w *Walk) next(ctx context.Context) (Transition, string, error) {
	if ways, ok := w.m.learnt.from(w.At); ok {
		if t, ok := w.m.Choose(ways, w.Key, w.Target.ID); ok {
			w.asked = false
			return t, w.Key, nil
		}
	}
	if !w.read && len(w.visited) == 0 {
		was := w.At
		if err := w.Refresh(ctx); err != nil || w.At != was {
			return Transition{}, unknownKey, err
		}
	}
	ways, err := w.offered(ctx)
	if err != nil {
		return Transition{}, "", err
	}
	w.asked = true
	if t, key, ok := w.decide(ways); ok {
		w.m.learnt.learn(w.At, ways)
		return t, key, nil
	}
	was := w.At
	if err := w.Refresh(ctx); err != nil || w.At != was { // moved meanwhile: these are the ways out of another status
		return Transition{}, unknownKey, err
	}
	w.m.learnt.learn(w.At, ways)
	if w.Left = w.Lenient || w.Ended(); w.Left {
		return Transition{}, unknownKey, nil
	}
	return Transition{}, "", w.stranded(ways)
}

// offered reads the ways out of the present status. None is also what Jira shows to whoever
// may not move the issue; the permission may come back between two answers.
func (w *Walk) offered(ctx context.Context) ([]Transition, error) {
	ways, err := w.m.Offered(ctx, w.issue)
	if err != nil || len(ways) > 0 {
		return ways, err
	}
	missing, has := w.m.api.Missing(ctx, rest.TransitionIssues, "move the issue")
	if missing != nil {
		return nil, missing
	}
	if has {
		return w.m.Offered(ctx, w.issue)
	}
	return ways, nil
}

// decide chooses among the ways out of the present status.
func (w *Walk) decide(ways []Transition) (Transition, string, bool) {
	all := waypoints(w.Key)
	if t, ok := w.m.Choose(ways, w.Key, w.Target.ID); ok {
		if via, free := w.past(ways, all[0]); free && all[0] == site.Approved && w.m.Missing(t, w.Key) != "" {
			return via, all[0], true // the long way asks for nothing so far
		}
		return t, w.Key, true
	}
	for _, key := range all {
		if t, ok := w.past(ways, key); ok {
			return t, key, true
		}
	}
	return w.onlyWay(ways)
}

// past is a transition to a status on the way, from which it may go on, that asks for nothing.
func (w *Walk) past(ways []Transition, key string) (Transition, bool) {
	id := w.s.Statuses[key].ID
	if id == w.At || slices.Contains(w.visited, id) || !w.mayReach(id, append(w.visited, w.At)) {
		return Transition{}, false
	}
	t, ok := w.m.Choose(ways, key, id)
	return t, ok && w.m.Missing(t, key) == ""
}

// onlyWay is the one way on through a status that has no key, if there is
// exactly one: anything else would be a guess.
func (w *Walk) onlyWay(ways []Transition) (Transition, string, bool) {
	ours := map[string]bool{}
	for st := range maps.Values(w.s.Statuses) {
		ours[st.ID] = true
	}
	var on []Transition
	for _, t := range ways {
		if !ours[t.To.ID] && t.To.StatusCategory.Key != "done" && !slices.Contains(w.visited, t.To.ID) && w.mayReach(t.To.ID, append(w.visited, w.At)) {
			on = append(on, t)
		}
	}
	if len(on) != 1 || w.m.Missing(on[0], "") != "" {
		return Transition{}, "", false
	}
	return on[0], "", true
}

// mayReach tells whether the target may be reached from a status by all that has
// been learnt. What is not known yet gets the benefit of the doubt.
func (w *Walk) mayReach(from string, seen []string) bool {
	ways, known := w.m.learnt.from(from)
	if !known {
		return len(seen) < maxHops
	}
	for _, t := range ways {
		if t.To.ID == w.Target.ID {
			return true
		}
	}
	if len(seen) >= maxHops {
		return false
	}
	seen = append(seen[:len(seen):len(seen)], from)
	for _, t := range ways {
		if t.To.StatusCategory.Key != "done" && !slices.Contains(seen, t.To.ID) && w.mayReach(t.To.ID, seen) {
			return true
		}
	}
	return false
}

// waypoints are the keys an issue may pass on its way to another, the most
// natural first. An issue never passes through an end.
func waypoints(key string) []string {
	switch key {
	case site.Pending:
		return []string{site.Approved, site.Stuck, site.Manual}
	case site.Approved:
		return []string{site.Pending, site.Stuck, site.Manual}
	case site.Manual:
		return []string{site.Approved, site.Pending, site.Stuck}
	case site.Active:
		return []string{site.Approved, site.Manual, site.Pending, site.Stuck}
	case site.Stuck:
		return []string{site.Approved, site.Active, site.Manual}
	case site.Denied, site.Cancelled:
		return []string{site.Pending, site.Approved, site.Stuck}
	default:
		return []string{site.Active, site.Approved, site.Manual, site.Stuck}
	}
}

// stranded says that the target can't be reached, and what the administrator
// can do.
func (w *Walk) stranded(ways []Transition) error {
	var offered []string
	for _, t := range ways {
		offered = append(offered, strconv.Quote(t.Name)+" to "+t.To.Name)
	}
	return rest.Fault("The issue can't get from %s to %s: Jira offers %s there. Add a transition to the workflow, correct jira.statuses.%s, or give %s the permission to make transitions",
		w.StatusName(w.At), w.Target.Name, cmp.Or(adf.List(offered, "and"), "no transition"), w.Key, w.m.api.AccountName())
}

// lost says that the way is too long.
func (w *Walk) lost() error {
	return rest.Fault("The issue did not reach %s within %d transitions: add a shorter way to the workflow, or correct jira.statuses.%s", w.Target.Name, maxHops, w.Key)
}

// StatusName is the name of a status that has a key.
func (w *Walk) StatusName(id string) string {
	for st := range maps.Values(w.s.Statuses) {
		if st.ID == id {
			return st.Name
		}
	}
	return "its status"
}
