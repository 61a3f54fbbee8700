package home

import (
	"encoding/json"
	"sync"

	"latchkey/bot/payload"
)

// shownPages is what a Home tab carries: which pages it shows, and what tells it
// from others, so that the same isn't published twice, not even after a restart.
type shownPages struct {
	Held     int    `json:"h,omitempty"`
	Asked    int    `json:"a,omitempty"`
	Decide   int    `json:"d,omitempty"`
	Stuck    int    `json:"s,omitempty"`
	Past     int    `json:"p,omitempty"`
	Known    int    `json:"k,omitempty"`
	Compared int    `json:"c,omitempty"`
	Digest   string `json:"x,omitempty"`
}

// of is which page of a list is shown.
func (m *shownPages) of(block string) (page *int, ok bool) {
	page, ok = map[string]*int{
		blockHeld: &m.Held, blockAsked: &m.Asked, blockDecide: &m.Decide, blockStuck: &m.Stuck,
		blockPast: &m.Past, blockKnown: &m.Known, blockCompared: &m.Compared,
	}[block]
	return page, ok
}

func pagesOf(v payload.View) shownPages {
	var m shownPages
	if json.Unmarshal([]byte(v.Metadata), &m) != nil {
		return shownPages{}
	}
	return m
}

// remembered is how many Home tabs are kept in mind. Forgetting one means that it is
// brought up to date when it is next opened.
const remembered = 4096

// tabs remembers whose Home tab was opened while the bot ran, and what is on it.
// Only those are kept up to date; everybody else gets theirs when they open it.
type tabs struct {
	mu   sync.Mutex
	open map[string]*tab // by Slack id
}

type tab struct {
	pages shownPages
	it    bool // shows what IT looks after
	busy  bool // is being published
	dirty bool // something changed meanwhile
}

// note takes in that somebody opened their Home tab, or turned a page of it.
func (t *tabs) note(user string, m shownPages) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil || len(t.open) >= remembered {
		t.open = map[string]*tab{}
	}
	s, ok := t.open[user]
	if !ok {
		s = &tab{}
		t.open[user] = s
	}
	s.pages = m
}

// begin reports whether the caller is to publish; while somebody else does, they
// will do it once more.
func (t *tabs) begin(user string) (shownPages, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.open[user]
	if !ok {
		return shownPages{}, false
	}
	if s.busy {
		s.dirty = true
		return shownPages{}, false
	}
	s.busy = true
	return s.pages, true
}

// done ends a publication and reports whether another one is needed.
func (t *tabs) done(user, digest string, it bool) (again bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.open[user]
	if !ok {
		return false
	}
	again, s.busy, s.dirty, s.it = s.dirty, false, false, it
	if digest != "" {
		s.pages.Digest = digest
	}
	return again
}

// staff are those whose Home tab shows what IT looks after.
func (t *tabs) staff() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []string
	for user, s := range t.open {
		if s.it {
			out = append(out, user)
		}
	}
	return out
}
