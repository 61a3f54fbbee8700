package notify

import (
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Together is for how long what happens to a request is one edit of its cards.
const Together = 2 * time.Second

// pace is how soon cards are shown. What is on its way is shown together with what comes of
// it, if that takes no longer than a moment; as soon as nothing is, cards are shown at once.
type pace struct {
	together time.Duration // 0: everything is shown at once
}

// keyParts is which part of that moment whoever is asked waits for the ticket's key: a message
// that has it needs no edit.
const keyParts = 4

// due is when a card is to be shown.
func (p pace) due(u *engine.Unit, about access.Subject, c Card) time.Time {
	if p.together == 0 || about.Kind != access.SubjectRequest {
		return u.At
	}
	r, err := u.Request(about.ID)
	if err != nil {
		return u.At // whoever shows it says why it can't be read
	}
	kept, err := keptCard(u.Tx, about, c)
	if err != nil {
		return u.At
	}
	at, moving := u.At, isMoving(u, r)
	switch base, revision := c.Audience.Parts(); {
	case kept.TS != "":
		if moving {
			at = u.At.Add(p.together)
		}
		if next := kept.Shown.Add(p.together); next.After(at) {
			at = next
		}
	case base == ToRequester && revision == 0 && moving && !r.BreakGlass:
		at = u.At.Add(p.together)
	case (base == ToApprover || base == ToChannel) && r.State == access.RequestPending && !recorded(r):
		at = u.At.Add(p.together / keyParts)
	}
	return at
}

// isMoving tells whether something is about to happen to a request that waits for nobody.
func isMoving(u *engine.Unit, r access.Request) bool {
	switch r.State {
	case access.RequestPending:
		return !recorded(r) || r.Stage < len(r.Stages) && len(r.Stages[r.Stage].Asked) == 0 && !r.FollowUp.Open()
	case access.RequestApproved:
		g, err := u.Grant(r.GrantID())
		if err != nil { // there is none, or it can't be read: nothing is known to follow
			return false
		}
		switch {
		case g.Planned():
			return false
		}
		switch g.State {
		case access.GrantWaiting, access.GrantProvisioning, access.GrantEnding:
			return true
		}
	}
	return false
}

// recorded tells whether a request has an issue, or had one.
func recorded(r access.Request) bool { return r.Issue.Key != "" || r.Issue.Gone }
