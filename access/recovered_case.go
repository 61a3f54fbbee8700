package access

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"latchkey/catalog"
)

// RecoveredCase is what the record still knows of one request when the store is gone.
type RecoveredCase struct {
	Request Request
	Grant   *Grant
	Whole   bool      // both are as they were last written down; otherwise only their outlines, and the story has to tell the rest
	Phase   Phase     // where the case stood then
	Until   time.Time // when its access was to end; zero if that was not said
	Story   []Event   // oldest first, as sealed in the log that is gone; events may be missing
	Doubts  []string  // what does not fit together, for people
}

// Replay plays the story again and returns the request and grant that follow
// from it. Steps that leave no trace in the record (the issue was opened, the
// change may begin) are added where the story goes on as if they had happened.
// What the route and the role were then is taken from the recovered case where it is
// whole, otherwise from the catalogue as it is now.
func (m RecoveredCase) Replay(c *catalog.Catalog) (Request, *Grant, error) {
	p := replay{c: c, m: m, r: m.opening(c)}
	for _, e := range m.Story {
		if err := p.apply(e); err != nil {
			return p.r, p.g, fmt.Errorf("%s (%s): %w", e.ID(), e.Kind, err)
		}
	}
	if p.r.Issue.Key == "" {
		p.r.Issue = m.Request.Issue
	}
	return p.r, p.g, nil
}

// opening is the request as it was when it was made.
func (m RecoveredCase) opening(c *catalog.Catalog) Request {
	r := m.Request.clone()
	if !m.Whole {
		r.Stages = nil
		if _, role, ok := c.Role(r.App, r.Role); ok {
			route, _ := c.Route(role.Route)
			r.Route, r.Catalog, r.Stages = route.Name, c.Version(), stagesOf(route)
		}
	}
	for i := range r.Stages {
		r.Stages[i] = r.Stages[i].fresh()
	}
	r.Version, r.State, r.Stage, r.Allowed, r.Decided, r.Issue = 0, RequestPending, 0, r.Wanted, time.Time{}, Issue{}
	return r
}

// replay is a story on its way.
type replay struct {
	c *catalog.Catalog
	m RecoveredCase
	r Request
	g *Grant
}

func (p *replay) apply(e Event) error {
	switch {
	case e.Kind == EventSubmitted:
		p.submitted(e)
		return nil
	case e.Kind == EventGrantStarted:
		return p.start(e.At)
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

func (p *replay) submitted(e Event) {
	p.r.Reason, p.r.Wanted, p.r.Allowed, p.r.Created = e.Reason, e.Wanted, e.Wanted, e.At
	if len(p.r.Stages) == 0 {
		p.r.State, p.r.Decided = RequestApproved, e.At
	}
}

// start makes the grant, with the groups it had if those are known.
func (p *replay) start(at time.Time) error {
	if p.g != nil {
		return nil
	}
	app, role, _ := p.c.Role(p.r.App, p.r.Role)
	if p.m.Whole && p.m.Grant != nil {
		role.Groups = nil
		for _, ent := range p.m.Grant.Entitlements {
			role.Groups = append(role.Groups, ent.Group)
		}
	}
	g, _, _, err := Start(p.r, app, role, at)
	if err != nil {
		return err
	}
	if p.m.Whole && p.m.Grant != nil {
		g.Manual = p.m.Grant.Manual
	}
	p.g = &g
	return nil
}

func (p *replay) moveGrant(e Event) error {
	if err := p.start(p.r.Decided); err != nil {
		return err
	}
	if p.g.State == GrantWaiting && e.Kind != EventRecorded && e.Kind != EventEnding {
		begun, _, err := p.g.Apply(p.g.Event(EventRecorded, System(), e.At), e.At)
		if err != nil {
			return err
		}
		p.g = &begun
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

// Chain is what is left of a log whose events were collected from elsewhere.
type Chain struct {
	Events []Event // each once, in order
	Head   Event   // the last one; zero if there is none
	Gaps   []Gap   // where numbers are missing
	Breaks []Event // events that were altered, or don't follow the one before them
}

// Gap is a run of missing numbers.
type Gap struct{ From, To uint64 }

// Missing is how many events the gaps hold.
func (c Chain) Missing() int {
	n := 0
	for _, g := range c.Gaps {
		n += int(g.To - g.From + 1)
	}
	return n
}

// Assemble puts collected events back into order and checks each against its
// hash, and against the one before it where that is there.
func Assemble(events []Event) Chain {
	sorted := slices.Clone(events)
	slices.SortStableFunc(sorted, func(a, b Event) int { return cmp.Compare(a.Seq, b.Seq) })
	var c Chain
	for _, e := range sorted {
		last := c.Head
		if e.Seq == last.Seq && e.Hash == last.Hash && e.Seq > 0 {
			continue
		}
		if e.Seq > last.Seq+1 {
			c.Gaps = append(c.Gaps, Gap{last.Seq + 1, e.Seq - 1})
		}
		if e.Verify(e.Prev) != nil || e.Seq == last.Seq || e.Seq == last.Seq+1 && e.Prev != last.Hash {
			c.Breaks = append(c.Breaks, e)
		}
		c.Events, c.Head = append(c.Events, e), e
	}
	return c
}
