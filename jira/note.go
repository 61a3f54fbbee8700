package jira

import (
	"fmt"
	"strconv"

	"latchkey/access"
)

// note is what the issue is told about one event: words for the customer, and
// evidence that only agents see. Either may be empty.
type note struct {
	public   doc
	internal doc
}

// silent tells whether the event deserves no comment of its own.
func (n note) silent() bool { return n.public.empty() && n.internal.empty() }

// writer words one kind of event.
type writer func(access.Case, access.Event) note

// writers has a decision for every kind of event.
func writers() map[access.EventKind]writer {
	return map[access.EventKind]writer{
		access.EventSubmitted:      nothing, // the issue itself says it
		access.EventIssueOpened:    opened,
		access.EventApproversAsked: asked,
		access.EventApproved:       agreed,
		access.EventDenied:         refused,
		access.EventCancelled:      cancelled,
		access.EventLapsed:         lapsed,
		access.EventUnroutable:     unroutable,
		access.EventClaimed:        nothing, // who looks at it is for the cards
		access.EventQuestioned:     questioned,
		access.EventReplied:        replied,
		access.EventBreakGlass:     breakGlass,
		access.EventReviewAsked:    reviewAsked,
		access.EventReviewDue:      nothing, // what comes of it is told
		access.EventJustified:      justified,
		access.EventUnjustified:    unjustified,

		access.EventGrantStarted:  granting,
		access.EventRecorded:      begun,
		access.EventMemberAdded:   memberAdded,
		access.EventFulfilled:     byHandDone,
		access.EventStuck:         stuck,
		access.EventRetried:       retried,
		access.EventExtended:      extended,
		access.EventReminded:      nothing, // a reminder changes nothing
		access.EventEnding:        ending,
		access.EventMemberRemoved: memberRemoved,
		access.EventMemberKept:    memberKept,
		access.EventAdopted:       nothing, // it belongs to no request
		access.EventMemberMissing: memberMissing,
		access.EventMemberBack:    memberBack,

		access.EventTaskBlocked: blocked,
		access.EventTaskResumed: retried,
		access.EventNote:        noticed,
		access.EventIssueDrift:  drifted,
		access.EventLogRebuilt:  nothing, // it belongs to no request
	}
}

// word finds the words for an event.
func word(c access.Case, e access.Event) (note, error) {
	w, ok := writers()[e.Kind]
	if !ok {
		return note{}, fault("Latchkey has no words for an event of the kind %q, so it can't be recorded in Jira: this version is older than the record", e.Kind)
	}
	return w(c, e), nil
}

func nothing(access.Case, access.Event) note { return note{} }

// say makes a public note of one sentence, with people's own words below it.
func say(sentence, words string) note {
	return note{public: newDoc(paragraph(plain(sentence)), quote(words))}
}

// evidence makes the internal part: a sentence, then the facts, then the place
// of the event in the log.
func evidence(e access.Event, sentence string, lines ...string) doc {
	lines = append(lines,
		"When: "+exactly(e.At),
		"Event "+e.ID+", number "+strconv.FormatUint(e.N, 10)+", leaf "+e.Leaf.String())
	return newDoc(paragraph(plain(sentence)), bullets(lines...))
}

// by is the actor as evidence.
func by(e access.Event) string {
	switch {
	case e.Actor.Person == "":
		return "By: Latchkey itself"
	case e.Actor.Account == "":
		return fmt.Sprintf("By: %s, via %s", e.Actor.Person, e.Actor.Via)
	}
	return fmt.Sprintf("By: %s, via %s, account %s", e.Actor.Person, e.Actor.Via, e.Actor.Account)
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

func blocked(_ access.Case, e access.Event) note {
	return note{internal: evidence(e, "Latchkey could not record or announce a step: "+orElse(e.Note, "no cause is known"))}
}

func noticed(_ access.Case, e access.Event) note {
	return note{internal: evidence(e, "Latchkey noticed: "+orElse(e.Note, "something without a description"), by(e))}
}

func stageOf(c access.Case, e access.Event) string {
	if len(c.Request.Stages) < 2 {
		return ""
	}
	return "Stage " + strconv.Itoa(e.Stage+1) + " of " + strconv.Itoa(len(c.Request.Stages)) + ": "
}
