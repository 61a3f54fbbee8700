package access

import (
	"errors"
	"slices"
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
	EventIssueOpened    EventKind = "request.issue_opened"   // the Jira issue exists
	EventUnroutable     EventKind = "request.unroutable"     // nobody can be found who may decide; IT is told
	EventClaimed        EventKind = "request.claimed"        // an approver says that they are looking at it
	EventQuestioned     EventKind = "request.questioned"     // an approver asks something before deciding: Event.Reason
	EventReplied        EventKind = "request.replied"        // somebody concerned says something: Event.Reason
	EventAnswerKept     EventKind = "request.answer_kept"    // somebody answered, and whether they may is not known yet: Event.Answer
	EventAnswerDropped  EventKind = "request.answer_dropped" // such an answer can't count: Event.Note
	EventAskedAgain     EventKind = "request.asked_again"    // nobody has answered, and those who are waited for are told again
	EventReassigned     EventKind = "request.reassigned"     // IT, or an owner of the app, has somebody else decide: Event.Approvers, in the place of Event.For or of all
	EventNudged         EventKind = "request.nudged"         // whoever waits has those told again who are waited for
	EventEscalated      EventKind = "request.escalated"      // that didn't help: IT is told

	EventBreakGlass  EventKind = "request.break_glass"  // the person took the role in an emergency; nobody was asked
	EventReviewAsked EventKind = "request.review_asked" // those who were skipped are asked whether that was right
	EventReviewDue   EventKind = "request.review_due"   // they have not answered and are asked again
	EventJustified   EventKind = "request.justified"    // one of them says that it was right
	EventUnjustified EventKind = "request.unjustified"  // one of them says that it was not, with a reason
)

// Everything that can happen to a grant.
const (
	EventGrantStarted    EventKind = "grant.started"          // a decision or a rule created the grant
	EventStartDue        EventKind = "grant.start_due"        // the moment has come for which it was asked
	EventRecorded        EventKind = "grant.recorded"         // the issue that says why exists; the change may begin
	EventMemberAdded     EventKind = "grant.member_added"     // one group was changed and read back
	EventFulfilled       EventKind = "grant.fulfilled"        // a person says the manual change is made: Event.Direction
	EventTaken           EventKind = "grant.taken"            // somebody says that they make the manual change: Event.Direction
	EventNotFulfilled    EventKind = "grant.not_fulfilled"    // a person says that the manual change can't be made: Event.Direction, Event.Reason
	EventFollowedUp      EventKind = "grant.followed_up"      // who has to act for the grant hasn't, and is told again
	EventGrantEscalated  EventKind = "grant.escalated"        // that didn't help: IT is told
	EventStuck           EventKind = "grant.stuck"            // retries are exhausted or a human is needed
	EventRetried         EventKind = "grant.retried"          // a human asked to try again
	EventExtended        EventKind = "grant.extended"         // Event.Approvers: who approved that anew; empty: the earlier approval holds
	EventReminded        EventKind = "grant.reminded"         // the person is reminded that the end is near
	EventEnding          EventKind = "grant.ending"           // Event.End says why
	EventMemberRemoved   EventKind = "grant.member_removed"   // one group was changed and seen to be gone
	EventMemberKept      EventKind = "grant.member_kept"      // another grant still needs the group
	EventMemberGone      EventKind = "grant.member_gone"      // there was nothing to remove: the group or the account is not there any more
	EventAdopted         EventKind = "grant.adopted"          // a membership without a request was found and is explained from now on
	EventMemberMissing   EventKind = "grant.member_missing"   // somebody else took the person out of the group
	EventMemberBack      EventKind = "grant.member_back"      // the person is in the group again, without Latchkey's doing
	EventBackstop        EventKind = "grant.backstop"         // when a directory ends the membership of Event.Group by itself: Event.Until; zero: it doesn't. Event.Note says why; moves no machine
	EventSessionsEnded   EventKind = "grant.sessions_ended"   // after a revocation, what the person had open in a directory was ended, too: Event.Note; moves no machine
	EventDisputed        EventKind = "grant.disputed"         // what is known of it may be older than the truth: see Event.Note
	EventDisputeResolved EventKind = "grant.dispute_resolved" // a human says that it goes on as it is known
)

