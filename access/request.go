package access

import (
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
)

// RequestState is where an ask stands.
type RequestState string

// The states of a request. All but RequestPending are final.
const (
	RequestPending   RequestState = "pending"
	RequestApproved  RequestState = "approved"
	RequestDenied    RequestState = "denied"
	RequestCancelled RequestState = "cancelled"
	RequestLapsed    RequestState = "lapsed"
)

// MaxReason is the longest reason a person may give, in characters. It leaves
// room for the rest of a Slack section, which holds 3,000.
const MaxReason = 1000

// Request is the ask and its decision.
type Request struct {
	ID      string
	Version uint64 // raised by every stored change
	Origin  string // the submission it came of; the same again makes no second request

	Requester    PersonID
	Beneficiary  PersonID // who gets the access; usually the requester
	App          string
	Role         string
	Wanted       time.Duration // how long it was asked for; catalog.Forever for no end
	Allowed      time.Duration // how long it was approved for; never longer than Wanted
	Reason       string
	Unlisted     string `json:",omitempty"` // what was asked for that isn't in the catalogue; App and Role are empty then
	Conversation string `json:",omitempty"` // https link to the conversation it came up in

	Route   string
	Catalog string // the version of the catalogue when it was made
	Stages  []Stage
	Stage   int // the stage being answered, from 0
	State   RequestState

	Clauses []catalog.Clause `json:",omitempty"` // what the policy had its part in when it was made

	Exceptions []catalog.Exception `json:",omitempty"` // what it would have go together that shouldn't, and says so

	Distinct   bool         `json:",omitempty"` // every stage needs other people: one yes counts for one stage only
	Lacks      []string     `json:",omitempty"` // directories that showed no account of the beneficiary when it was asked for
	Waiting    []KeptAnswer `json:",omitempty"` // answers that count as soon as it is known that their givers may give them
	Look       time.Time    `json:",omitzero"`  // when it is looked again who may decide, while it waits
	FollowUp   FollowUp     `json:",omitzero"`  // while it waits: the answer that is waited for
	Chased     Chases       `json:",omitempty"` // how often each of those who were waited for was told again
	Nudged     Nudges       `json:",omitzero"`
	Questioned bool         `json:",omitempty"` // that answer is the one to a question of somebody who was asked

	Extends    string             // the grant this asks more time for; empty for new access
	BreakGlass bool               // taken in an emergency: nobody was asked
	Incident   string             // the issue of the incident, as the person named it; may be empty
	Review     *Review            // of an emergency: nil until those who were skipped are asked
	StepUp     bool               `json:",omitempty"` // whoever says yes to it, or takes it, has to sign in for that; also if its role asks for it since
	Skipped    []catalog.Approver `json:",omitempty"` // of an emergency: where those come from who would have been asked

	Issue   Issue // zero until it exists
	Created time.Time
	Starts  time.Time `json:",omitzero"` // when access is to begin; zero: as soon as there is a yes
	Lapses  time.Time // when it lapses unanswered; zero for never
	Decided time.Time
}

// Due is when a timer must look at the request: when it lapses, is told of again, or
// it is to be looked again who may decide, while it waits; when its review is asked
// for again, while nobody has answered.
func (r Request) Due() time.Time {
	switch {
	case r.State == RequestPending && r.Answered():
		return r.Look
	case r.State == RequestPending:
		return earliest(r.Look, r.Lapses, r.FollowUp.Next)
	case r.UnderReview() && r.Answered(): // it is being found out whether that counts
		return time.Time{}
	case r.UnderReview():
		return r.Review.Next
	}
	return time.Time{}
}

// LooksAgain tells whether it is time to look again who may decide.
func (r Request) LooksAgain(at time.Time) bool {
	lapses := !r.Lapses.IsZero() && !at.Before(r.Lapses) && !r.Answered()
	return r.State == RequestPending && !r.Look.IsZero() && !at.Before(r.Look) && !lapses
}

