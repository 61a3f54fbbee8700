package access

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What happens to a question about an idle seat. Event.Reclaim says the rest.
const (
	EventReclaimAsked     EventKind = "reclaim.asked"        // its holder is asked: Event.Until
	EventReclaimPostponed EventKind = "reclaim.postponed"    // they want to be asked later: Event.Until
	EventReclaimAskedNow  EventKind = "reclaim.asked_again"  // it was put off, that time is up, and it is still idle: Event.Until
	EventReclaimDue       EventKind = "reclaim.due"          // the time to answer is up, or that for which it was put off: its use is read again
	EventReclaimUnread    EventKind = "reclaim.unread"       // its use isn't known, so nothing ends: Event.Note; Event.Until: when it will be, where records are only late
	EventReclaimAway      EventKind = "reclaim.away"         // its holder is on leave: it waits until Event.Until
	EventReclaimNeeded    EventKind = "reclaim.needed"       // they still need it: Event.Reason
	EventReclaimReturned  EventKind = "reclaim.given_back"   // they give it back: Reclaim.Ends
	EventReclaimUsed      EventKind = "reclaim.used"         // it was used again: Reclaim.Seen
	EventReclaimExempted  EventKind = "reclaim.exempted"     // IT or an owner leaves it out: Event.Reason, Event.Until
	EventReclaimCancelled EventKind = "reclaim.cancelled"    // access ended otherwise, or isn't reclaimed any more: Event.Note
	EventReclaimRemoving  EventKind = "reclaim.removing"     // nobody answered and nobody used it: Reclaim.Ends, Reclaim.Gives
	EventReclaimSettled   EventKind = "reclaim.settled"      // what became of the access: Reclaim.Outcome, Event.Note
	EventReclaimIssue     EventKind = "reclaim.issue_opened" // the issue exists: Event.Issue
	EventReclaimAskable   EventKind = "reclaim.askable"      // IT or an owner ends that it is left out
	EventReclaimRestored  EventKind = "reclaim.restored"     // it is given back by the approval that it had: Reclaim.Grants
)

// reclaimFresh is how old a reading of use can be when access ends because of it.
const reclaimFresh = time.Hour

// ReclaimMove is one line of the state table of questions about idle seats.
type ReclaimMove struct {
	From ReclaimState
	On   EventKind
	To   []ReclaimState
	do   func(*Reclaim, Event, time.Time) error
}

// ReclaimRules is the whole table. What is not in it is refused; that its issue exists may be noted in every state.
func ReclaimRules() []ReclaimMove {
	var out []ReclaimMove
	for _, s := range []ReclaimState{ReclaimAsked, ReclaimPostponed, ReclaimChecking} {
		out = append(out,
			ReclaimMove{s, EventReclaimNeeded, []ReclaimState{ReclaimNeeded}, reclaimNeeded},
			ReclaimMove{s, EventReclaimReturned, []ReclaimState{ReclaimReturning}, reclaimReturned},
			ReclaimMove{s, EventReclaimUsed, []ReclaimState{ReclaimInUse}, reclaimUsed},
			ReclaimMove{s, EventReclaimExempted, []ReclaimState{ReclaimExempt}, reclaimExempted},
			ReclaimMove{s, EventReclaimCancelled, []ReclaimState{ReclaimCancelled}, reclaimCancelled},
		)
	}
	return append(out,
		ReclaimMove{ReclaimAsked, EventReclaimPostponed, []ReclaimState{ReclaimPostponed}, reclaimPostponed},
		ReclaimMove{ReclaimAsked, EventReclaimDue, []ReclaimState{ReclaimChecking}, reclaimDue},

		ReclaimMove{ReclaimPostponed, EventReclaimDue, []ReclaimState{ReclaimPostponed}, reclaimDue},
		ReclaimMove{ReclaimPostponed, EventReclaimAskedNow, []ReclaimState{ReclaimAsked}, reclaimAskedNow},
		ReclaimMove{ReclaimPostponed, EventReclaimAway, []ReclaimState{ReclaimPostponed}, reclaimAway},
		ReclaimMove{ReclaimPostponed, EventReclaimUnread, []ReclaimState{ReclaimPostponed}, reclaimUnread},

		ReclaimMove{ReclaimChecking, EventReclaimAway, []ReclaimState{ReclaimAsked}, reclaimAway},
		ReclaimMove{ReclaimChecking, EventReclaimUnread, []ReclaimState{ReclaimChecking}, reclaimUnread},
		ReclaimMove{ReclaimChecking, EventReclaimRemoving, []ReclaimState{ReclaimRemoving}, reclaimRemoving},

		ReclaimMove{ReclaimRemoving, EventReclaimSettled, []ReclaimState{ReclaimRemoving, ReclaimRemoved}, reclaimSettled},
		ReclaimMove{ReclaimReturning, EventReclaimSettled, []ReclaimState{ReclaimReturning, ReclaimRemoved}, reclaimSettled},
		ReclaimMove{ReclaimExempt, EventReclaimAskable, []ReclaimState{ReclaimExempt}, reclaimAskable},

		ReclaimMove{ReclaimRemoved, EventReclaimSettled, []ReclaimState{ReclaimRemoved}, reclaimSettled},
		ReclaimMove{ReclaimRemoved, EventReclaimRestored, []ReclaimState{ReclaimRemoved}, reclaimRestored},
	)
}