// What IT does about all access, or all of one person's.
const (
	EventPaused          EventKind = "access.paused"          // no new access is given until Event.Until
	EventPauseConfirmed  EventKind = "access.pause_confirmed" // a second person lets it last as long as was asked for
	EventResumed         EventKind = "access.resumed"
	EventOffboarded      EventKind = "person.offboarded"       // everything that Event.Person holds ends, what they asked for is cancelled
	EventVouched         EventKind = "person.vouched"          // IT says who Event.Person is, or whose an account is: Event.Note
	EventProved          EventKind = "person.proved"           // Event.Person proved that an account is theirs: Event.Note
	EventDisowned        EventKind = "person.disowned"         // Event.Person says that an account isn't theirs: Event.Note
	EventUnited          EventKind = "person.united"           // Event.Person was known under two ids: IT says so, or the record has an account of both as theirs: Event.Note
	EventSplit           EventKind = "person.split"            // IT says that an account of Event.Person is another human's: Event.Note
	EventRenumbered      EventKind = "person.renumbered"       // a system gave an account of Event.Person another id: Event.Note
	EventMoved           EventKind = "person.moved"            // Event.Person isn't any more who a birthright is for: what ends, and what they keep, in Event.Note
	EventErased          EventKind = "person.erased"           // what named or quoted Event.Person was erased: see Event.Note
	EventDeferred        EventKind = "request.deferred"        // new access is paused or held back: what was asked for waits; moves no machine
	EventQuarantineEnded EventKind = "access.quarantine_ended" // what held new access back is settled: see Event.Note
)

// What happens to a delegation. Event.Delegates says who decides for whom, Event.From and
// Event.Until from when and until when.
const (
	EventDelegated       EventKind = "delegation.set"   // somebody has another one decide in their place
	EventDelegationBegun EventKind = "delegation.begun" // its time has come
	EventDelegationEnded EventKind = "delegation.ended" // its time is up, one of the two ended it, or one of them may not act any more: see Event.Note
)