// Stage is one step of the way to a yes. Where its approvers come from and how
// many are needed stays as it was when the request was made, whatever becomes of
// the route; who that is is found at the moment of asking and of answering.
type Stage struct {
	Sources []catalog.Approver `json:",omitempty"` // empty: whoever decides where no route says it
	Need    catalog.Need
	Backups []catalog.Approver `json:",omitempty"` // where those come from who may answer as well, and aren't told that it waits
	Asked   []PersonID         // who was told, when it was this stage's turn
	AskedAt time.Time
	Unfound []string `json:",omitempty"` // whom the sources name besides, and who could not be asked
	Unread  []string `json:",omitempty"` // which sources couldn't be read: it isn't known whom they name
	Why     string   `json:",omitempty"` // why others are asked than the sources name, or why nobody is
	Answers []Answer
	Claim   Claim

	Escalated int        `json:",omitempty"` // how often others were to be asked as well, because nobody answered
	Also      []PersonID `json:",omitempty"` // who of those who were asked that is
	Standby   []PersonID `json:",omitempty"` // who may answer as a back-up, as it was found when the others were asked
	Delegates []Delegate `json:",omitempty"` // those who were asked in somebody else's place

	Reassigned []Reassignment `json:",omitempty"` // who is asked instead of whom the sources name, the latest last
}

// Claim says who is looking at a stage. It keeps others from doing the same
// work; it keeps nobody from deciding.
type Claim struct {
	By PersonID
	At time.Time
}

// Answer is one approver's word.
type Answer struct {
	By     Actor
	Yes    bool
	Reason string
	At     time.Time

	Reused   bool      `json:",omitempty"` // it was given to an earlier stage and counts here, too
	SignedIn *SignedIn `json:",omitempty"` // who said yes signed in for it; without the account
	For      PersonID  `json:",omitempty"` // in whose place it was given; empty for their own
}

// KeptAnswer is an answer that counts for nothing yet: when it was given, it could
// not be established whether its giver may answer, because a directory was silent.
// Nothing else stands in for that. The answer takes effect, or is refused, as soon
// as it is known.
type KeptAnswer struct {
	By     Actor
	As     EventKind // what it becomes: EventApproved, EventDenied, EventJustified or EventUnjustified
	Stage  int       // of a decision
	Reason string
	Wanted time.Duration
	At     time.Time // when it was given

	SignedIn *SignedIn `json:",omitempty"` // its giver signed in for it
}

// Label is how people refer to the request: the issue key once there is one.
func (r Request) Label() string {
	if r.Issue.Key != "" {
		return r.Issue.Key
	}
	return r.ID
}

// GrantID is the id of the grant that comes of the request.
func (r Request) GrantID() string { return "G-" + strings.TrimPrefix(r.ID, "AR-") }

// Event starts an event of the given kind about the request. The one that it was
// submitted says all there is to know of it.
func (r Request) Event(kind EventKind, by Actor, at time.Time) Event {
	e := Event{Kind: kind, At: at.UTC(), Request: r.ID, Person: r.Beneficiary, App: r.App, Role: r.Role, Actor: by, Stage: r.Stage}
	if kind == EventSubmitted {
		e.Reason, e.Wanted, e.Origin, e.Opening = r.Reason, r.Wanted, r.Origin, openingOf(r)
	}
	return e
}

// openingOf is what a submission says of a request beyond its own words.
func openingOf(r Request) *Opening {
	o := &Opening{Requester: r.Requester, Route: r.Route, Catalog: r.Catalog, Clauses: r.Clauses, Exceptions: r.Exceptions, Distinct: r.Distinct, Skipped: r.Skipped, Extends: r.Extends, BreakGlass: r.BreakGlass, StepUp: r.StepUp, Starts: r.Starts, Lapses: r.Lapses,
		Conversation: r.Conversation, Unlisted: r.Unlisted, Incident: r.Incident}
	for _, s := range r.Stages {
		o.Stages = append(o.Stages, catalog.Stage{Approvers: s.Sources, Need: s.Need, Backups: s.Backups})
	}
	return o
}

