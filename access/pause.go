package access

import (
	"fmt"
	"strings"
	"time"

	"latchkey/catalog"
)

const (
	// PauseAlone is how long one person alone can stop new access. Whatever is longer
	// needs a second one.
	PauseAlone = time.Hour
	// pauseMost is the longest that can be asked for at once.
	pauseMost = 30 * catalog.Day
	// pauseShortest: below this nothing of the time that one alone has is left.
	pauseShortest = time.Minute
)

// Pause is that no new access is given for a while. What was asked for and agreed to
// waits; access that is there goes on, and ends as it would have.
type Pause struct {
	ID      string // of the pause at hand, or the last one
	Version uint64

	By        Actor
	Reason    string
	Asked     time.Time // when it was asked for
	Wanted    time.Duration
	Since     time.Time // zero: it waits for a second person before it begins
	Until     time.Time
	Confirmed Actor // the second person, where one was needed
	Over      time.Time
	EndedBy   Actor
	Alone     time.Duration // how long it was paused in a row without a second person
	Issue     Issue         // where it is written down, once that exists
}

// On reports whether no new access is given at a moment.
func (p Pause) On(at time.Time) bool {
	return !p.Since.IsZero() && p.Over.IsZero() && at.Before(p.Until)
}

// Open reports whether it is on, or waits for a second person.
func (p Pause) Open(at time.Time) bool {
	return p.On(at) || p.ID != "" && p.Over.IsZero() && p.Since.IsZero() && at.Before(p.Asked.Add(PauseAlone))
}

// Due is when a timer must look at it: when it is over.
func (p Pause) Due() time.Time {
	switch {
	case p.ID == "" || !p.Over.IsZero():
		return time.Time{}
	case p.Since.IsZero():
		return p.Asked.Add(PauseAlone)
	}
	return p.Until
}

// NeedsSecond reports whether it waits for a second person, to begin or to last as
// long as was asked for.
func (p Pause) NeedsSecond(at time.Time) bool {
	return p.Open(at) && p.Confirmed == (Actor{}) && (p.Since.IsZero() || p.Until.Before(p.Since.Add(p.Wanted)))
}

// Begin pauses new access. It begins at once, for an hour at most: the rest needs a
// second person. Pauses in a row are one in that.
func (p Pause) Begin(id string, by Actor, wanted time.Duration, reason string, at time.Time) (Pause, Event, error) {
	switch {
	case p.Open(at):
		return p, Event{}, refuse(Duplicate, "New access is paused already. Resume it first to pause it differently.")
	case wanted <= 0:
		return p, Event{}, Refuse(Invalid, "duration", "A pause needs an end, for example: for 30m.")
	case wanted > pauseMost:
		return p, Event{}, Refuse(Invalid, "duration", fmt.Sprintf("A pause can last %s at most; pause again after that.", catalog.FormatDuration(pauseMost)))
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		reason = "IT gave no reason." // everybody who asks for access reads it
	}
	next := Pause{ID: id, Version: p.Version, By: by, Reason: reason, Asked: at, Wanted: wanted}
	if !p.Over.IsZero() && at.Sub(p.Over) < PauseAlone {
		next.Alone = p.Alone
	}
	if left := min(wanted, PauseAlone-next.Alone); left >= pauseShortest || left == wanted {
		next.Since, next.Until = at, at.Add(left)
	}
	e := next.event(EventPaused, by, at)
	e.Reason, e.Wanted, e.Until = next.Reason, wanted, next.Until
	return next, e, nil
}

// Confirm lets it last as long as was asked for, on the word of a second person.
func (p Pause) Confirm(by Actor, at time.Time) (Pause, Event, error) {
	switch {
	case !p.Open(at):
		return p, Event{}, refuse(TooLate, "New access isn't paused.")
	case !p.NeedsSecond(at):
		return p, Event{}, refuse(Duplicate, "This pause needs no confirmation.")
	case by.Person == "" || by.Person == p.By.Person:
		return p, Event{}, refuse(NotAllowed, "Somebody else of IT has to confirm this, from Slack.")
	}
	if p.Since.IsZero() {
		p.Since = at
	}
	p.Until, p.Confirmed = p.Since.Add(p.Wanted), by
	e := p.event(EventPauseConfirmed, by, at)
	e.Wanted, e.Until = p.Wanted, p.Until
	return p, e, nil
}

// Resume ends it: by hand, or by itself once its time is up.
func (p Pause) Resume(by Actor, at time.Time) (Pause, Event, error) {
	byItself := by.Via == ViaSystem
	switch {
	case p.ID == "" || !p.Over.IsZero():
		return p, Event{}, refuse(TooLate, "New access isn't paused.")
	case byItself && at.Before(p.Due()):
		return p, Event{}, refuse(Invalid, "The pause isn't over.")
	}
	p.Over, p.EndedBy = at, by
	if over := p.Until; !p.Since.IsZero() && over.Before(at) {
		p.Over = over // nobody ran when it was
	}
	if !p.Since.IsZero() && p.Confirmed == (Actor{}) {
		p.Alone += p.Over.Sub(p.Since)
	}
	e := p.event(EventResumed, by, at)
	return p, e, nil
}

func (p Pause) event(kind EventKind, by Actor, at time.Time) Event {
	return Event{Kind: kind, At: at.UTC(), Actor: by, Subject: LogSubject(), Origin: p.ID + "/" + string(kind)}
}