// Apply moves it by one event. A move that is not allowed is a Refusal. Every move that people read of shows its cards.
func (r Reclaim) Apply(e Event, at time.Time) (Reclaim, []Effect, error) {
	switch {
	case e.Newer():
		return r, nil, ErrNewerEvent
	case e.Reclaim == nil:
		return r, nil, fmt.Errorf("access: the event %s says nothing of an idle seat", e.Kind)
	case e.Kind == EventReclaimIssue:
		if e.Issue == nil || e.Issue.Key == "" {
			return r, nil, refuse(Invalid, "There is no issue.")
		}
		r.Issue = *e.Issue
		return r, effects(EffectShowCards), nil
	}
	rules := ReclaimRules()
	n := slices.IndexFunc(rules, func(m ReclaimMove) bool { return m.From == r.State && m.On == e.Kind })
	if n < 0 {
		return r, nil, refuse(TooLate, r.State.Unmoved())
	}
	next := r
	next.Grants, next.Ends, next.Restoring = slices.Clone(r.Grants), slices.Clone(r.Ends), slices.Clone(r.Restoring)
	if err := rules[n].do(&next, e, at.UTC()); err != nil {
		return r, nil, err
	}
	if !slices.Contains(rules[n].To, next.State) {
		return r, nil, fmt.Errorf("access: reclaim %s went from %s to %s on %s, which the table does not allow", r.ID, r.State, next.State, e.Kind)
	}
	return next, effects(EffectShowCards), nil
}

// Unmoved says why what was to happen doesn't.
func (s ReclaimState) Unmoved() string {
	switch s {
	case ReclaimAsked:
		return "This waits for an answer."
	case ReclaimPostponed:
		return "You are asked again later."
	case ReclaimChecking:
		return "The time to answer is up, and it is being looked whether this was used."
	case ReclaimRemoving:
		return "This access is being removed already. It can be given back once that is done."
	case ReclaimReturning:
		return "This access was given back, and is being removed."
	case ReclaimRemoved:
		return "This access was removed already."
	case ReclaimNeeded:
		return "This was answered already: it is still needed."
	case ReclaimInUse:
		return "This was used again, so nothing is asked any more."
	case ReclaimExempt:
		return "This is left out, so nothing is asked any more."
	}
	return "This isn't asked any more."
}

// AskAbout begins the question about an idle seat, and gives its first event. What is not known to be idle isn't asked about.
func AskAbout(r Reclaim, at time.Time) (Reclaim, Event, []Effect, error) {
	at = at.UTC()
	switch {
	case r.ID == "" || r.Person == "" || r.Grant == "" || !slices.Contains(r.Grants, r.Grant):
		return Reclaim{}, Event{}, nil, refuse(Invalid, "It isn't said whose seat this is, and by which access.")
	case r.Rule.Threshold <= 0 || r.Rule.Grace <= 0:
		return Reclaim{}, Event{}, nil, refuse(Invalid, "Seats of this app don't come back.")
	case !r.idle(r.Seen, at):
		return Reclaim{}, Event{}, nil, refuse(Invalid, "It isn't known that nobody uses this.")
	}
	r.State, r.Created, r.Asked, r.Until = ReclaimAsked, at, at, at.Add(r.Rule.Grace)
	e := r.Event(EventReclaimAsked, System(), at)
	seen, rule := r.Seen, r.Rule
	e.Until, e.Reclaim = r.Until, &ReclaimDetails{Seen: &seen, Rule: &rule, Grants: r.Grants}
	return r, e, effects(EffectShowCards), nil
}

