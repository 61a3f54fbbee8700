package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// hands are those who make a change by hand.
type hands struct{ builder }

// are are those who make it, escaped: who has taken it on, or else all who may.
func (b hands) are() string {
	if b.Grant != nil && b.Grant.TakenBy != "" {
		return blocks.Escape(b.you(b.Grant.TakenBy), blocks.MaxName)
	}
	return b.fulfillers()
}

// taken is who has taken it on.
func (b hands) taken() string {
	g := b.Grant
	if g == nil || g.State != access.GrantManual || g.TakenBy == "" {
		return ""
	}
	is := "is"
	if b.reads(g.TakenBy) {
		is = "are"
	}
	return blocks.Capital(blocks.Escape(b.you(g.TakenBy), 2*blocks.MaxName)) + " " + is + " on it since " + blocks.When(g.TakenAt) + "."
}

// cantBeDone is that whoever was asked to make a change by hand says that it can't be made.
func cantBeDone(c access.Case) (access.Event, bool) {
	e, ok := c.Last(access.EventNotFulfilled)
	switch {
	case !ok || c.Grant == nil:
		return e, false
	case c.Grant.Revoking:
		return e, c.Grant.State == access.GrantStuck
	}
	return e, c.Grant.End == access.EndUnfulfilled
}

// say is who said that it can't be made.
func (b hands) say() string {
	e, ok := cantBeDone(b.Case)
	if !ok {
		return ""
	}
	return ", as said by " + blocks.Escape(b.actor(e.Actor), 2*blocks.MaxName)
}
