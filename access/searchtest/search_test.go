package searchtest

import (
	"fmt"
	"hash/maphash"
	"runtime"
	"time"
)

// search walks through a world, breadth first: of every state all steps. Of a broken
// promise it finds a shortest way there.
type search struct {
	*model
	seed   maphash.Seed
	seen   table
	came   []arrival
	next   []uint32  // of each expanded state: where it goes if all goes well; resting if nowhere
	here   stateList // states of the level at hand
	ahead  stateList
	first  uint32 // number of here[0]
	most   int
	levels int
	took   time.Duration
	broken *counterexample
}

// arrival is how a state was come to first.
type arrival struct {
	from uint32
	step step
}

// resting marks a state from which nothing has to happen.
const resting = ^uint32(0)

// counterexample is a shortest way to a broken promise.
type counterexample struct {
	world   world
	start   state
	steps   []step
	promise string // where it is of things that never come to rest: whatever happens after the steps
}

// explore searches a world until it is exhausted, a promise is broken, or most states
// were found.
func explore(w world, most int) *search {
	if w.bound > 0 {
		most = min(most, w.bound)
	}
	x := &search{model: newModel(w), seed: maphash.MakeSeed(), seen: newTable(), most: most}
	began := time.Now()
	for _, s := range x.beginnings() {
		x.meet(s, arrival{from: resting})
	}
	for x.broken == nil && x.ahead.len > 0 && len(x.came) < most {
		x.first += uint32(x.here.len)
		x.here, x.ahead = x.ahead, stateList{}
		x.level()
		x.levels++
	}
	if x.broken == nil {
		x.everythingComesToRest()
	}
	x.took = time.Since(began)
	return x
}

// exhausted tells whether nothing is left to look at.
func (x *search) exhausted() bool { return x.broken == nil && x.ahead.len == 0 }

// level looks at what can happen in each state of a level.
func (x *search) level() {
	for n := range x.here.len {
		if len(x.came) >= x.most {
			return
		}
		s, from := x.here.at(n), x.first+uint32(n)
		x.here.clear(n - 1)
		fair, goesOn := x.fair(s)
		x.next = append(x.next, resting)
		if !goesOn {
			if why := x.rests(s); why != "" {
				x.found(from, why)
				return
			}
		}
		x.steps(s, func(st step) {
			if x.broken == nil {
				x.follow(s, from, st, goesOn && st == fair)
			}
		})
		if goesOn && x.next[from] == resting && x.broken == nil {
			x.follow(s, from, fair, true)
		}
		if x.broken != nil {
			return
		}
	}
}

// follow takes a step from a state.
func (x *search) follow(s *state, from uint32, st step, fair bool) {
	defer func() {
		if broken := recover(); broken != nil {
			x.found(from, fmt.Sprint("a machine breaks: ", broken), st)
		}
	}()
	r := x.take(s, st)
	switch {
	case r.broken != "":
		x.found(from, r.broken, st)
	case !r.happen && fair:
		x.found(from, "nothing goes on, though it should", st)
	case !r.happen:
	default:
		to := x.meet(r.state, arrival{from, st})
		if fair {
			x.next[from] = to
		}
	}
}

// meet numbers a state, and puts it among those to be looked at if it is new.
func (x *search) meet(s state, how arrival) uint32 {
	id, fresh := x.seen.add(maphash.Comparable(x.seed, s), uint32(len(x.came)))
	if fresh {
		x.came = append(x.came, how)
		x.ahead.add(s)
	}
	return id
}

// found notes the way to a broken promise.
func (x *search) found(at uint32, promise string, further ...step) {
	if x.broken != nil {
		return
	}
	steps := further
	for x.came[at].from != resting {
		steps = append([]step{x.came[at].step}, steps...)
		at = x.came[at].from
	}
	x.broken = &counterexample{world: x.world, start: x.beginnings()[at], steps: steps, promise: promise}
}

// everythingComesToRest follows from every state what happens if all goes well, to
// where nothing waits any more. What goes in circles never does.
func (x *search) everythingComesToRest() {
	const unknown, onTheWay, good = 0, 1, 2
	known := make([]uint8, len(x.came))
	for from := range x.next {
		var way []uint32
		at := uint32(from)
		for known[at] == unknown && int(at) < len(x.next) && x.next[at] != resting {
			known[at] = onTheWay
			way = append(way, at)
			at = x.next[at]
		}
		if known[at] == onTheWay {
			x.found(uint32(from), circle)
			return
		}
		if int(at) >= len(x.next) && known[at] == unknown && !x.goesOn(uint32(from), at) {
			return
		}
		known[at] = good
		for _, w := range way {
			known[w] = good
		}
	}
}

// goesOn follows a state, to which things come if all goes well, beyond those that
// were expanded.
func (x *search) goesOn(from, at uint32) bool {
	s := x.unlooked(at)
	passed := map[state]bool{}
	for range 400 {
		st, on := x.fair(&s)
		why := ""
		if !on {
			if why = x.rests(&s); why == "" {
				return true
			}
		} else if passed[s] {
			why = circle
		}
		passed[s] = true
		r := x.take(&s, st)
		if why == "" && (r.broken != "" || !r.happen) {
			why = first(r.broken, "nothing goes on, though it should")
		}
		if why != "" {
			x.found(from, why)
			return false
		}
		s = r.state
		if print := maphash.Comparable(x.seed, s); x.seen.has(print) {
			if id, _ := x.seen.add(print, 0); int(id) < len(x.next) {
				return true // followed from there
			}
		}
	}
	x.found(from, circle)
	return false
}

// circle is the promise that is broken where things never come to rest.
const circle = "7. the same happens again and again, and nothing comes of it"

// unlooked is a state that was not expanded.
func (x *search) unlooked(at uint32) state {
	if n := int(at - x.first); n < x.here.len {
		return *x.here.at(n)
	}
	return *x.ahead.at(int(at-x.first) - x.here.len)
}

// memory is how much the process holds, in bytes.
func memory() uint64 {
	var all runtime.MemStats
	runtime.ReadMemStats(&all)
	return all.Sys - all.HeapReleased
}
