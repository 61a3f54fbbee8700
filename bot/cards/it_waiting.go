package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// unanswered is that somebody was told of what waits for them as often as makes sense, and has
// not done it.
func (b itCard) unanswered() (problem, bool) {
	switch r := b.Request; {
	case r.UnderReview() && b.told(access.EventEscalated):
		return problem{
			title: "Emergency not reviewed", why: "Nobody has said whether it was right, although " + blocks.Escape(b.names(r.Review.Asked), blocks.MaxField) + " " + blocks.Agree(len(r.Review.Asked), "was", "were") + " asked several times.",
			next: blocks.Lines(b.progress(), "It stays open until one of them answers. You hear of it every week."),
		}, true
	case r.State == access.RequestPending && r.FollowUp.Told > 0 && r.FollowUp.Escalates() && b.told(access.EventEscalated):
		return b.undecided(), true
	case b.Grant != nil && b.Grant.State == access.GrantManual && b.told(access.EventGrantEscalated):
		return b.undone(), true
	}
	return problem{}, false
}

// told tells whether IT was told of what waits now.
func (b itCard) told(kind access.EventKind) bool {
	e, ok := b.Last(kind)
	since := b.Request.FollowUp.Since
	if kind == access.EventGrantEscalated {
		since = b.Grant.FollowUp.Since
	}
	return ok && !e.At.Before(since)
}

func (b itCard) undecided() problem {
	waits := "An answer to a question has been waited for since "
	if !b.Request.Questioned {
		waits = "A decision has been waited for since "
	}
	p := problem{
		choose: true, title: "Nobody answers", why: waits + blocks.When(b.Request.FollowUp.Since) + ".",
		next: b.asked() + " They were told several times; please talk to them. You hear of it again while nobody answers.",
	}
	if e, ok := b.Last(access.EventEscalated); ok && e.Note != "" {
		p.next = b.asked() + " " + blocks.Told(e.Note, blocks.MaxField) + ". You hear of it again while nobody answers."
	}
	if b.Request.Questioned {
		p.next = "It was asked of " + blocks.Escape(b.name(b.Request.Requester), 2*blocks.MaxName) + ", who was told several times; please talk to them. You hear of it every week."
	}
	if !b.Request.Lapses.IsZero() {
		p.next += " The request lapses " + blocks.When(b.Request.Lapses) + "."
	}
	return p
}

func (b itCard) undone() problem {
	p := problem{
		hand: true, title: "Not done by hand", why: "To give the access was asked of " + b.fulfillers() + " " + blocks.When(b.Grant.FollowUp.Since) + ", and several times since.",
		next: "The person waits. See that it is done; whoever did it presses *It's done*. You hear of it every week.",
	}
	p.next = strings.TrimSpace(hands{b.builder}.taken() + " " + p.next)
	if b.Grant.Revoking {
		p.title = "Not removed by hand"
		p.why = b.ending() + " To take the access away was asked of " + b.fulfillers() + " " + blocks.When(b.Grant.FollowUp.Since) + ", and several times since."
		p.next = strings.TrimSpace(hands{b.builder}.taken() + " It counts as still there. See that it is taken away; whoever did it presses *It's done*. You hear of it every week.")
	}
	return p
}
