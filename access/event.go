package access

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"latchkey/catalog"
)

// EventKind names what happened.
type EventKind string

// Everything that can happen to a request.
const (
	EventSubmitted      EventKind = "request.submitted"
	EventApproversAsked EventKind = "request.approvers_asked" // the approvers of a stage were found and are being told
	EventApproved       EventKind = "request.approved"        // one approver said yes
	EventDenied         EventKind = "request.denied"          // one approver said no, with a reason
	EventCancelled      EventKind = "request.cancelled"
	EventLapsed         EventKind = "request.lapsed"
	EventIssueOpened    EventKind = "request.issue_opened" // the Jira issue exists
	EventUnroutable     EventKind = "request.unroutable"   // nobody can be found who may decide; IT is told
	EventClaimed        EventKind = "request.claimed"      // an approver says that they are looking at it
	EventQuestioned     EventKind = "request.questioned"   // an approver asks something before deciding: Event.Reason
	EventReplied        EventKind = "request.replied"      // somebody concerned says something: Event.Reason

	EventBreakGlass  EventKind = "request.break_glass"  // the person took the role in an emergency; nobody was asked
	EventReviewAsked EventKind = "request.review_asked" // those who were skipped are asked whether that was right
	EventReviewDue   EventKind = "request.review_due"   // they have not answered and are asked again
	EventJustified   EventKind = "request.justified"    // one of them says that it was right
	EventUnjustified EventKind = "request.unjustified"  // one of them says that it was not, with a reason
)

// Everything that can happen to a grant.
const (
	EventGrantStarted  EventKind = "grant.started"        // a decision or a rule created the grant
	EventRecorded      EventKind = "grant.recorded"       // the issue that says why exists; the change may begin
	EventMemberAdded   EventKind = "grant.member_added"   // one group was changed and read back
	EventFulfilled     EventKind = "grant.fulfilled"      // a person says the manual change is made
	EventStuck         EventKind = "grant.stuck"          // retries are exhausted or a human is needed
	EventRetried       EventKind = "grant.retried"        // a human asked to try again
	EventExtended      EventKind = "grant.extended"       // Event.Approvers: who approved that anew; empty: the earlier approval holds
	EventReminded      EventKind = "grant.reminded"       // the person is reminded that the end is near
	EventEnding        EventKind = "grant.ending"         // Event.End says why
	EventMemberRemoved EventKind = "grant.member_removed" // one group was changed and seen to be gone
	EventMemberKept    EventKind = "grant.member_kept"    // another grant still needs the group
	EventAdopted       EventKind = "grant.adopted"        // a membership without a request was found and is explained from now on
	EventMemberMissing EventKind = "grant.member_missing" // somebody else took the person out of the group
	EventMemberBack    EventKind = "grant.member_back"    // the person is in the group again, without Latchkey's doing
)

// Things worth a line in the log that move no machine.
const (
	EventTaskBlocked EventKind = "task.blocked" // a record or a notice can't be written: see Event.Note
	EventTaskResumed EventKind = "task.resumed" // a human asked to try those again
	EventNote        EventKind = "note"         // a refusal, a drift, a question: see Event.Note
	EventLogRebuilt  EventKind = "log.rebuilt"  // the log was rebuilt from Jira: see Event.Note and Event.Was of what follows
	EventIssueDrift  EventKind = "issue.drift"  // somebody changed the issue by hand; it was not obeyed: see Event.Note
)

// Via says through which door an actor came.
type Via string

// The doors.
const (
	ViaSlack  Via = "slack"
	ViaJira   Via = "jira"
	ViaCLI    Via = "cli"
	ViaSystem Via = "latchkey" // timers, rules and workers
)

// Actor is who made an event happen.
type Actor struct {
	Person  PersonID // empty for Latchkey itself
	Via     Via
	Account string `json:",omitempty"` // the id in that system, as evidence
}

// System is Latchkey acting by itself.
func System() Actor { return Actor{Via: ViaSystem} }

// Event is one entry of the record. The same value drives the machines, goes
// into the hash-chained log and is told to Jira.
type Event struct {
	Seq  uint64    // place in the log, from 1; set when it is appended
	At   time.Time // when it happened, UTC
	Kind EventKind

	Request string   // id of the request whose story this belongs to
	Grant   string   `json:",omitempty"`
	Person  PersonID // the beneficiary
	App     string
	Role    string
	Actor   Actor

	Stage     int               `json:",omitempty"` // the stage an answer belongs to, from 0
	Approvers []PersonID        `json:",omitempty"` // EventApproversAsked: who was found; EventApproved, EventDenied: who was eligible at that moment
	Checked   string            `json:",omitempty"` // how eligibility was established, when not afresh
	Reason    string            `json:",omitempty"` // the person's own words
	Wanted    time.Duration     `json:",omitempty"` // the duration asked for or newly allowed
	Until     time.Time         `json:",omitzero"`  // when the access ends
	End       End               `json:",omitempty"` // why a grant ends
	Group     *catalog.GroupRef `json:",omitempty"` // the group that was changed
	Before    bool              `json:",omitempty"` // EventMemberAdded: the person was already a member
	Issue     *Issue            `json:",omitempty"`
	Origin    string            `json:",omitempty"` // the submission or message it came of: the same again makes no second event
	Note      string            `json:",omitempty"` // what Latchkey says about it, plain text

	Was string `json:",omitempty"` // of a recovered event: its id and hash in the log that is gone

	Prev string // hash of the event before; empty for the first
	Hash string // hash of this event, Prev included
}

// ID is how other systems refer to the event.
func (e Event) ID() string { return "ev-" + strconv.FormatUint(e.Seq, 10) }

// Seal puts the event at its place in the chain: after the event with the given
// number and hash. The result carries its own hash.
func (e Event) Seal(seq uint64, prev string) (Event, error) {
	e = e.clean()
	e.Seq, e.Prev, e.Hash = seq, prev, ""
	sum, err := e.digest()
	if err != nil {
		return Event{}, err
	}
	e.Hash = sum
	return e, nil
}

// clean makes every text valid UTF-8. JSON would replace broken bytes when the
// event is stored, and the hash would no longer fit what is read back.
func (e Event) clean() Event {
	for _, text := range []*string{&e.Request, &e.Grant, (*string)(&e.Person), &e.App, &e.Role, (*string)(&e.Actor.Person), &e.Actor.Account, &e.Checked, &e.Reason, &e.Origin, &e.Note} {
		*text = strings.ToValidUTF8(*text, "\uFFFD")
	}
	return e
}

// Verify checks that the event is whole and follows the one with hash prev.
func (e Event) Verify(prev string) error {
	if e.Prev != prev {
		return fmt.Errorf("event %d does not follow the one before it: the chain is broken there", e.Seq)
	}
	sum, err := e.digest()
	if err != nil {
		return err
	}
	if sum != e.Hash {
		return fmt.Errorf("event %d was altered after it was written", e.Seq)
	}
	return nil
}

// digest hashes everything but the hash itself. JSON of a struct has a fixed
// field order, which makes it a canonical form here.
func (e Event) digest() (string, error) {
	e.Hash = ""
	b, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("encode event %d: %w", e.Seq, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}
