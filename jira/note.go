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
		access.Submitted:   nothing, // the issue itself says it
		access.IssueOpened: opened,
		access.Asked:       asked,
		access.Agreed:      agreed,
		access.Refused:     refused,
		access.Cancelled:   cancelled,
		access.Lapsed:      lapsed,
		access.Unroutable:  unroutable,
		access.Claimed:     nothing, // who looks at it is for the cards
		access.Questioned:  questioned,
		access.Replied:     replied,
		access.GlassBroken: glassBroken,
		access.ReviewAsked: reviewAsked,
		access.ReviewDue:   nothing, // what comes of it is told
		access.Justified:   justified,
		access.Unjustified: unjustified,

		access.Granting:      granting,
		access.Recorded:      begun,
		access.MemberAdded:   memberAdded,
		access.ByHandDone:    byHandDone,
		access.Stuck:         stuck,
		access.Retried:       retried,
		access.Extended:      extended,
		access.Reminded:      nothing, // a reminder changes nothing
		access.Ending:        ending,
		access.MemberRemoved: memberRemoved,
		access.MemberKept:    memberKept,
		access.TakenOver:     nothing, // it belongs to no request
		access.MemberMissing: memberMissing,
		access.MemberBack:    memberBack,

		access.Blocked: blocked,
		access.Resumed: retried,
		access.Noticed: noticed,
		access.Drifted: drifted,
		access.Rebuilt: nothing, // it belongs to no request
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
		"Event "+e.ID()+", hash "+orElse(e.Hash, "none"))
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
		if other, ok := c.Last(k); ok && other.Seq > e.Seq {
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