// Things worth a line in the log that move no machine.
const (
	EventTaskBlocked EventKind = "task.blocked"    // a record or a notice can't be written: see Event.Note
	EventTaskResumed EventKind = "task.resumed"    // a human asked to try those again
	EventNote        EventKind = "note"            // a refusal, a drift, a question: see Event.Note
	EventLogRebuilt  EventKind = "log.rebuilt"     // the log was rebuilt from Jira: see Event.Note
	EventLogGap      EventKind = "log.gap"         // Event.Missing events of the log before are gone: nothing outside had them
	EventKeyReplaced EventKind = "log.key"         // another key signs from now on: see Event.Note
	EventCatalogNew  EventKind = "catalog.changed" // another catalogue is in force from now on: see Event.Note
	EventListNew     EventKind = "list.imported"   // who has access to Event.App by hand is known from another file from now on: Review.Hash, Review.Counts, Event.Note
	EventIssueDrift  EventKind = "issue.drift"     // somebody changed the issue by hand; it was not obeyed: see Event.Note
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

// Direction is which way a change of access goes.
type Direction string

// The directions.
const (
	Granting Direction = "granting"
	Revoking Direction = "revoking"
)

// Actor is who made an event happen.
type Actor struct {
	Person  PersonID // empty for Latchkey itself
	Via     Via
	Account string  `json:",omitempty"` // the id in that system, as evidence
	On      Surface `json:",omitempty"` // where behind that door, if it has several places
}

// Surface is where somebody acts: some are quicker than others, and that is measured.
type Surface string

// The surfaces: places in Slack, and doors that are one place.
const (
	OnCard        Surface = "card"       // a message about one request
	OnHome        Surface = "home"       // the Home tab
	OnList        Surface = "list"       // what the slash command answers
	OnIssue       Surface = "jira"       // the issue, or the portal
	OnCommandLine Surface = "cli"        // where Latchkey runs
	OnSlack       Surface = "slack"      // somewhere in Slack: it was not noted where
	OnNone        Surface = "no surface" // nobody acted
)

// Words name a surface to those who read figures.
func (s Surface) Words() string {
	switch s {
	case OnCard:
		return "on a card"
	case OnHome:
		return "in the Home tab"
	case OnList:
		return "in a list"
	case OnIssue:
		return "in Jira"
	case OnCommandLine:
		return "on the command line"
	}
	return "elsewhere in Slack"
}

// Surface is where the actor acted, as far as it is known.
func (a Actor) Surface() Surface {
	switch {
	case a.Person == "":
		return OnNone
	case a.On != "":
		return a.On
	case a.Via == ViaJira:
		return OnIssue
	case a.Via == ViaCLI:
		return OnCommandLine
	}
	return OnSlack
}

// System is Latchkey acting by itself.
func System() Actor { return Actor{Via: ViaSystem} }

// Event is something that happened. The same value drives the machines, goes into
// the log and is told to Jira. In the log it is an Entry: what was written is what
// counts there, and an Event is what that means.
type Event struct {
	ID      string    // its own, wherever it is kept; made when it is appended, like what follows
	Subject Subject   // whose chain it belongs to; empty until then for the request's, grant's or log's
	N       uint64    // its number in that chain, from 1
	Prev    Hash      // the leaf of the one before
	Leaf    Hash      // its hash
	Place   uint64    `json:",omitempty"` // in the log, from 1; 0 until it has one
	Schema  int       // in which form it was written
	Erased  bool      `json:",omitempty"` // what named or quoted people was erased
	At      time.Time // when it happened, UTC
	Kind    EventKind

	Request string   // id of the request whose story this belongs to
	Grant   string   `json:",omitempty"`
	Person  PersonID // the beneficiary
	App     string
	Role    string
	Actor   Actor

	Stage     int               `json:",omitempty"` // the stage an answer belongs to, from 0
	Approvers []PersonID        `json:",omitempty"` // EventApproversAsked: who was found; EventApproved, EventDenied: who was eligible at that moment
	Also      []PersonID        `json:",omitempty"` // EventApproversAsked: those of them who are asked because the others don't answer
	Standby   []PersonID        `json:",omitempty"` // EventApproversAsked: who may answer as well, as a back-up, and isn't told that it waits
	Unread    []string          `json:",omitempty"` // which sources of approvers couldn't be read, so that it isn't known whom they name
	Delegates []Delegate        `json:",omitempty"` // of Approvers, those who may only in somebody else's place; of a delegation, the two
	For       PersonID          `json:",omitempty"` // of an answer: in whose place it is given; empty for one's own
	Unfound   []string          `json:",omitempty"` // whom the sources of approvers name besides, and who can't be asked
	Lacks     []string          `json:",omitempty"` // EventApproversAsked, EventUnroutable: directories that show no account of who gets the access
	Answer    EventKind         `json:",omitempty"` // EventAnswerKept: what the answer becomes if it counts
	Reused    bool              `json:",omitempty"` // EventApproved: a yes to an earlier stage that counts for this one, too
	Basis     *Basis            `json:",omitempty"` // of an answer: why who gave it may, as far as it was found out
	SignedIn  *SignedIn         `json:",omitempty"` // of a yes, or an emergency: the sign-in that the role asks for
	Checked   string            `json:",omitempty"` // how eligibility was established, when not at the moment of the answer
	Reason    string            `json:",omitempty"` // the person's own words
	Wanted    time.Duration     `json:",omitempty"` // the duration asked for or newly allowed
	From      time.Time         `json:",omitzero"`  // EventDelegated: from when on
	Until     time.Time         `json:",omitzero"`  // when the access ends
	End       End               `json:",omitempty"` // why a grant ends
	Direction Direction         `json:",omitempty"` // EventFulfilled: whether access was given or taken away
	Group     *catalog.GroupRef `json:",omitempty"` // the group that was changed
	Before    bool              `json:",omitempty"` // EventMemberAdded: the person was already a member
	Issue     *Issue            `json:",omitempty"`
	Origin    string            `json:",omitempty"` // the submission or message it came of: the same again makes no second event
	Note      string            `json:",omitempty"` // what Latchkey says about it, plain text

	Opening    *Opening              `json:",omitempty"` // EventSubmitted: what was asked for
	Birthright string                `json:",omitempty"` // EventGrantStarted: the rule by which it is given
	Groups     []catalog.GroupRef    `json:",omitempty"` // EventGrantStarted, EventAdopted: what the grant opens
	Manual     bool                  `json:",omitempty"` // EventGrantStarted: people make the change
	Missing    uint64                `json:",omitempty"` // EventLogGap: how many, at the least
	Review     *ReviewDetails        `json:",omitempty"` // of what happens at a review
	Reclaim    *ReclaimDetails       `json:",omitempty"` // of what happens to an idle seat
	People     map[PersonID]Identity `json:",omitempty"` // who those were that the event names for the first time

	Chase *Chase    `json:"-"`          // how those are told again for whom something waits from now on; not kept. nil: by default, round the clock
	Wait  *FollowUp `json:",omitempty"` // when that is, as it followed: it is kept, since zones, hours and timetables change
}

// Opening is what a request was when it was made, as far as the event itself
// does not say it.
type Opening struct {
	Requester    PersonID
	Route        string
	Catalog      string              // the version of the catalogue
	Stages       []catalog.Stage     // as they were frozen
	Clauses      []catalog.Clause    `json:",omitempty"` // what the policy had its part in
	Exceptions   []catalog.Exception `json:",omitempty"` // what it would have go together that shouldn't
	Distinct     bool                `json:",omitempty"` // every stage needs other people
	Skipped      []catalog.Approver  `json:",omitempty"` // of an emergency: where those come from who would have been asked
	Extends      string              `json:",omitempty"`
	BreakGlass   bool                `json:",omitempty"`
	StepUp       bool                `json:",omitempty"` // who says yes has to sign in for it
	Starts       time.Time           `json:",omitzero"`
	Lapses       time.Time           `json:",omitzero"`
	Conversation string              `json:",omitempty"`
	Unlisted     string              `json:",omitempty"`
	Incident     string              `json:",omitempty"`
}

// eventSchema numbers the form of an event's body and private part. It is raised
// when a version that knows only the form before would misunderstand the new one;
// a new field that it may ignore is no reason. Events of an older form stay as
// they are and are read by what was written for them.
const eventSchema = 1

// ErrNewerEvent: an event was written in a form that this version does not know.
// It can be verified and passed on, but nothing follows from it here.
var ErrNewerEvent = errors.New("the event was written by a newer version of Latchkey")

// Newer reports whether the event was written in a form that this version does
// not know. Nothing may follow from it here.
func (e Event) Newer() bool { return e.Schema > eventSchema }

// Involves are the people whom the event brings into the story of its subject,
// or who act in it: the record keeps with it who they were.
func (e Event) Involves() []PersonID {
	var out []PersonID
	switch e.Kind {
	case EventSubmitted, EventAdopted:
		out = append(out, e.Person)
	case EventGrantStarted:
		if e.Request == "" {
			out = append(out, e.Person)
		}
	case EventApproversAsked, EventReviewAsked, EventReassigned:
		out = append(append(out, e.Approvers...), e.Standby...)
	}
	for _, d := range e.Delegates {
		out = append(out, d.Who, d.For)
	}
	out = append(out, e.Actor.Person, e.For)
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(p PersonID) bool { return p == "" })
}