// idle tells whether a reading shows that the seat isn't used: it is fresh, it reaches back far enough, and there is no use.
func (r Reclaim) idle(seen Idleness, at time.Time) bool {
	since := at.Add(-r.Rule.Threshold)
	return seen.Source != "" && !seen.Read.After(at) && at.Sub(seen.Read) <= reclaimFresh &&
		!seen.Reach.After(since) && !seen.Unused().IsZero() && !seen.Unused().After(since)
}

// answeredBy refuses an answer whose giver isn't known.
func answeredBy(e Event) error {
	if e.Actor.Person == "" && e.Actor.Via != ViaCLI {
		return refuse(NotAllowed, "I can't tell who you are, so your answer can't count.")
	}
	return nil
}

func (r *Reclaim) end(s ReclaimState, e Event, at time.Time) {
	r.State, r.By, r.Decided, r.Until, r.Unread, r.Certain = s, e.Actor, at, time.Time{}, "", time.Time{}
}

func reclaimNeeded(r *Reclaim, e Event, at time.Time) error {
	why := strings.TrimSpace(e.Reason)
	if why == "" {
		return Refuse(Invalid, "reason", "Please say in a few words what you need it for.")
	}
	r.end(ReclaimNeeded, e, at)
	r.Why = why
	return answeredBy(e)
}

func reclaimReturned(r *Reclaim, e Event, at time.Time) error {
	if len(e.Reclaim.Ends) == 0 {
		return refuse(Invalid, "There is nothing to give back.")
	}
	r.end(ReclaimReturning, e, at)
	r.Ends = e.Reclaim.Ends
	return answeredBy(e)
}

// reclaimUsed ends it because of a use: a later one than was known, and late enough not to be idle.
func reclaimUsed(r *Reclaim, e Event, at time.Time) error {
	seen := e.Reclaim.Seen
	if seen == nil || !r.UsedAgain(*seen, at) {
		return refuse(Invalid, "Nobody has used it since.")
	}
	r.end(ReclaimInUse, e, at)
	r.Seen = *seen
	return nil
}

func reclaimExempted(r *Reclaim, e Event, at time.Time) error {
	why := strings.TrimSpace(e.Reason)
	switch {
	case why == "":
		return Refuse(Invalid, "reason", "Please say why this is left out: the record shows it.")
	case !e.Until.IsZero() && !e.Until.After(at):
		return Refuse(Invalid, "until", "That day is past. Write a later one.")
	case e.Actor.Person == r.Person:
		return refuse(NotAllowed, "Nobody leaves out their own seat. Please say what you still need it for.")
	}
	r.end(ReclaimExempt, e, at)
	r.Why, r.Exempt = why, e.Until.UTC()
	return answeredBy(e)
}

// LeaveOut begins what says that a seat is left out of which its holder wasn't asked, and gives its first event.
func LeaveOut(r Reclaim, by Actor, until time.Time, why string, at time.Time) (Reclaim, Event, error) {
	at = at.UTC()
	if r.ID == "" || r.Person == "" || r.Grant == "" || !slices.Contains(r.Grants, r.Grant) {
		return Reclaim{}, Event{}, refuse(Invalid, "It isn't said whose seat this is, and by which access.")
	}
	r.Created = at
	e := r.Event(EventReclaimExempted, by, at)
	e.Until, e.Reason, e.Reclaim = until, why, &ReclaimDetails{Grants: r.Grants}
	if err := reclaimExempted(&r, e, at); err != nil {
		return Reclaim{}, Event{}, err
	}
	return r, e, nil
}

// reclaimAskable ends that a seat is left out: from then on its holder may be asked again.
func reclaimAskable(r *Reclaim, e Event, at time.Time) error {
	switch {
	case !r.LeftOut(at):
		return refuse(Duplicate, "This isn't left out any more.")
	case e.Actor.Person == r.Person:
		return refuse(NotAllowed, "Nobody says that of their own seat.")
	}
	r.Exempt = at
	return answeredBy(e)
}

func reclaimCancelled(r *Reclaim, e Event, at time.Time) error {
	if e.Note == "" {
		return refuse(Invalid, "It isn't said why nothing is asked any more.")
	}
	r.end(ReclaimCancelled, e, at)
	r.Why = e.Note
	return nil
}

