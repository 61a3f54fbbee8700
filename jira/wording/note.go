// Package wording says what people read on an issue: a case and an event become
// sentences for the customer and evidence for agents. It is pure: it calls nobody.
package wording

import (
	"cmp"
	"fmt"
	"maps"
	"strconv"

	"latchkey/access"
	"latchkey/jira/adf"
)

// Note is what an issue says about one event: words for the customer, and
// evidence that only agents see. Either may be empty.
type Note struct {
	Public   adf.Document
	Internal adf.Document
}

// Empty tells whether the event deserves no comment of its own.
func (n Note) Empty() bool { return n.Public.Empty() && n.Internal.Empty() }

// wordingFunc finds the words for one kind of event.
type wordingFunc func(access.Case, access.Event) Note

// byKind decides about every kind of event, also that nothing is said.
func byKind() map[access.EventKind]wordingFunc {
	all := ofRequests()
	maps.Copy(all, ofGrants())
	maps.Copy(all, ofTheHouse())
	return all
}

func ofRequests() map[access.EventKind]wordingFunc {
	return map[access.EventKind]wordingFunc{
		access.EventSubmitted:      none, // the issue itself says it
		access.EventIssueOpened:    issueOpened,
		access.EventApproversAsked: approversAsked,
		access.EventApproved:       approved,
		access.EventDenied:         denied,
		access.EventAnswerKept:     answerKept,
		access.EventAnswerDropped:  answerDropped,
		access.EventCancelled:      cancelled,
		access.EventLapsed:         lapsed,
		access.EventUnroutable:     unroutable,
		access.EventClaimed:        none, // who looks at it is for the cards
		access.EventQuestioned:     questioned,
		access.EventReplied:        replied,
		access.EventBreakGlass:     breakGlass,
		access.EventReviewAsked:    reviewAsked,
		access.EventReviewDue:      none, // its outcome is recorded
		access.EventAskedAgain:     none, // a reminder changes nothing
		access.EventNudged:         none, // a reminder changes nothing
		access.EventReassigned:     reassigned,
		access.EventEscalated:      escalated,
		access.EventJustified:      justified,
		access.EventUnjustified:    unjustified,
	}
}

func ofGrants() map[access.EventKind]wordingFunc {
	return map[access.EventKind]wordingFunc{
		access.EventGrantStarted:    none, // who decided stands with what came of it
		access.EventStartDue:        none, // what comes of it is recorded
		access.EventRecorded:        recorded,
		access.EventMemberAdded:     memberAdded,
		access.EventFulfilled:       fulfilled,
		access.EventTaken:           none, // the assignee says it
		access.EventNotFulfilled:    notFulfilled,
		access.EventStuck:           stuck,
		access.EventRetried:         retried,
		access.EventExtended:        extended,
		access.EventReminded:        none, // a reminder changes nothing
		access.EventEnding:          ending,
		access.EventMemberRemoved:   removed,
		access.EventMemberKept:      removed,
		access.EventMemberGone:      removed,
		access.EventAdopted:         none, // it belongs to no request
		access.EventMemberMissing:   memberMissing,
		access.EventMemberBack:      memberBack,
		access.EventBackstop:        backstop,
		access.EventSessionsEnded:   sessionsEnded,
		access.EventDisputed:        none, // the issue may know more than Latchkey: nothing is added to it
		access.EventDisputeResolved: resolved,
		access.EventFollowedUp:      none, // a reminder changes nothing
		access.EventGrantEscalated:  grantEscalated,
	}
}

// ofTheHouse is what concerns more than one request, or the work on it.
func ofTheHouse() map[access.EventKind]wordingFunc {
	return map[access.EventKind]wordingFunc{
		access.EventPaused:          none, // it has an issue of its own, like what follows
		access.EventPauseConfirmed:  none,
		access.EventResumed:         none,
		access.EventQuarantineEnded: none,
		access.EventOffboarded:      none,
		access.EventVouched:         none, // it concerns no request alone, like what follows
		access.EventProved:          none,
		access.EventDisowned:        none,
		access.EventUnited:          none,
		access.EventSplit:           none,
		access.EventRenumbered:      none,
		access.EventMoved:           none, // it has no issue of its own
		access.EventErased:          none, // it belongs to no request
		access.EventDelegated:       none, // it has an issue of its own, like what follows
		access.EventDelegationBegun: none,
		access.EventDelegationEnded: none,
		access.EventDeferred:        held,

		access.EventCampaignPlanned:    none, // a review has an issue of its own, like what follows
		access.EventCampaignRead:       none,
		access.EventPopulationAccepted: none,
		access.EventReadAgain:          none,
		access.EventCampaignStarted:    none,
		access.EventReviewersReminded:  none,
		access.EventStageBegun:         none,
		access.EventReviewersLate:      none,
		access.EventReviewerMoved:      none,
		access.EventStageOver:          none,
		access.EventRowsLeftToIT:       none,
		access.EventDecidingOver:       none,
		access.EventCampaignRechecked:  none,
		access.EventCampaignClosed:     none,
		access.EventCampaignCancelled:  none,
		access.EventCampaignIssue:      none,
		access.EventPackMade:           none,
		access.EventRowAnswered:        none,
		access.EventRowReassigned:      none,
		access.EventRowStage:           none,
		access.EventRowDecided:         none,
		access.EventRowRevoking:        none,
		access.EventRowSettled:         none,
		access.EventRowIssue:           none,
		access.EventRowRechecked:       none,
		access.EventRowRestored:        none,

		access.EventReclaimAsked:     none, // what becomes of an idle seat is written by the room, like what follows
		access.EventReclaimPostponed: none,
		access.EventReclaimAskedNow:  none,
		access.EventReclaimDue:       none,
		access.EventReclaimUnread:    none,
		access.EventReclaimAway:      none,
		access.EventReclaimNeeded:    none,
		access.EventReclaimReturned:  none,
		access.EventReclaimUsed:      none,
		access.EventReclaimExempted:  none,
		access.EventReclaimCancelled: none,
		access.EventReclaimRemoving:  none,
		access.EventReclaimSettled:   none,
		access.EventReclaimIssue:     none,
		access.EventReclaimAskable:   none,
		access.EventReclaimRestored:  none,

		access.EventTaskBlocked: taskBlocked,
		access.EventTaskResumed: retried,
		access.EventNote:        noted,
		access.EventIssueDrift:  issueDrift,
		access.EventLogRebuilt:  none, // it belongs to no request, like what follows
		access.EventLogGap:      none,
		access.EventKeyReplaced: none,
		access.EventCatalogNew:  none,
		access.EventListNew:     none,
	}
}

