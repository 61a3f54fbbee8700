package wording

import (
	"cmp"
	"fmt"

	"latchkey/access"
	"latchkey/jira/adf"
)

// grantStarted speaks only when no person approved; otherwise the approval has
// been recorded already.
func grantStarted(c access.Case, e access.Event) Note {
	if _, decided := c.Request.Decider(); decided {
		return Note{}
	}
	return publicNote("Approved at once: the rules for "+accessName(c)+" ask nobody.", e.Note)
}

// recorded speaks only when people have to act.
func recorded(c access.Case, e access.Event) Note {
	if c.Grant == nil || !c.Grant.Manual {
		return Note{}
	}
	if fulfillers := c.App.Fulfillers(); len(fulfillers) > 0 {
		return publicNote("This change is made manually. "+adf.List(fulfillers, "or")+" has been asked to make it.", e.Note)
	}
	return publicNote("This change is made manually. IT has been asked to make it.", e.Note)
}

func memberAdded(c access.Case, e access.Event) Note {
	before := "Before: not a member"
	if e.Before || e.Note != "" {
		before = "Before: " + cmp.Or(e.Note, "already a member, and not by Latchkey")
	}
	n := Note{Internal: evidence(e, "A group was changed", group(e), subject(c, e), before, "Read back: is a member")}
	if c.Whole() && last(c, e, access.EventMemberAdded) && !endBegun(c, e) {
		n.Public = adf.New(adf.Paragraph(adf.Text(nowHas(c) + ".")))
	}
	return n
}

// accessGiven tells whether access has been given, if only a part of it.
func accessGiven(c access.Case) bool { return c.Grant != nil && !c.Grant.Started.IsZero() }

// accessRemoved tells whether access has been taken away in full.
func accessRemoved(c access.Case) bool { return c.Grant != nil && !c.Grant.Finished.IsZero() }

func nowHas(c access.Case) string {
	text := fmt.Sprintf("%s now has %s", PersonName(c, c.Request.Beneficiary), accessName(c))
	if c.Grant != nil && !c.Grant.Ends.IsZero() {
		text += ". It ends by itself on " + Moment(c.Grant.Ends)
	}
	return text
}

func group(e access.Event) string {
	if e.Group == nil {
		return "Group: not named"
	}
	return "Group: " + e.Group.String()
}

func fulfilled(c access.Case, e access.Event) Note {
	confirmed := " " + recordedBy(c, "Made manually and confirmed", e)
	n := publicNote(nowHas(c)+"."+confirmed, e.Note)
	if e.Direction == access.Revoking || e.Direction == "" && endBegun(c, e) {
		n = publicNote(fmt.Sprintf("%s no longer has %s.", PersonName(c, c.Request.Beneficiary), accessName(c))+confirmed, e.Note)
	}
	n.Internal = evidence(e, "A change was made manually; Latchkey can't look for itself", actorLine(c, e), subject(c, e))
	return n
}

// endBegun tells whether the end had begun before the event: which way a
// confirmation goes that doesn't say so itself.
func endBegun(c access.Case, e access.Event) bool {
	end, ok := c.Last(access.EventEnding)
	return ok && end.N < e.N
}

func stuck(_ access.Case, e access.Event) Note {
	n := publicNote("This needs a hand from IT, who have been told. Latchkey goes on once it is solved.", "")
	n.Internal = evidence(e, "Latchkey can't go on: "+cmp.Or(e.Note, "no cause is known"))
	return n
}

func retried(c access.Case, e access.Event) Note {
	if e.Actor.Person == "" && e.Actor.Via == access.ViaSystem {
		return Note{Internal: evidence(e, "What Latchkey could not record or announce has worked now.", e.Note)}
	}
	return Note{Internal: evidence(e, "Latchkey tries again, asked by "+actor(c, e)+via(e.Actor.Via)+".", actorLine(c, e), e.Note)}
}

func resolved(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "After a recovery it was not certain that this record is the newest. It goes on as it stands, says "+actor(c, e)+via(e.Actor.Via)+".", actorLine(c, e), e.Note)}
}

func extended(c access.Case, e access.Event) Note {
	n := publicNote(recordedBy(c, "Extended until "+Moment(e.Until), e), e.Reason)
	n.Internal = evidence(e, "Evidence for the extension", actorLine(c, e), e.Note)
	return n
}

