package access

import "latchkey/catalog"

// Case is everything there is to tell about one request at one moment: what the
// issue and the cards are drawn from.
type Case struct {
	Request     Request
	Grant       *Grant // nil until there is one
	App         catalog.App
	Role        catalog.Role
	Requester   Person
	Beneficiary Person
	Approvers   []Person // who was asked for the current stage
	Story       []Event  // the request's events, oldest first
}

// Phase is where the whole chain stands, for people and for the status.
type Phase string

// The phases of a case.
const (
	Deciding  Phase = "deciding"  // waits for an approver
	Preparing Phase = "preparing" // approved; the change is on its way
	HandsOn   Phase = "hands"     // approved; somebody has to make the change by hand
	Granted   Phase = "granted"   // access is there
	Removing  Phase = "removing"  // access is being taken away
	NeedsHelp Phase = "stuck"     // a human has to look
	Declined  Phase = "declined"
	Dropped   Phase = "withdrawn" // cancelled by the person, or lapsed
	Closed    Phase = "closed"    // access was there and is gone
)

// Phase tells where the case stands.
func (c Case) Phase() Phase { return phaseOf(c.Request, c.Grant) }

func phaseOf(r Request, g *Grant) Phase {
	switch r.State {
	case Pending:
		return Deciding
	case DeniedR:
		return Declined
	case Withdrawn, Expired:
		return Dropped
	}
	if g == nil {
		return Preparing
	}
	switch g.State {
	case ActiveG:
		return Granted
	case ByHand:
		if g.Taking {
			return Removing
		}
		return HandsOn
	case EndingG:
		return Removing
	case StuckG:
		return NeedsHelp
	case Ended:
		return Closed
	default:
		return Preparing
	}
}

// Last finds the latest event of a kind in the story.
func (c Case) Last(kind EventKind) (Event, bool) {
	for i := len(c.Story) - 1; i >= 0; i-- {
		if c.Story[i].Kind == kind {
			return c.Story[i], true
		}
	}
	return Event{}, false
}