func reclaimPostponed(r *Reclaim, e Event, at time.Time) error {
	switch {
	case !r.CanBePostponed():
		return refuse(TooLate, "This was put off already. Please say whether you still need it, or give it back.")
	case !e.Until.After(at):
		return refuse(Invalid, "It can't be put off to a moment that is past.")
	}
	r.State, r.Until, r.By = ReclaimPostponed, e.Until.UTC(), e.Actor
	r.Postponed++
	return answeredBy(e)
}

// reclaimDue notes that it is time to look again.
func reclaimDue(r *Reclaim, _ Event, at time.Time) error {
	if r.Until.IsZero() || at.Before(r.Until) {
		return refuse(Invalid, "It isn't time yet.")
	}
	if r.State == ReclaimAsked {
		r.State, r.Over = ReclaimChecking, r.Until
	}
	r.Until = time.Time{}
	return nil
}

func reclaimAskedNow(r *Reclaim, e Event, at time.Time) error {
	if err := r.stillIdle(e, at); err != nil {
		return err
	}
	r.State, r.Seen, r.Asked, r.Until, r.Unread, r.Certain = ReclaimAsked, *e.Reclaim.Seen, at, at.Add(r.Rule.Grace), "", time.Time{}
	return nil
}

// stillIdle refuses to go on without a reading that shows it.
func (r *Reclaim) stillIdle(e Event, at time.Time) error {
	switch seen := e.Reclaim.Seen; {
	case !r.Until.IsZero():
		return refuse(Invalid, "It isn't time yet.")
	case seen == nil || !r.idle(*seen, at) || seen.Last.After(r.Asked):
		return refuse(Invalid, "It isn't known that nobody uses this.")
	case seen.Complete.Before(r.Over):
		return refuse(Invalid, "A use before the time to answer was up may not be on record yet.")
	}
	return nil
}

// reclaimAway has it wait for its holder, who is on leave. Whoever was asked has the whole time to answer once they are back.
func reclaimAway(r *Reclaim, e Event, at time.Time) error {
	if !e.Until.After(at) {
		return refuse(Invalid, "They are back.")
	}
	r.Until, r.Unread, r.Certain = e.Until.UTC(), "", time.Time{}
	if r.State == ReclaimChecking {
		r.State, r.Until, r.Over = ReclaimAsked, r.Until.Add(r.Rule.Grace), time.Time{}
	}
	return nil
}

func reclaimUnread(r *Reclaim, e Event, _ time.Time) error {
	if e.Note == "" || e.Note == r.Unread {
		return refuse(Duplicate, "That is known already.")
	}
	r.Unread, r.Certain = e.Note, e.Until.UTC()
	return nil
}

// reclaimRemoving ends the access because nobody answered. Nothing ends that isn't known to be idle at this moment.
func reclaimRemoving(r *Reclaim, e Event, at time.Time) error {
	if err := r.stillIdle(e, at); err != nil {
		return err
	}
	if len(e.Reclaim.Ends) == 0 {
		return refuse(Invalid, "There is nothing to end.")
	}
	r.end(ReclaimRemoving, e, at)
	r.Seen, r.Ends, r.Gives = *e.Reclaim.Seen, e.Reclaim.Ends, e.Reclaim.Gives
	return nil
}

// reclaimSettled notes what became of the access. What couldn't be removed so far is still on its way.
func reclaimSettled(r *Reclaim, e Event, at time.Time) error {
	o := e.Reclaim.Outcome
	switch {
	case o == "":
		return refuse(Invalid, "It isn't said what became of it.")
	case r.Outcome == o && r.Why == e.Note || r.State == ReclaimRemoved && r.Outcome != ReclaimManual:
		return refuse(Duplicate, "That is known already.")
	}
	r.Outcome, r.Why = o, e.Note
	if o != ReclaimFailed {
		r.State, r.Settled = ReclaimRemoved, at
	}
	return nil
}

func reclaimRestored(r *Reclaim, e Event, at time.Time) error {
	switch {
	case !r.Restored.IsZero():
		return refuse(Duplicate, "It was given back already.")
	case !r.CanBeRestored(at):
		return refuse(TooLate, "This can't be given back any more. Please ask for it anew.")
	case len(e.Reclaim.Grants) == 0:
		return refuse(Invalid, "It isn't said by which access it comes back.")
	}
	r.Restored, r.RestoreBy, r.Restoring = at, e.Actor, e.Reclaim.Grants
	return answeredBy(e)
}
