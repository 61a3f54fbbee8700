package searchtest

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// seatWorlds are those that are searched.
func seatWorlds() []*seatWorld {
	return []*seatWorld{
		{name: "a seat that nobody speaks of", cases: 1, forever: true},
		{name: "a seat of which nothing is known", cases: 1, blind: true},
		{name: "a seat of which too little is known", cases: 1, short: true},
		{name: "a seat that is long asked about", cases: 1, long: true, uses: 1, forever: true},
		{name: "a seat, and somebody helps by hand", cases: 1, stray: true, forever: true},
		{name: "a seat and its holder's answers", cases: 2, answers: true, later: 1, uses: 1, restores: true},
		{name: "a seat that is used late", cases: 1, uses: 2, lag: catalog.Day, answers: true},
		{name: "a seat that is put off, and used late", cases: 1, uses: 1, lag: catalog.Day, answers: true, later: 1},
		{name: "a seat and leave", cases: 1, leave: true, answers: true, later: 1, forever: true},
		{name: "a seat while the directory is down", cases: 1, down: true, uses: 1, lag: catalog.Day, slow: true},
		{name: "a seat that IT leaves out", cases: 2, exempts: true, answers: true, later: 1, forever: true},
		{name: "a seat, and other things end it", cases: 1, revoked: true, quits: true, reload: true, more: true, later: 1},
		{name: "a seat, and something else needs the group", cases: 1, beside: true, answers: true, restores: true, lost: true, quits: true},
		{name: "a seat, and a lower role", cases: 1, downgrade: true, restores: true, quits: true, revoked: true, lost: true},
		{name: "a seat, and a lower role for good", cases: 1, downgrade: true, restores: true, forever: true, more: true, uses: 1},
		{name: "a seat, and the directory refuses", cases: 1, cannot: true, answers: true, restores: true, lost: true, downgrade: true},
		{name: "a seat, and what is done is done again", cases: 1, slow: true, uses: 1, later: 1, reload: true, forever: true},
		{name: "a seat that nobody had approved", cases: 1, adopted: true, restores: true, answers: true},
	}
}

// waits tells of what has to go on, and doesn't.
func (w *seatWorld) waits(s seatState) string {
	c := s.last()
	switch {
	case c != nil && c.Open() && !w.blind && !w.short:
		return "S6. a question is never over"
	case s.grant("G-1").Revoking && s.grant("G-1").State != access.GrantEnded:
		return "S6. access never ends"
	}
	return ""
}

func (w *seatWorld) closed(s seatState) bool {
	c := s.last()
	return c != nil && !c.Open()
}

// note notes which lines of the table took a state to another one.
func (w *seatWorld) note(before, s seatState, used map[string]bool) {
	for n, c := range s.Cases {
		if n < len(before.Cases) && before.Cases[n].State != c.State {
			used[fmt.Sprint(before.Cases[n].State, " to ", c.State)] = true
		}
	}
}

func walkSeat(world *seatWorld, most int) *walk[seatState] {
	w := &walk[seatState]{walkable: world, most: most, circle: "S6. the same happens again and again, and nothing comes of it"}
	w.walk()
	return w
}

// TestSeatsKeepTheirPromises: whatever happens in whatever order, a question about an idle seat keeps what it promises, and comes to
// its end.
func TestSeatsKeepTheirPromises(t *testing.T) {
	used := map[string]bool{}
	for _, world := range seatWorlds() {
		began := time.Now()
		w := walkSeat(world, 0)
		t.Logf("%s: %d states, in %d of them a question is over; %s", world.name, w.states, w.over, time.Since(began).Round(time.Millisecond))
		if w.broken != "" {
			t.Errorf("%s: %s, after %q", world.name, w.broken, w.way)
		}
		if w.over == 0 && w.broken == "" && !world.blind && !world.short {
			t.Errorf("%s: no question is ever over", world.name)
		}
		maps.Copy(used, w.used)
	}
	for _, r := range access.ReclaimRules() {
		for _, to := range r.To {
			if line := fmt.Sprint(r.From, " to ", to); to != r.From && !used[line] {
				t.Errorf("no world takes %s", line)
			}
		}
	}
}

// inSeats are these worlds, to look for a fault in.
func inSeats() []hunt {
	return huntsIn(seatWorlds(), func(w *seatWorld) string { return w.name }, func(world *seatWorld, most int) finding {
		return foundBy(walkSeat(world, most))
	})
}
