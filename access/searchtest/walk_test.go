package searchtest

import (
	"fmt"
	"maps"
	"slices"
)

// walkable is a world of which every state can be looked at.
type walkable[S any] interface {
	begin() (S, error)
	after(S) []came[S]               // everything that may happen in a state
	promises(before, after S) string // which promise a step breaks; "" for none
	trials(S) string                 // what is tried in a state that mustn't be possible, or has to be
	key(S) string                    // tells states apart
	note(before, after S, used map[string]bool)
	waits(S) string // what has to go on in a state from which nothing does, as the promise that is broken then; "" for nothing
	closed(S) bool  // whether what it is about is over
}

// came is a state that came of another one, or the promise that was broken on the way.
type came[S any] struct {
	state  S
	what   string
	broken string
	fair   bool // it is what happens if all goes well
}

// walk looks at every state of a world, breadth first.
type walk[S any] struct {
	walkable[S]
	most          int // states that are looked at; 0: all
	states, depth int
	over          int
	used          map[string]bool // lines of the tables
	circle        string          // the promise that is broken where the same happens again and again
	broken        string
	way           []string // to what is broken
}

// met is a state with the way to it.
type met[S any] struct {
	state S
	from  int // its index among all; -1 for the beginning
	what  string
}

func (w *walk[S]) walk() {
	defer func() {
		if broken := recover(); broken != nil {
			w.broken = fmt.Sprint("a machine breaks: ", broken)
		}
	}()
	w.used = map[string]bool{}
	s, err := w.begin()
	if err != nil {
		w.broken = "it can't begin: " + err.Error()
		return
	}
	if w.broken = w.trials(s); w.broken != "" {
		return
	}
	all, seen := []met[S]{{s, -1, ""}}, map[string]int{w.key(s): 0}
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
func (w *walk[S]) expand(all *[]met[S], seen map[string]int, fair map[int]int, n int) {
	at := (*all)[n].state
	goesOn := false
	for _, m := range w.after(at) {
		w.note(at, m.state, w.used)
		key := w.key(m.state)
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
			seen[key], *all = to, append(*all, met[S]{m.state, n, m.what})
		}
		if m.fair && !goesOn {
			goesOn, fair[n] = true, to
		}
	}
	if why := w.waits(at); !goesOn && why != "" {
		w.breaks(*all, n, "", why)
		return
	}
	if w.closed(at) {
		w.over++
	}
}

// breaks notes the way to a broken promise.
func (w *walk[S]) breaks(all []met[S], at int, what, promise string) {
	w.broken, w.way = promise, []string{what}
	for ; at >= 0; at = all[at].from {
		w.way = append(w.way, all[at].what)
	}
	slices.Reverse(w.way)
	w.depth = len(w.way)
}

// comesToRest follows from each state what happens if all goes well.
func (w *walk[S]) comesToRest(all []met[S], fair map[int]int) {
	good := map[int]bool{}
	for n := range all {
		passed := map[int]bool{}
		for at := n; ; {
			to, on := fair[at]
			if !on || good[at] {
				break
			}
			if passed[at] {
				w.breaks(all, n, "", w.circle)
				return
			}
			passed[at], at = true, to
		}
		maps.Copy(good, passed)
	}
}
