package modals

import "sync"

// remembered is how many views are kept in mind. Forgetting one costs a repeated
// answer, never a repeated decision.
const remembered = 4096

// latestActions remembers the latest action in each open form, so that a slow answer
// to an older choice doesn't paint over a newer one.
type latestActions struct {
	mu sync.Mutex
	at map[string]string // view id to action_ts
}

// note takes an action in and reports whether it is the latest of its view.
// Slack's timestamps of one length sort as text.
func (l *latestActions) note(view, ts string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == nil || len(l.at) >= remembered {
		l.at = map[string]string{}
	}
	if ts < l.at[view] {
		return false
	}
	l.at[view] = ts
	return true
}

// is reports whether ts is still the latest action of the view.
func (l *latestActions) is(view, ts string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at[view] <= ts
}

// of is the latest action of the view, empty if there was none.
func (l *latestActions) of(view string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.at[view]
}

// finish makes every action of the view an old one: it was submitted, and what it
// turned into must not be painted over by an answer that comes late.
func (l *latestActions) finish(view string) { l.note(view, "~") }

func (l *latestActions) forget(view string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.at, view)
}
