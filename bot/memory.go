package bot

import "sync"

// remembered is how many views or events are kept in mind. Forgetting one costs
// a repeated answer, never a repeated decision.
const remembered = 4096

// newest remembers the latest action in each open form, so that a slow answer
// to an older choice doesn't paint over a newer one.
type newest struct {
	mu sync.Mutex
	at map[string]string // view id to action_ts
}

// note takes an action in and reports whether it is the newest of its view.
// Slack's timestamps of one length sort as text.
func (n *newest) note(view, ts string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.at == nil || len(n.at) >= remembered {
		n.at = map[string]string{}
	}
	if ts < n.at[view] {
		return false
	}
	n.at[view] = ts
	return true
}

// is reports whether ts is still the newest action of the view.
func (n *newest) is(view, ts string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.at[view] <= ts
}

// finish makes every action of the view an old one: it was submitted, and what it
// turned into must not be painted over by an answer that comes late.
func (n *newest) finish(view string) { n.note(view, "~") }

func (n *newest) forget(view string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.at, view)
}

// once tells the first delivery of an event from its repetitions.
type once struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (o *once) first(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if id != "" && o.seen[id] {
		return false
	}
	if o.seen == nil || len(o.seen) >= remembered {
		o.seen = map[string]bool{}
	}
	o.seen[id] = true
	return true
}
