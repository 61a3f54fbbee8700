package access

import (
	"cmp"
	"slices"
	"time"
)

// FollowUp is what waits for a person. They are told, told again a few times, and then
// IT hears of it, once and from then on every week. Every telling is a message of
// its own, since nobody notices that an old one has changed.
type FollowUp struct {
	Since time.Time // when it began; zero: nothing waits for anybody
	Told  int       // how often it was told of again
	Next  time.Time // when it is told of next
	Last  time.Time `json:",omitzero"`  // when it was told of again last; zero: not yet
	Of    int       `json:",omitempty"` // how often they are told again before others are, too; 0: three times
}

// stuckAgain is how often IT hears of removals that are stuck, all of them together.
const stuckAgain = 4 * time.Hour

// skipped is the same where nobody is told again before others are.
func (d FollowUp) skipped(at time.Time) FollowUp {
	d.Told, d.Next = max(d.Told, cmp.Or(d.Of, mostTold)), at
	return d
}

// utc is the same, as it is kept.
func (d FollowUp) utc() *FollowUp {
	d.Since, d.Next, d.Last = d.Since.UTC(), d.Next.UTC(), d.Last.UTC()
	return &d
}

// Open reports whether anything waits for anybody.
func (d FollowUp) Open() bool { return !d.Since.IsZero() }

// Escalates reports whether IT is told next, and not the person again.
func (d FollowUp) Escalates() bool { return d.Told >= cmp.Or(d.Of, mostTold) }

// due reports whether it is time to tell of it.
func (d FollowUp) due(at time.Time) bool { return d.Open() && !d.Next.IsZero() && !at.Before(d.Next) }

// earliest is the first of the moments there are; zero if there is none.
func earliest(all ...time.Time) (first time.Time) {
	for _, t := range all {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	return first
}

// Chased is how often a person was told again of a request, whatever of it waited for
// them.
type Chased struct {
	Who   PersonID
	Times int
}

// Chases are those of a request.
type Chases []Chased

// times is how often somebody was told again.
func (c Chases) times(who PersonID) (n int) {
	for _, one := range c { // there twice where two were found to be one
		if one.Who == who {
			n += one.Times
		}
	}
	return n
}

// again counts that people are told once more.
func (c Chases) again(who []PersonID) Chases {
	out := slices.Clone(c)
	for _, one := range who {
		i := slices.IndexFunc(out, func(c Chased) bool { return c.Who == one })
		if i < 0 {
			i, out = len(out), append(out, Chased{Who: one})
		}
		out[i].Times++
	}
	return out
}

// Nudges are those of a request: whoever waits has those told again who are waited for.
type Nudges struct {
	Times int
	Last  time.Time
}
