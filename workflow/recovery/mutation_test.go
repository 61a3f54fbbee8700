package recovery_test

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/workflow/recovery"
)

// everyByte has every single byte changed in a world of two hundred requests, which takes
// a quarter of an hour; otherwise a few of them are, in a smaller one.
const everyByte = "RECOVER_MUTATIONS"

// TestMutations changes the bytes of what one issue carries, one after the other, in a
// world of other requests: its state and its page. Whichever it is, nobody is put
// into a group, the issue is named, and the others come back. (Of the marks of comments,
// that any change is known is tested where they are read.)
func TestMutations(t *testing.T) {
	many, mutations := 25, 24
	if os.Getenv(everyByte) != "" {
		many, mutations = 200, math.MaxInt
	}
	base := &attacked{world: newWorld(t), history: &history{t: t}}
	for i := range many {
		base.put(base.some(i))
	}
	whole := base.all[0].Record
	parts := []string{whole.State, whole.Pages[0]}
	total := len(parts[0]) + len(parts[1])
	for at := 0; at < total; at += max(1, total/mutations) {
		part, i := 0, at
		for i >= len(parts[part]) {
			i -= len(parts[part])
			part++
		}
		changed := slices.Clone(parts)
		changed[part] = mutate(parts[part], i, at)
		t.Run(fmt.Sprintf("part %d byte %d", part, i), func(t *testing.T) { base.mutated(t, changed) })
	}
}

// some is one of the requests: Maya's access at first, and then of all sorts.
func (a *attacked) some(i int) lost {
	id := fmt.Sprint(i)
	a.history.open = nil
	switch i % 5 {
	case 0:
		return a.held(id)
	case 1:
		return a.waiting(id)
	case 2:
		return a.newer(a.held(id))
	case 3:
		return a.provisioning(id)
	}
	return a.taken(id)
}

// mutate changes one byte to another that can stand there.
func mutate(text string, i, salt int) string {
	const letters = "0aZ+/={}\":, \nzq9"
	c := letters[salt%len(letters)]
	if c == text[i] {
		c = letters[(salt+1)%len(letters)]
	}
	return text[:i] + string(c) + text[i+1:]
}

// mutated recovers what the base has, with one issue changed.
func (a *attacked) mutated(t *testing.T, parts []string) {
	w := &attacked{world: newWorld(t), history: &history{t: t}}
	w.keys, w.marks = a.keys, map[string][]access.Mark{}
	for id, marks := range a.marks {
		w.marks[id] = marks
	}
	all := slices.Clone(a.all)
	all[0].Record = access.IssueRecord{State: parts[0], Pages: []string{parts[1]}}
	w.world.member("maya", true)
	members := w.inside()
	out, err := w.Recover(t.Context(), w.found(all), false)
	if err != nil {
		t.Fatal(err)
	}
	w.gaveNobodyAnything(members)
	named := slices.ContainsFunc(out.Conflicts, func(c recovery.Conflict) bool { return strings.Contains(c.About+" "+c.Text, "IT-0") && c.Do != "" })
	if !named {
		t.Errorf("nothing is said about the issue: %q", conflicts(out))
	}
	if out.Requests < len(all)-1 {
		t.Errorf("%d of %d requests came back", out.Requests, len(all))
	}
}