func (r Request) clone() Request {
	r.Stages = slices.Clone(r.Stages)
	for i := range r.Stages {
		r.Stages[i].Answers = slices.Clone(r.Stages[i].Answers)
	}
	return r
}

// Earlier are the yes of earlier stages, one of each person: they count for the
// current stage, too, where their givers may answer it and the route doesn't ask
// for different people.
func (r Request) Earlier() []Answer {
	if r.State != RequestPending || r.Distinct {
		return nil
	}
	var out []Answer
	for _, s := range r.Stages[:min(r.Stage, len(r.Stages))] {
		for _, a := range s.Answers {
			same := func(o Answer) bool { return o.By.Person == a.By.Person }
			if a.Yes && !r.Stages[r.Stage].answered(a.By.Person) && !slices.ContainsFunc(out, same) {
				out = append(out, a)
			}
		}
	}
	return out
}

// answered tells whether somebody has answered the stage.
func (s Stage) answered(by PersonID) bool {
	return slices.ContainsFunc(s.Answers, func(a Answer) bool { return a.By.Person == by })
}

// Awaited are those who were asked about the current stage and haven't answered.
func (r Request) Awaited() []PersonID {
	if r.State != RequestPending || r.Stage >= len(r.Stages) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Stages[r.Stage].Asked), r.answeredFor)
}

// StandBy are those who may answer the current stage as back-up approvers, and haven't. They
// were not told that it waits.
func (r Request) StandBy() []PersonID {
	if r.State != RequestPending || r.Stage >= len(r.Stages) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Stages[r.Stage].Standby), r.answeredFor)
}

// Decider is who gave the last word, for cards and the record.
func (r Request) Decider() (Answer, bool) {
	for i := len(r.Stages) - 1; i >= 0; i-- {
		if n := len(r.Stages[i].Answers); n > 0 {
			return r.Stages[i].Answers[n-1], true
		}
	}
	return Answer{}, false
}

// Kept is the answer of somebody that waits until it is known whether they may give
// it.
func (r Request) Kept(by PersonID) (KeptAnswer, bool) {
	i := slices.IndexFunc(r.Waiting, func(k KeptAnswer) bool { return k.By.Person == by })
	if i < 0 || by == "" {
		return KeptAnswer{}, false
	}
	return r.Waiting[i], true
}

// Answered tells whether an answer to the current stage is kept: it was given in
// time, so the request doesn't lapse before it is known whether it counts.
func (r Request) Answered() bool {
	return slices.ContainsFunc(r.Waiting, func(k KeptAnswer) bool { return k.Stage == r.Stage })
}

// withoutKept are the kept answers but somebody's.
func withoutKept(r Request, by PersonID) []KeptAnswer {
	var out []KeptAnswer
	for _, k := range r.Waiting {
		if k.By.Person != by {
			out = append(out, k)
		}
	}
	return out
}

// Review is the question that follows a role taken in an emergency: was that
// right? It stays open until somebody who was skipped answers.
type Review struct {
	Asked  []PersonID
	Rounds int       // how often they were asked or told again, or would have been
	Next   time.Time // when they are asked again
	Answer *Answer   // Yes: justified
}

// UnderReview reports whether it is still open if an emergency was one.
func (r Request) UnderReview() bool { return r.Review != nil && r.Review.Answer == nil }

// filled tells whether somebody has answered the stage in another one's place.
func (s Stage) filled(place PersonID) bool {
	return place != "" && slices.ContainsFunc(s.Answers, func(a Answer) bool { return a.For == place })
}

// answeredFor tells whether nothing is waited for from somebody who was asked: they have
// answered, or everybody has in whose place they would.
func (r Request) answeredFor(who PersonID) bool {
	stage := r.Stages[r.Stage]
	open := func(p PersonID) bool { return !stage.answered(p) && !stage.filled(p) }
	if !open(who) {
		return true
	}
	places := placesOf(who, stage.Delegates)
	return len(places) > 0 && !slices.ContainsFunc(places, open)
}
