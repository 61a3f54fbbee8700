package notify

import (
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// ToSeat is the audience of what is said of an idle seat to who holds it: whether they still need it, and what became of it.
const ToSeat Audience = "seat"

// SeatContent is what a card about an idle seat shows.
type SeatContent struct {
	Reclaim access.Reclaim
	Story   []access.Event
	App     catalog.App
	Role    catalog.Role
	People  map[access.PersonID]access.Person // who did something about it
	Now     time.Time                         // when it was read, by which it is known what can still be given back
}

// Upto implements Content.
func (c SeatContent) Upto() uint64 {
	if len(c.Story) == 0 {
		return 0
	}
	return c.Story[len(c.Story)-1].N
}

// Posting is which posting of its card an idle seat has by its story: who has to notice something is told in a new message.
func (c SeatContent) Posting() int { return SeatPostings(c.Story) }

// SeatPostings counts what whoever holds an idle seat has to notice: that they are asked, asked again after a while, and that
// access came to an end without a word of theirs. Everything else is their own doing, or leaves them what they have: those
// who wait for nothing are told nothing, and the message that is there says it.
func SeatPostings(story []access.Event) int {
	n, ending, told := 0, false, false
	for _, e := range story {
		switch e.Kind {
		case access.EventReclaimAsked, access.EventReclaimAskedNow:
			n++
		case access.EventReclaimRemoving:
			ending = true
		case access.EventReclaimSettled:
			if ending && !told && e.Reclaim != nil && e.Reclaim.Outcome != access.ReclaimFailed {
				n, told = n+1, true
			}
		}
	}
	return max(n, 1)
}
