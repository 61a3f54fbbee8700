package jira

import (
	"fmt"

	"latchkey/access"
)

// granting speaks only when no person approved; otherwise the approval has
// been told already.
func granting(c access.Case, e access.Event) note {
	if _, decided := c.Request.Decider(); decided {
		return note{}
	}
	return say("Approved at once: the rules for "+thing(c)+" ask nobody.", e.Note)
}

// begun speaks only when people have to act.
func begun(c access.Case, e access.Event) note {
	if c.Grant == nil || !c.Grant.Manual {
		return note{}
	}
	if hands := c.App.Fulfillers(); len(hands) > 0 {
		return say("This change is made by hand. "+list(hands, "or")+" has been asked to make it.", e.Note)
	}
	return say("This change is made by hand. IT has been asked to make it.", e.Note)
}

func memberAdded(c access.Case, e access.Event) note {
	before := "Before: not a member"
	if e.Before {
		before = "Before: " + orElse(e.Note, "already a member, and not by Latchkey")
	}
	n := note{internal: evidence(e, "A group was changed", group(e), "Person: "+string(e.Person), before, "Read back: is a member")}
	if there(c) && last(c, e, access.EventMemberAdded) {
		n.public = newDoc(paragraph(plain(arrived(c) + ".")))
	}
	return n
}

// there tells whether access has been given in full.
func there(c access.Case) bool { return c.Grant != nil && !c.Grant.Started.IsZero() }

// gone tells whether access has been taken away in full.
func gone(c access.Case) bool { return c.Grant != nil && !c.Grant.Finished.IsZero() }

func arrived(c access.Case) string {
	text := fmt.Sprintf("%s now has %s", person(c, c.Request.Beneficiary), thing(c))
	if c.Grant != nil && !c.Grant.Ends.IsZero() {
		text += ". It ends by itself on " + moment(c.Grant.Ends)
	}
	return text
}

func group(e access.Event) string {
	if e.Group == nil {
		return "Group: not named"
	}
	return "Group: " + e.Group.String()
}

func byHandDone(c access.Case, e access.Event) note {
	confirmed := " " + act(c, "Made by hand and confirmed", e.Actor)
	n := say(arrived(c)+"."+confirmed, e.Note)
	if taken(c, e) {
		n = say(fmt.Sprintf("%s no longer has %s.", person(c, c.Request.Beneficiary), thing(c))+confirmed, e.Note)
	}
	n.internal = evidence(e, "A change was made by hand; Latchkey can't look for itself", by(e), "Person: "+string(e.Person))
	return n
}

// taken tells whether the end had begun before the event.
func taken(c access.Case, e access.Event) bool {
	end, ok := c.Last(access.EventEnding)
	return ok && end.N < e.N
}

func stuck(_ access.Case, e access.Event) note {
	n := say("This needs a hand from IT, who have been told. Latchkey goes on once it is solved.", "")
	n.internal = evidence(e, "Latchkey can't go on: "+e.Note)
	return n
}

func retried(c access.Case, e access.Event) note {
	if e.Actor.Person == "" && e.Actor.Via == access.ViaSystem {
		return note{internal: evidence(e, "What Latchkey could not record or announce has worked now.", e.Note)}
	}
	return note{internal: evidence(e, "Latchkey tries again, asked by "+actor(c, e.Actor)+door(e.Actor.Via)+".", by(e), e.Note)}
}

func extended(c access.Case, e access.Event) note {
	n := say(act(c, "Extended until "+moment(e.Until), e.Actor), e.Reason)
	n.internal = evidence(e, "Evidence for the extension", by(e), e.Note)
	return n
}

func ending(c access.Case, e access.Event) note {
	next := " Access to " + thing(c) + " is being removed."
	if !there(c) {
		next = " Access to " + thing(c) + " won't be given any more."
	}
	n := say(why(c, e)+next, orElse(e.Reason, e.Note))
	if e.Actor.Person != "" {
		n.internal = evidence(e, "Evidence for the end of access", by(e))
	}
	return n
}

func why(c access.Case, e access.Event) string {
	switch e.End {
	case access.EndExpired:
		return "The time is up."
	case access.EndReturned:
		return act(c, "Given back", e.Actor)
	case access.EndRevoked:
		return act(c, "Revoked", e.Actor)
	case access.EndReclaimed:
		return "This access isn't used. " + act(c, "Taken back", e.Actor)
	case access.EndReviewed:
		return act(c, "Ended in the access review", e.Actor)
	case access.EndLeft:
		return person(c, c.Request.Beneficiary) + " has left."
	default:
		return act(c, "Ended", e.Actor)
	}
}

func memberRemoved(c access.Case, e access.Event) note {
	return removed(c, e, "A group was changed", "Read back: is not a member any more")
}

func memberKept(c access.Case, e access.Event) note {
	return removed(c, e, "A group was left alone", "Why: "+orElse(e.Note, "another grant still needs it"))
}

func removed(c access.Case, e access.Event, title, outcome string) note {
	n := note{internal: evidence(e, title, group(e), "Person: "+string(e.Person), outcome)}
	if !gone(c) || !last(c, e, access.EventMemberRemoved, access.EventMemberKept) {
		return n
	}
	text := fmt.Sprintf("Done: %s no longer has %s.", person(c, c.Request.Beneficiary), thing(c))
	if keptAny(c) {
		text = fmt.Sprintf("Done: %s no longer has %s by this request. What another request still needs was left alone.", person(c, c.Request.Beneficiary), thing(c))
	}
	n.public = newDoc(paragraph(plain(text)))
	return n
}

func memberMissing(_ access.Case, e access.Event) note {
	return note{internal: evidence(e, "The person is not in a group this access opens, and Latchkey did not remove them: "+orElse(e.Note, "the access stays as it is"), group(e), "Person: "+string(e.Person))}
}

func memberBack(_ access.Case, e access.Event) note {
	return note{internal: evidence(e, "The person is in the group again, and not by Latchkey", group(e), "Person: "+string(e.Person))}
}

func keptAny(c access.Case) bool {
	for _, ent := range c.Grant.Entitlements {
		if ent.State == access.EntitlementKept {
			return true
		}
	}
	return false
}
