package wording

import (
	"cmp"
	"fmt"

	"latchkey/access"
)

// recorded speaks only when people have to act, and whoever waits has not been told
// already that it takes its time.
func recorded(c access.Case, e access.Event) Note {
	if c.Grant == nil || !c.Grant.Manual {
		return Note{}
	}
	hands := byHand(c)
	if _, held := c.Last(access.EventDeferred); held {
		return Note{Internal: evidence(e, "The change is made by hand: "+hands+" has been asked to make it.", e.Note)}
	}
	return publicNote(decision(c)+" The change is made by hand: "+hands+" has been asked to make it.", e.Note)
}

// memberAdded speaks of all groups, once the last of them is there. A person who was put
// into one when the end had begun is taken out again, and only agents read of it.
func memberAdded(c access.Case, e access.Event) Note {
	switch {
	case endBegun(c, e):
		return Note{Internal: evidence(e, "A group was changed when the end had begun; "+PersonName(c, c.Request.Beneficiary)+" is taken out again", subject(c, e), groupLine(e))}
	case !c.Whole() || !last(c, e, access.EventMemberAdded):
		return Note{}
	}
	n := there(c, "", "")
	n.Internal = evidence(e, "There: "+PersonName(c, c.Request.Beneficiary)+" was seen in "+groupNames(c, e, access.EventMemberAdded), append([]string{subject(c, e)}, groupLines(c, e, access.EventMemberAdded)...)...)
	return n
}

// there tells the customer that access is there, who decided that, and until when.
func there(c access.Case, how, words string) Note {
	return publicNote(decision(c)+" "+nowHas(c)+"."+how, cmp.Or(words, yesWords(c)))
}

// accessGiven tells whether access has been given, if only a part of it.
func accessGiven(c access.Case) bool { return c.Grant != nil && !c.Grant.Started.IsZero() }

// accessRemoved tells whether access has been taken away in full.
func accessRemoved(c access.Case) bool { return c.Grant != nil && !c.Grant.Finished.IsZero() }

func nowHas(c access.Case) string {
	text := fmt.Sprintf("%s now has %s", PersonName(c, c.Request.Beneficiary), accessName(c))
	if c.Grant != nil && !c.Grant.Ends.IsZero() {
		text += ", until " + Moment(c.Grant.Ends)
	}
	return text
}

func fulfilled(c access.Case, e access.Event) Note {
	confirmed := " " + doneBy(c, "Made by hand and confirmed", e) + "."
	n := there(c, confirmed, e.Note)
	if e.Direction == access.Revoking || e.Direction == "" && endBegun(c, e) {
		n = ended(c, fmt.Sprintf("%s no longer has %s.", PersonName(c, c.Request.Beneficiary), accessName(c))+confirmed, e.Note)
	}
	n.Internal = evidence(e, recordedBy(c, "Made by hand and confirmed", e)+" Latchkey can't look for itself.", actorLine(c, e), subject(c, e))
	return n
}

// notFulfilled says that a change can't be made by hand. Where access was to be given that is
// the outcome; where it was to be taken away, IT goes on with it.
func notFulfilled(c access.Case, e access.Event) Note {
	if endBegun(c, e) {
		return Note{Internal: quoted(e, recordedBy(c, "Said not to be removable by hand", e)+" It counts as still there, and IT has been told.", e.Reason, actorLine(c, e), subject(c, e))}
	}
	n := publicNote(accessName(c)+" can't be set up, says "+actorName(c, e)+". Nothing was given.", e.Reason)
	n.Internal = quoted(e, recordedBy(c, "Said not to be possible by hand", e)+" Nothing was given.", e.Reason, actorLine(c, e), subject(c, e))
	return n
}

// endBegun tells whether the end had begun before the event: which way a
// confirmation goes that doesn't say so itself.
func endBegun(c access.Case, e access.Event) bool {
	end, ok := c.Last(access.EventEnding)
	return ok && end.N < e.N
}

// stuck is for agents: whoever waits is told in Slack, and that IT is needed stands in
// the status.
func stuck(c access.Case, e access.Event) Note {
	done := groupLines(c, e, access.EventMemberAdded, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone)
	return Note{Internal: evidence(e, "Latchkey can't go on: "+cmp.Or(e.Note, "no cause is known"), done...)}
}

func retried(c access.Case, e access.Event) Note {
	if e.Actor.Person == "" && e.Actor.Via == access.ViaSystem {
		return Note{Internal: evidence(e, "What Latchkey could not do, record or announce has worked now.", e.Note)}
	}
	return Note{Internal: evidence(e, "Latchkey tries again, asked by "+actor(c, e)+via(e.Actor.Via)+".", actorLine(c, e), e.Note)}
}

func resolved(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "After a recovery it was not certain that this record is the newest. It goes on as it stands, says "+actor(c, e)+via(e.Actor.Via)+".", actorLine(c, e), e.Note)}
}

func extended(c access.Case, e access.Event) Note {
	n := publicNote(doneBy(c, "Extended until "+Moment(e.Until), e)+".", e.Reason)
	n.Internal = evidence(e, recordedBy(c, "Extended until "+Moment(e.Until), e), actorLine(c, e), e.Note)
	return n
}