func ending(c access.Case, e access.Event) Note {
	next := " Access to " + accessName(c) + " is being removed."
	if !accessGiven(c) {
		next = " Access to " + accessName(c) + " won't be given any more."
	}
	n := publicNote(why(c, e)+next, cmp.Or(e.Reason, e.Note))
	if actor(c, e) != latchkey {
		n.Internal = evidence(e, "Evidence for the end of access", actorLine(c, e))
	}
	return n
}

func why(c access.Case, e access.Event) string {
	switch e.End {
	case access.EndExpired:
		return "The time is up."
	case access.EndReturned:
		return recordedBy(c, "Given back", e)
	case access.EndRevoked:
		return recordedBy(c, "Revoked", e)
	case access.EndReclaimed:
		return "This access isn't used. " + recordedBy(c, "Taken back", e)
	case access.EndReviewed:
		return recordedBy(c, "Ended in the access review", e)
	case access.EndOffboarded:
		return recordedBy(c, "Everything that "+PersonName(c, c.Request.Beneficiary)+" holds was ended", e)
	case access.EndLeft:
		return PersonName(c, c.Request.Beneficiary) + " has left."
	case access.EndUnrecorded:
		return "This issue wasn't there when access was to be given."
	default:
		return recordedBy(c, "Ended", e)
	}
}

func memberRemoved(c access.Case, e access.Event) Note {
	return removed(c, e, "A group was changed", "Read back: is not a member any more")
}

func memberKept(c access.Case, e access.Event) Note {
	return removed(c, e, "A group was left alone", "Why: "+cmp.Or(e.Note, "another grant still needs it"))
}

func memberGone(c access.Case, e access.Event) Note {
	return removed(c, e, "There was nothing to remove", "Why: "+cmp.Or(e.Note, "the group or the account is gone"))
}

func removed(c access.Case, e access.Event, title, outcome string) Note {
	n := Note{Internal: evidence(e, title, group(e), subject(c, e), outcome)}
	if !accessRemoved(c) || !last(c, e, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone) {
		return n
	}
	text := fmt.Sprintf("Done: %s no longer has %s.", PersonName(c, c.Request.Beneficiary), accessName(c))
	switch kept, untouched := left(c); {
	case c.Grant.NothingLeft():
		text = fmt.Sprintf("Done: nothing was left to remove of %s for %s: the group or the account is not there any more.", accessName(c), PersonName(c, c.Request.Beneficiary))
	case untouched:
		text = fmt.Sprintf("Done: what was given of %s to %s by this request is gone. What had not been changed was left alone.", accessName(c), PersonName(c, c.Request.Beneficiary))
	case kept:
		text = fmt.Sprintf("Done: %s no longer has %s by this request. What another request still needs was left alone.", PersonName(c, c.Request.Beneficiary), accessName(c))
	}
	n.Public = adf.New(adf.Paragraph(adf.Text(text)))
	return n
}

func memberMissing(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "The person is not in a group this access opens, and Latchkey did not remove them: "+cmp.Or(e.Note, "the access stays as it is"), group(e), subject(c, e))}
}

func memberBack(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "The person is in the group again, "+cmp.Or(e.Note, "and not by Latchkey"), group(e), subject(c, e))}
}

// left tells whether groups were left alone because something else needs them, and
// whether any were that had not been changed.
func left(c access.Case) (kept, untouched bool) {
	for _, ent := range c.Grant.Entitlements {
		kept = kept || ent.State == access.EntitlementKept
		untouched = untouched || ent.Untouched()
	}
	return kept, untouched
}

// grantEscalated says that whoever has to act for the access hasn't.
func grantEscalated(c access.Case, e access.Event) Note {
	text := "What IT was asked to put right is still waiting. IT has been told once more"
	if c.Grant != nil && c.Grant.Manual {
		text = "The change by hand is still not confirmed. IT has been told"
	}
	return Note{Internal: evidence(e, text+".")}
}

// held says that what was asked for waits: for the end of a pause, or until what holds
// new access back is settled, which has no time.
func held(_ access.Case, e access.Event) Note {
	if e.Until.IsZero() {
		return publicNote("New access waits for the moment. This request is kept, and what it gives follows after that.", e.Reason)
	}
	return publicNote("New access is paused until "+Moment(e.Until)+". This request is kept, and what it gives follows after that.", e.Reason)
}
