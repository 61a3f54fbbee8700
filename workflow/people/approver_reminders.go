package people

import (
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Chasing knows by which timetables, and in whose working hours, those are told again
// for whom something waits. It is safe for concurrent use.
type Chasing struct {
	tables access.Timetables
	hours  access.Hours
	admins []access.Email

	mu    sync.Mutex
	zones map[string]*time.Location
}

// NewChasing makes one. The hours are everybody's, each in their own zone; in theirs
// where that isn't known.
func NewChasing(tables access.Timetables, hours access.Hours, admins []access.Email) *Chasing {
	return &Chasing{tables: tables, hours: hours, admins: admins, zones: map[string]*time.Location{}}
}

// OfRequest is how those are told again who are waited for once something has happened
// to a request; nil where that changes nothing of it.
func (c *Chasing) OfRequest(u *engine.Unit, r access.Request, e access.Event) (*access.Chase, error) {
	switch e.Kind {
	case access.EventApproversAsked, access.EventReviewAsked, access.EventReassigned:
		return c.of(u, e.Approvers)
	case access.EventQuestioned:
		return c.of(u, []access.PersonID{r.Requester, r.Beneficiary})
	case access.EventReplied:
		return c.of(u, r.Awaited())
	case access.EventUnroutable:
		return c.of(u, nil)
	case access.EventAskedAgain, access.EventNudged, access.EventEscalated, access.EventReviewDue:
		return c.of(u, r.WaitsFor())
	}
	return nil, nil
}

// OfGrant is how those are told again who have to act for a grant once something has
// happened to it; nil where that changes nothing of it.
func (c *Chasing) OfGrant(u *engine.Unit, g access.Grant, e access.Event) (*access.Chase, error) {
	switch e.Kind {
	case access.EventRecorded, access.EventEnding, access.EventStuck, access.EventRetried, access.EventNotFulfilled, access.EventFollowedUp, access.EventGrantEscalated:
	default:
		return nil, nil
	}
	if !g.Manual {
		return c.of(u, nil)
	}
	who, err := Hands(u, g)
	if err != nil {
		return nil, err
	}
	return c.of(u, who)
}

// Hands are those who are waited for where a change is made by hand: who has taken it on,
// unless they are away or have left, or else all who make such changes.
func Hands(u *engine.Unit, g access.Grant) ([]access.PersonID, error) {
	switch who, err := TakenBy(u.Tx, g, u.At); {
	case err != nil:
		return nil, err
	case who != "":
		return []access.PersonID{who}, nil
	}
	return Fulfillers(u, g.App)
}

// TakenBy is who has taken a change by hand on and can make it at a moment; empty for
// nobody.
func TakenBy(tx store.Tx, g access.Grant, at time.Time) (access.PersonID, error) {
	if g.TakenBy == "" || g.State != access.GrantManual {
		return "", nil
	}
	p, err := In(tx, g.TakenBy)
	if err == nil && p.Same != "" { // found to be somebody else since
		p, err = In(tx, p.Same)
	}
	if err != nil || p.Departed() || p.AbsentUntil().After(at) {
		return "", err
	}
	return p.ID, nil
}

// Fulfillers are those who change an app by hand, as far as the store knows them.
func Fulfillers(u *engine.Unit, app string) ([]access.PersonID, error) {
	a, _ := u.Catalog.App(app)
	return meant(u.Tx, Addresses(a.Fulfillers()))
}

// of are the hours of people; of IT where they are nobody.
func (c *Chasing) of(u *engine.Unit, who []access.PersonID) (*access.Chase, error) {
	if len(who) == 0 {
		admins, err := meant(u.Tx, c.admins)
		if err != nil {
			return nil, err
		}
		who = admins
	}
	out := &access.Chase{Tables: c.tables}
	for _, one := range who {
		p, err := In(u.Tx, one)
		if err != nil {
			return nil, err
		}
		if h := c.HoursOf(p); !slices.Contains(out.Hours, h) {
			out.Hours = append(out.Hours, h)
		}
	}
	if len(out.Hours) == 0 {
		out.Hours = append(out.Hours, c.hours)
	}
	return out, nil
}

// LapseAfter is how long a request for so long, made at a moment, waits for an answer; zero
// for ever. It isn't known yet who will be asked, so it is counted in the company's days.
func (c *Chasing) LapseAfter(wanted time.Duration, at time.Time) time.Duration {
	return c.tables.LapseAfter(wanted, at, c.hours)
}

// HoursOf are somebody's working hours.
func (c *Chasing) HoursOf(p access.Person) access.Hours {
	h := c.hours
	if zone := c.zone(p.TimeZone); zone != nil {
		h.Zone = zone
	}
	h.Away = p.AbsentUntil()
	return h
}

// ZoneOf is the zone somebody is in; the company's where theirs isn't known.
func (c *Chasing) ZoneOf(p access.Person) *time.Location { return c.HoursOf(p).Zone }

// AllAbsent tells whether all for whom a request waits are on leave, and nobody decides for
// any of them.
func AllAbsent(u *engine.Unit, r access.Request) (bool, error) {
	who := r.WaitsFor()
	for _, one := range who {
		if gone, err := absent(u, r, one); err != nil || !gone {
			return false, err
		}
	}
	return len(who) > 0, nil
}

// absent tells whether somebody is on leave without anybody who decides in their place; whoever
// is asked in another one's place has nobody for that.
func absent(u *engine.Unit, r access.Request, who access.PersonID) (bool, error) {
	p, err := In(u.Tx, who)
	if err != nil || !p.AbsentUntil().After(u.At) {
		return false, err
	}
	if r.Stage < len(r.Stages) && slices.ContainsFunc(r.Stages[r.Stage].Delegates, func(d access.Delegate) bool { return d.Who == who }) {
		return true, nil
	}
	of, _, err := store.Sound(store.DelegationsOf(u.Tx, who))
	return len(store.Counting(of, u.At)) == 0, err
}

// Absent says which of those people are on leave, and until when by their own calendar; ""
// if none is.
func Absent(u *engine.Unit, who []access.PersonID) (string, error) {
	var out []string
	for _, one := range who {
		p, err := In(u.Tx, one)
		if err != nil {
			return "", err
		}
		if p.AbsentUntil().After(u.At) {
			out = append(out, p.Display()+" is on leave until "+p.AbsentUntil().In(clock.Zone(p.TimeZone)).Format("2 January 2006"))
		}
	}
	return strings.Join(out, "; "), nil
}

// zone is the one of a name, or nil where it names none. Each is looked up once.
func (c *Chasing) zone(name string) *time.Location {
	c.mu.Lock()
	defer c.mu.Unlock()
	zone, known := c.zones[name]
	if !known {
		if name != "" && name != "Local" {
			zone, _ = time.LoadLocation(name) // nil: one that isn't known here
		}
		c.zones[name] = zone
	}
	return zone
}

// meant are those whom addresses mean, as far as the store knows them.
func meant(tx store.Tx, addresses []access.Email) (out []access.PersonID, err error) {
	for _, a := range addresses {
		k, err := store.Meant(tx, a)
		switch {
		case unnamed(err):
		case err != nil:
			return nil, err
		default:
			out = append(out, k.ID)
		}
	}
	return out, nil
}
