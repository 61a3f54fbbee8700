package delegation

import (
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// happened does what follows from an event of a delegation: both are told, it is written
// down, and what waits for the delegator is looked at anew.
func (s *Service) happened(u *engine.Unit, d access.Delegation, e access.Event) error {
	for _, who := range []access.PersonID{d.Delegator, d.Delegate} {
		title, lines, err := s.told(u, d, e, who)
		if err != nil {
			return err
		}
		if err := notify.Announce(u, fmt.Sprintf("delegation/%s/%s/%s", d.ID, e.Kind, who), who, title, lines...); err != nil {
			return err
		}
	}
	if err := s.record(u, d, e); err != nil {
		return err
	}
	if d.State == access.DelegationPlanned || d.State == access.DelegationEnded && u.At.Before(d.From) {
		return nil // it changes nothing yet
	}
	s.people.Forget(d.Delegator)
	if err := onLeave(u, d); err != nil {
		return err
	}
	return people.LookNow(u, d.Delegator)
}

// onLeave has a delegator be on leave as long as somebody decides for them, unless they said
// themselves for how long they are.
func onLeave(u *engine.Unit, d access.Delegation) error {
	k, err := store.Person(u.Tx, d.Delegator)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	switch {
	case err != nil:
		return err
	case d.State == access.DelegationRunning && k.AwayUntil.Before(d.Until):
		k.AwayUntil = d.Until
	case d.State == access.DelegationEnded && k.AwayUntil.Equal(d.Until):
		k.AwayUntil = time.Time{}
	default:
		return nil
	}
	return store.PutPerson(u.Tx, &k)
}

// told is what one of the two reads.
func (s *Service) told(u *engine.Unit, d access.Delegation, e access.Event, who access.PersonID) (title string, lines []string, err error) {
	reader, err := people.In(u.Tx, who)
	if err != nil {
		return "", nil, err
	}
	other, err := people.In(u.Tx, d.Other(who))
	if err != nil {
		return "", nil, err
	}
	zone, own := s.zone(reader), who == d.Delegator
	span := "from " + day(d.From, zone) + " until " + day(d.Until, zone)
	if d.State == access.DelegationRunning {
		span = "until " + day(d.Until, zone)
	}
	switch {
	case e.Kind == access.EventDelegationEnded:
		title = "You don't decide for " + other.Display() + " any more"
		if own {
			title = other.Display() + " doesn't decide for you any more"
		}
		return title, []string{s.why(d, e, who, other)}, nil
	case own:
		return other.Display() + " decides for you " + span,
			[]string{"What waits for you is asked of them, too, and they are reminded of it. You can decide all the same. They never decide on what you ask for, and the record names both of you.", "Either of you can end it, in the Home tab."}, nil
	}
	return "You decide for " + other.Display() + " " + span,
		[]string{"What waits for them is asked of you. You never decide on what either of you asks for, and the record names both of you.", "Either of you can end it, in the Home tab."}, nil
}

// why says to one of the two why it is over.
func (s *Service) why(d access.Delegation, e access.Event, who access.PersonID, other access.Person) string {
	switch {
	case d.Why != "":
		return d.Why
	case e.Actor.Person == who && who != "":
		return "You ended it."
	case e.Actor.Person != "":
		return other.Display() + " ended it."
	}
	return "The time is up."
}

func day(t time.Time, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("Monday, 2 January 2006 15:04 MST")
}

// record has it written down: in an issue of its own, which later tells how it ended.
func (s *Service) record(u *engine.Unit, d access.Delegation, e access.Event) error {
	if e.Kind == access.EventDelegated {
		title, lines, err := words(u, d, e.Kind)
		if err != nil {
			return err
		}
		return ledger.Report(u, access.IssueReport{ID: d.ID, At: u.At, Title: title, Lines: lines}, Then, nil)
	}
	return recorded(u, d, e.Kind)
}

// recorded writes on the issue of a delegation what became of it; nothing while there is
// none. The same again writes nothing twice.
func recorded(u *engine.Unit, d access.Delegation, kind access.EventKind) error {
	if d.Issue.ID == "" {
		return nil
	}
	title, lines, err := words(u, d, kind)
	if err != nil {
		return err
	}
	id := d.ID + "/" + string(kind)
	err = ledger.AddComment(u, ledger.Comment{Marker: id, Issue: d.Issue, Body: access.IssueComment{ID: id, At: u.At, Title: title + ".", Lines: lines}})
	if err != nil || kind != access.EventDelegationEnded {
		return err
	}
	return ledger.Close(u, d.Issue)
}

// words are those of the record.
func words(u *engine.Unit, d access.Delegation, kind access.EventKind) (title string, lines []string, err error) {
	const moment = "2 Jan 2006 15:04 MST"
	of, err := people.ContactIn(u.Tx, d.Delegator)
	if err != nil {
		return "", nil, err
	}
	to, err := people.ContactIn(u.Tx, d.Delegate)
	if err != nil {
		return "", nil, err
	}
	what := to + " decides for " + of
	switch kind {
	case access.EventDelegationBegun:
		return what + " from now on", []string{"Until " + d.Until.UTC().Format(moment) + "."}, nil
	case access.EventDelegationEnded:
		how := "The time is up."
		if d.Why != "" {
			how = d.Why
		} else if d.EndedBy.Person != "" {
			who, err := people.ContactIn(u.Tx, d.EndedBy.Person)
			if err != nil {
				return "", nil, err
			}
			how = "Ended by " + who + "."
		}
		return to + " doesn't decide for " + of + " any more", []string{how}, nil
	}
	return what + " while they are away", []string{
		"From " + d.From.UTC().Format(moment) + " until " + d.Until.UTC().Format(moment) + ", as " + of + " said.",
		"It gives no more than what " + of + " may decide at that moment, and never what either of the two asks for. Each decision names both.",
	}, nil
}

// reported notes the issue, and writes there what happened before it was open.
func reported(u *engine.Unit, id string, issue access.Issue) error {
	d, err := engine.Load(u, noun(), id)
	if err != nil {
		return err
	}
	d.Issue = issue
	if err := engine.Save(u, noun(), &d); err != nil || d.Open() {
		return err
	}
	return recorded(u, d, access.EventDelegationEnded)
}
