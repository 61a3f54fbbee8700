package access

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// RecoveredCase is what the record still knows of one request when the store is gone.
type RecoveredCase struct {
	ID       string
	Log      string // in whose name the state was signed
	Issue    Issue
	Was      Course  // where the case stood when it was last written down
	Entries  []Entry // of the request, from the first, as kept in the log that is gone
	Story    []Event // what they mean
	Instance uint64  // of the Latchkey that wrote it down
	At       time.Time

	Doubt  string    // why it may be older than what was there once; empty: nothing speaks for that
	Stolen time.Time // somebody else may have signed it, and could since then; zero: nobody could
}

// Subject is what the case's events are about.
func (m RecoveredCase) Subject() Subject { return RequestSubject(m.ID) }

// Knows reports whether the event that a mark names is in the story.
func (m RecoveredCase) Knows(e Mark) bool {
	return e.N > 0 && e.N <= uint64(len(m.Entries)) && m.Entries[e.N-1].Leaf == e.Leaf && m.Entries[e.N-1].ID == e.Event
}

// Replay plays the story again and gives the request and grant that follow from
// it. They have to stand where the case was said to stand.
func (m RecoveredCase) Replay() (Request, *Grant, error) {
	p := replay{until: m.Was.Until}
	for _, e := range m.Story {
		if err := p.apply(e); err != nil {
			return p.r, p.g, fmt.Errorf("event %d (%s): %w", e.N, e.Kind, err)
		}
	}
	p.r.Issue = m.Issue // it may have got another key since
	if !CourseOf(p.r, p.g).Same(m.Was) {
		return p.r, p.g, errors.New("its events lead to something else than what the issue says")
	}
	if p.g != nil {
		p.g.Entitlements = slices.Clone(m.Was.Groups)
	}
	return p.r, p.g, nil
}

// replay is a story on its way.
type replay struct {
	r     Request
	g     *Grant
	until time.Time // when the grant was to end
}

func (p *replay) apply(e Event) error {
	switch {
	case e.Kind == EventSubmitted:
		return p.submitted(e)
	case p.r.ID == "":
		return errors.New("the story does not begin with the request")
	case e.Kind == EventGrantStarted:
		return p.start(e)
	case isGrantKind(e.Kind):
		return p.moveGrant(e)
	case isRequestKind(e.Kind):
		next, _, err := p.r.Apply(e, e.At)
		if err == nil {
			p.r = next
		}
		return err
	default:
		return nil
	}
}

func (p *replay) submitted(e Event) error {
	o := e.Opening
	if o == nil || p.r.ID != "" {
		return errors.New("it does not say what was asked for, or says it twice")
	}
	p.r = Request{
		ID: e.Request, Origin: e.Origin, Requester: o.Requester, Beneficiary: e.Person, App: e.App, Role: e.Role,
		Wanted: e.Wanted, Allowed: e.Wanted, Reason: e.Reason, Unlisted: o.Unlisted, Conversation: o.Conversation,
		Route: o.Route, Catalog: o.Catalog, Clauses: o.Clauses, Exceptions: o.Exceptions, Stages: stagesOf(o.Stages), Distinct: o.Distinct, Skipped: o.Skipped, State: RequestPending, Extends: o.Extends, BreakGlass: o.BreakGlass, StepUp: o.StepUp, Incident: o.Incident,
		Created: e.At, Starts: o.Starts, Lapses: o.Lapses,
	}
	if len(o.Stages) == 0 && !o.BreakGlass {
		p.r.State, p.r.Decided = RequestApproved, e.At
	}
	return nil
}

// start makes the grant with the groups it had then.
func (p *replay) start(e Event) error {
	if p.g != nil {
		return errors.New("the grant was started twice")
	}
	g, err := newGrant(p.r, e.Groups, e.Manual, e.At)
	if err == nil {
		g.Ends = p.until // what was sent and not seen has an end that no event tells (Grant.Accepted); the first membership sets it anew
		p.g = &g
	}
	return err
}

func (p *replay) moveGrant(e Event) error {
	if p.g == nil {
		return errors.New("something happened to a grant that was not started")
	}
	next, _, err := p.g.Apply(e, e.At)
	if err == nil {
		p.g = &next
	}
	return err
}

func isRequestKind(k EventKind) bool {
	return slices.ContainsFunc(RequestRules(), func(r RequestRule) bool { return r.On == k })
}

func isGrantKind(k EventKind) bool {
	return slices.ContainsFunc(GrantRules(), func(r GrantRule) bool { return r.On == k })
}