// ForEvent finds the words for an event.
func ForEvent(c access.Case, e access.Event) (Note, error) {
	w, ok := byKind()[e.Kind]
	if !ok {
		return Note{}, &access.Failure{Class: access.Rejected,
			Sentence: fmt.Sprintf("Latchkey has no words for an event of the kind %q, so it can't be recorded in Jira: this version is older than the record", e.Kind)}
	}
	return w(c, e), nil
}

// ForEvents finds the words for several events at once, in their order.
func ForEvents(c access.Case, all []access.Event) (out Note, err error) {
	for _, e := range all {
		n, err := ForEvent(c, e)
		if err != nil {
			return Note{}, err
		}
		out.Public, out.Internal = out.Public.Append(n.Public.Content...), out.Internal.Append(n.Internal.Content...)
	}
	return out, nil
}

func none(access.Case, access.Event) Note { return Note{} }

// publicNote makes a public note of one sentence, with people's own words below it.
func publicNote(sentence, words string) Note {
	return Note{Public: adf.New(adf.Paragraph(adf.Text(sentence)), adf.Quote(words))}
}

// evidence makes the internal part: a sentence to be read at a glance, people's own
// words below it, and, folded away, the facts with the place of the event in the log.
func evidence(e access.Event, sentence string, lines ...string) adf.Document {
	return quoted(e, sentence, "", lines...)
}

// quoted is evidence that quotes somebody.
func quoted(e access.Event, sentence, words string, lines ...string) adf.Document {
	lines = append(lines, "When: "+exactly(e.At), "Event "+place(e))
	return adf.New(adf.Paragraph(adf.Text(sentence)), adf.Quote(words), adf.Expand("Proof", adf.BulletList(lines...)))
}

// place is where an event stands in the log.
func place(e access.Event) string {
	if e.N == 0 { // it can't be read back, so no more is known of it
		return e.ID
	}
	return e.ID + ", number " + strconv.FormatUint(e.N, 10) + ", leaf " + e.Leaf.String()
}

// actorLine is the actor as evidence.
func actorLine(c access.Case, e access.Event) string {
	switch who := actor(c, e); {
	case who == latchkey:
		return "By: Latchkey itself"
	case e.For != "":
		return fmt.Sprintf("By: %s, for %s, via %s, account %s", exactName(c, e.Actor.Person, e.At), exactName(c, e.For, e.At), e.Actor.Via, e.Actor.Account)
	case e.Actor.Person == "", e.Actor.Account == "":
		return fmt.Sprintf("By: %s, via %s", who, e.Actor.Via)
	default:
		return fmt.Sprintf("By: %s, via %s, account %s", who, e.Actor.Via, e.Actor.Account)
	}
}

// last tells whether e is the latest event of one of the kinds in the story.
func last(c access.Case, e access.Event, kinds ...access.EventKind) bool {
	for _, k := range kinds {
		if other, ok := c.Last(k); ok && other.N > e.N {
			return false
		}
	}
	return true
}

func taskBlocked(_ access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "Latchkey could not do, record or announce something: "+cmp.Or(e.Note, "no cause is known"))}
}

func noted(c access.Case, e access.Event) Note {
	return Note{Internal: evidence(e, "Latchkey noticed: "+cmp.Or(e.Note, "something without a description"), actorLine(c, e))}
}

func stagePrefix(c access.Case, e access.Event) string {
	if len(c.Request.Stages) < 2 {
		return ""
	}
	return "Stage " + strconv.Itoa(e.Stage+1) + " of " + strconv.Itoa(len(c.Request.Stages)) + ": "
}
