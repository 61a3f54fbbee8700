package recovery_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/access"
	"latchkey/workflow/recovery"
)

// everyByte has every single byte changed in a world of two hundred requests, which takes
// minutes; otherwise some of them are, in a smaller one.
const everyByte = "RECOVER_MUTATIONS"

// TestMutations changes the bytes of what one issue carries, one after the other, in a
// world of other requests: its state, its page and the marks of its comments. Whichever it
// is, nobody is put into a group, the issue is named, and the others come back.
func TestMutations(t *testing.T) {
	many, mutations := 25, 48
	if os.Getenv(everyByte) != "" {
		many, mutations = 200, math.MaxInt
	}
	base := newMutated(t, many)
	total := 0
	for _, part := range base.parts {
		total += len(part)
	}
	bytes := make(chan int)
	var trying sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		w := base.copied(t)
		trying.Go(func() {
			for at := range bytes {
				base.try(t, w, at)
			}
		})
	}
	for at := 0; at < total; at += max(1, total/mutations) {
		bytes <- at
	}
	close(bytes)
	trying.Wait()
	t.Logf("%d bytes of %d parts in a world of %d requests; %d different outcomes were carried out", total, len(base.parts), many, len(base.seen))
}

// mutated is a world whose first issue is changed.
type mutated struct {
	*attacked
	marks []access.Mark // of the first issue's comments
	parts []string      // its state, its page, and what each of its comments says to machines

	mu   sync.Mutex
	seen map[string]bool // outcomes that were carried out
}

func newMutated(t *testing.T, many int) *mutated {
	m := &mutated{attacked: &attacked{world: newWorld(t), history: &history{t: t}}, seen: map[string]bool{}}
	for i := range many {
		m.put(m.some(i))
	}
	record := m.all[0].Record
	m.parts = []string{record.State, record.Pages[0]}
	m.marks = m.world.marks[m.all[0].Issue.ID]
	for _, mark := range m.marks {
		m.parts = append(m.parts, stamped(t, mark))
	}
	return m
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

// stamp is what a comment says to machines, in the form that it has in Jira.
type stamp struct {
	ID       string      `json:"id"`
	N        uint64      `json:"n"`
	Leaf     access.Hash `json:"leaf"`
	Audience string      `json:"audience"`
}

func stamped(t *testing.T, m access.Mark) string {
	raw, err := json.Marshal(stamp{m.Event, m.N, m.Leaf, "agents"})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// read is the mark of a comment with a stamp. One that isn't what Latchkey writes was edited,
// as the room that reads comments has it.
func read(text string) access.Mark {
	var s stamp
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return access.Mark{At: start(), Edited: true}
	}
	again, err := json.Marshal(s)
	genuine := err == nil && string(again) == text && (s.Audience == "agents" || s.Audience == "customer")
	return access.Mark{Event: s.ID, N: s.N, Leaf: s.Leaf, At: start(), Edited: !genuine}
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

// copied is another such world, whose store is empty.
func (m *mutated) copied(t *testing.T) *attacked {
	w := &attacked{world: newWorld(t), history: &history{t: t}}
	w.keys, w.all = m.keys, slices.Clone(m.all)
	w.world.member("maya", true)
	return w
}

// change has one byte of the first issue be another.
func (m *mutated) change(w *attacked, at int) (name string) {
	part, i := 0, at
	for i >= len(m.parts[part]) {
		i -= len(m.parts[part])
		part++
	}
	parts := slices.Clone(m.parts)
	parts[part] = mutate(parts[part], i, at)
	w.all[0].Record = access.IssueRecord{State: parts[0], Pages: []string{parts[1]}}
	w.marks = map[string][]access.Mark{}
	for id, marks := range m.world.marks {
		w.marks[id] = marks
	}
	if part > 1 {
		marks := slices.Clone(m.marks)
		marks[part-2] = read(parts[part])
		w.marks[w.all[0].Issue.ID] = marks
	}
	return fmt.Sprintf("part %d byte %d", part, i)
}

// try tells what would be recovered with one byte changed, and recovers it where nothing
// of the kind was yet.
func (m *mutated) try(t *testing.T, w *attacked, at int) {
	name := m.change(w, at)
	out, err := w.Recover(context.Background(), w.found(w.all), true)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	named := slices.ContainsFunc(out.Conflicts, func(c recovery.Conflict) bool { return strings.Contains(c.About+" "+c.Text, "IT-0") && c.Do != "" })
	if !named {
		t.Errorf("%s: nothing is said about the issue: %q", name, conflicts(out))
	}
	if out.Requests < len(w.all)-1 {
		t.Errorf("%s: %d of %d requests came back", name, out.Requests, len(w.all))
	}
	kind := kindOf(out)
	m.mu.Lock()
	known := m.seen[kind]
	m.seen[kind] = true
	m.mu.Unlock()
	if !known {
		t.Run(name, func(t *testing.T) { m.carryOut(t, at) })
	}
}

// kindOf is what came of a recovery, but for numbers in sentences: what differs in these alone
// takes the same way through the code.
func kindOf(out recovery.Recovery) string {
	text := regexp.MustCompile(`[0-9a-f]{6,}|[0-9]+`).ReplaceAllString(strings.Join(conflicts(out), "\n"), "#")
	out.Conflicts, out.Head = nil, access.Entry{}
	return fmt.Sprintf("%+v", out) + text
}

// carryOut recovers with one byte changed.
func (m *mutated) carryOut(t *testing.T, at int) {
	w := m.copied(t)
	m.change(w, at)
	members := w.inside()
	if _, err := w.Recover(t.Context(), w.found(w.all), false); err != nil {
		t.Fatal(err)
	}
	w.gaveNobodyAnything(members)
}