// ending says why access ends, to agents. The customer reads it with the outcome, which
// follows, unless nothing was ever given.
func ending(c access.Case, e access.Event) Note {
	n, next := Note{}, "is being removed"
	if !accessGiven(c) {
		next = "won't be given any more"
	}
	if nothingGiven(c, e) {
		n = publicNote(why(c, e)+" Access to "+accessName(c)+" "+next+".", cmp.Or(e.Reason, e.Note))
	}
	if e.End != access.EndExpired {
		n.Internal = quoted(e, why(c, e)+" Access to "+accessName(c)+" "+next+".", cmp.Or(e.Reason, e.Note), actorLine(c, e))
	}
	return n
}

// nothingGiven tells whether nothing follows an end, because there was nothing to take away.
func nothingGiven(c access.Case, end access.Event) bool {
	return accessRemoved(c) && last(c, end, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone, access.EventFulfilled)
}

func why(c access.Case, e access.Event) string {
	switch e.End {
	case access.EndExpired:
		return "The time is up."
	case access.EndReturned:
		return doneBy(c, "Given back", e) + "."
	case access.EndRevoked:
		return doneBy(c, "Revoked", e) + "."
	case access.EndReclaimed:
		return "This access isn't used. " + doneBy(c, "Taken back", e) + "."
	case access.EndReviewed:
		return doneBy(c, "Ended in the access review", e) + "."
	case access.EndOffboarded:
		return doneBy(c, "Everything that "+PersonName(c, c.Request.Beneficiary)+" holds was ended", e) + "."
	case access.EndLeft:
		return PersonName(c, c.Request.Beneficiary) + " has left."
	case access.EndNeedsLost:
		return cmp.Or(e.Note, "What it needs isn't held any more.")
	case access.EndUnfulfilled:
		return "It can't be set up by hand."
	case access.EndPartial:
		return cmp.Or(e.Note, "Only a part of it could be given.")
	case access.EndUnrecorded:
		return "This issue wasn't there when access was to be given."
	case access.EndRuledOut:
		return "It may not be held any more: that was looked at again when it was to begin."
	default:
		return doneBy(c, "Ended", e) + "."
	}
}

// removed speaks of all groups, once the last of them is done with.
func removed(c access.Case, e access.Event) Note {
	if !accessRemoved(c) || !last(c, e, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone) {
		return Note{}
	}
	who := PersonName(c, c.Request.Beneficiary)
	text := fmt.Sprintf("%s no longer has %s.", who, accessName(c))
	switch kept, untouched := left(c); {
	case c.Grant.NothingLeft():
		text = fmt.Sprintf("Nothing was left to remove of %s for %s.", accessName(c), who)
	case untouched:
		text = fmt.Sprintf("What was given of %s to %s by this request is gone. What had not been changed was left alone.", accessName(c), who)
	case kept:
		text = fmt.Sprintf("%s no longer has %s by this request. What another request still needs was left alone.", who, accessName(c))
	}
	n := ended(c, text, "")
	lines := append([]string{subject(c, e)}, groupLines(c, e, access.EventMemberRemoved, access.EventMemberKept, access.EventMemberGone)...)
	if c.Grant.NothingLeft() {
		lines = append(lines, "The group or the account is not there any more.")
	}
	n.Internal = evidence(e, "Done: "+text, append(lines, reasonOf(c)...)...)
	return n
}

// ended tells the customer why access ended, and what became of it.
func ended(c access.Case, text, words string) Note {
	e, ok := c.Last(access.EventEnding)
	if !ok {
		return publicNote(text, words)
	}
	return publicNote(why(c, e)+" "+text, cmp.Or(e.Reason, words, e.Note))
}

// reasonOf is why access ended, as agents read it.
func reasonOf(c access.Case) []string {
	e, ok := c.Last(access.EventEnding)
	if !ok {
		return nil
	}
	return []string{"Why: " + why(c, e)}
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

// held says that what was asked for waits. Whoever waits hears of it with what Late says.
func held(_ access.Case, e access.Event) Note {
	return Note{Internal: quoted(e, heldUntil(e), e.Reason)}
}

// heldUntil says for what new access waits: for the end of a pause, or until what holds it
// back is settled, which has no time.
func heldUntil(e access.Event) string {
	if e.Until.IsZero() {
		return "New access waits for the moment. This request is kept, and what it gives follows after that."
	}
	return "New access is paused until " + Moment(e.Until) + ". This request is kept, and what it gives follows after that."
}

// backstop is whether a directory ends a membership by itself, should Latchkey not do it.
func backstop(c access.Case, e access.Event) Note {
	lines := []string{group(e), subject(c, e)}
	if !e.Until.IsZero() {
		lines = append(lines, "By itself at: "+exactly(e.Until))
	}
	return Note{Internal: evidence(e, e.Note, lines...)}
}

// sessionsEnded is what became of what somebody had open in a directory when their access was revoked.
func sessionsEnded(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, e.Note, subject(c, e))}
}
