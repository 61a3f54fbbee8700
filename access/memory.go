package access

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"latchkey/catalog"
)

// Memory is what the record still knows of one request when the store is gone.
type Memory struct {
	Request Request
	Grant   *Grant
	Whole   bool      // both are as they were last written down; otherwise only their outlines, and the story has to tell the rest
	Phase   Phase     // where the case stood then
	Until   time.Time // when its access was to end; zero if that was not said
	Story   []Event   // oldest first, as sealed in the log that is gone; events may be missing
	Doubts  []string  // what does not fit together, for people
}

// Retell plays the story again and returns the request and grant that follow
// from it. Steps that leave no trace in the record (the issue was opened, the
// change may begin) are added where the story goes on as if they had happened.
// What the route and the role were then is taken from the memory where it is
// whole, otherwise from the catalogue as it is now.
func (m Memory) Retell(c *catalog.Catalog) (Request, *Grant, error) {
	t := telling{c: c, m: m, r: m.opening(c)}
	for _, e := range m.Story {
		if err := t.tell(e); err != nil {
			return t.r, t.g, fmt.Errorf("%s (%s): %w", e.ID(), e.Kind, err)
		}
	}
	if t.r.Issue.Key == "" {
		t.r.Issue = m.Request.Issue
	}
	return t.r, t.g, nil
}

// opening is the request as it was when it was made.
func (m Memory) opening(c *catalog.Catalog) Request {
	r := m.Request.clone()
	if !m.Whole {
		r.Stages = nil
		if _, role, ok := c.Role(r.App, r.Role); ok {
			route, _ := c.Route(role.Route)
			r.Route = route.Name
			for _, s := range route.Stages {
				r.Stages = append(r.Stages, Stage{Need: s.Need})
			}
		}
	}
	for i := range r.Stages {
		r.Stages[i] = Stage{Need: r.Stages[i].Need}
	}
	r.Version, r.State, r.Stage, r.Allowed, r.Decided, r.Issue = 0, Pending, 0, r.Wanted, time.Time{}, Issue{}
	return r
}

// telling is a story on its way.
type telling struct {
	c *catalog.Catalog
	m Memory
	r Request
	g *Grant
}

func (t *telling) tell(e Event) error {
	switch {
	case e.Kind == Submitted:
		t.submitted(e)
		return nil
	case e.Kind == Granting:
		return t.start(e.At)
	case isGrantKind(e.Kind):
		return t.moveGrant(e)
	case isRequestKind(e.Kind):
		next, _, err := t.r.Apply(e, e.At)
		if err == nil {
			t.r = next
		}
		return err
	default:
		return nil
	}
}

func (t *telling) submitted(e Event) {
	t.r.Reason, t.r.Wanted, t.r.Allowed, t.r.Created = e.Reason, e.Wanted, e.Wanted, e.At
	if len(t.r.Stages) == 0 {
		t.r.State, t.r.Decided = ApprovedR, e.At
	}
}

// start makes the grant, with the groups it had if those are known.
func (t *telling) start(at time.Time) error {
	if t.g != nil {
		return nil
	}
	app, role, _ := t.c.Role(t.r.App, t.r.Role)
	if t.m.Whole && t.m.Grant != nil {
		role.Groups = nil
		for _, ent := range t.m.Grant.Entitlements {
			role.Groups = append(role.Groups, ent.Group)
		}
	}
	g, _, _, err := Start(t.r, app, role, at)
	if err != nil {
		return err
	}
	if t.m.Whole && t.m.Grant != nil {
		g.Manual = t.m.Grant.Manual
	}
	t.g = &g
	return nil
}

func (t *telling) moveGrant(e Event) error {
	if err := t.start(t.r.Decided); err != nil {
		return err
	}
	if t.g.State == Waiting && e.Kind != Recorded && e.Kind != Ending {
		begun, _, err := t.g.Apply(t.g.Event(Recorded, System(), e.At), e.At)
		if err != nil {
			return err
		}
		t.g = &begun
	}
	next, _, err := t.g.Apply(e, e.At)
	if err == nil {
		t.g = &next
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
