package evidence

import (
	"time"

	"latchkey/access"
)

// Only leaves something out of an export. The zero value leaves nothing out.
type Only struct {
	// From and To bound a period, From within it and To not; zero is open. Of requests those made in it are written, of grants
	// those that were there at some moment of it, of events those that happened in it.
	From, To time.Time
	App      string
	Person   access.PersonID // who asked, or whom it was for
}

func (o Only) about(app string, people ...access.PersonID) bool {
	if o.App != "" && app != o.App {
		return false
	}
	if o.Person == "" {
		return true
	}
	for _, p := range people {
		if p == o.Person {
			return true
		}
	}
	return false
}

// within tells whether something that lasted from one moment to another was there in the period; a zero end has not come.
func (o Only) within(from, to time.Time) bool {
	return (o.To.IsZero() || from.Before(o.To)) && (o.From.IsZero() || to.IsZero() || !to.Before(o.From))
}

func (o Only) request(r access.Request) bool {
	return o.within(r.Created, r.Created) && o.about(r.App, r.Requester, r.Beneficiary)
}

// grant: one that nobody was given yet is there from when it was agreed to.
func (o Only) grant(g access.Grant) bool {
	from := g.Started
	if from.IsZero() {
		from = g.Created
	}
	return o.within(from, g.Finished) && o.about(g.App, g.Person)
}

func (o Only) event(e access.Event) bool {
	return o.within(e.At, e.At) && o.about(e.App, e.Person, e.Actor.Person)
}
