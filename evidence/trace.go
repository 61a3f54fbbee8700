package evidence

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Trace is how one person came to the access to one app, and how it ended.
type Trace struct {
	ID      access.PersonID                   `json:"id"`
	Person  string                            `json:"person"` // the address now
	App     string                            `json:"app"`
	Stories []Story                           `json:"stories"` // oldest first
	People  map[access.PersonID]access.Person `json:"people"`  // whom the events name, with what they were known by
}

// Story is one request from the asking to the removal, or one grant that nobody
// asked for.
type Story struct {
	Request string         `json:"request,omitempty"`
	Grant   string         `json:"grant,omitempty"`
	Issue   access.Issue   `json:"issue,omitzero"`
	Role    string         `json:"role"`
	State   string         `json:"state"` // of the grant, or of the request while there is none
	Events  []access.Event `json:"events"`
}

// Viewer shows the store as it stands at one moment.
type Viewer interface {
	View(ctx context.Context, fn func(store.Tx) error) error
}

// TraceOf finds everything the log holds about a person and an app.
func TraceOf(ctx context.Context, s Viewer, person access.PersonID, app string) (Trace, error) {
	t := Trace{ID: person, App: app, Stories: []Story{}}
	err := s.View(ctx, func(tx store.Tx) error {
		n := namesIn(tx)
		t.Stories, t.Person, t.People = t.Stories[:0], n.at(person, time.Time{}), n.known
		at := map[string]int{}
		ids, err := alsoKnownAs(tx, person)
		if err != nil {
			return err
		}
		err = eachOf(tx, ids, app, func(e access.Event) error {
			key := cmp.Or(e.Request, e.Grant)
			i, known := at[key]
			if !known {
				i, known = at["grant "+e.Grant] // of a story that began with a request
			}
			if !known {
				i = len(t.Stories)
				at[key] = i
				t.Stories = append(t.Stories, Story{Request: e.Request, Role: e.Role})
			}
			t.Stories[i].add(e)
			if e.Grant != "" {
				at["grant "+e.Grant] = i
			}
			n.ofEvent(e)
			return n.err
		})
		for i := range t.Stories {
			err = errors.Join(err, t.Stories[i].outcome(tx))
		}
		return err
	})
	return t, err
}

// alsoKnownAs are the ids under which somebody was known: more than one where IT has
// said that two people are one.
func alsoKnownAs(tx store.Tx, person access.PersonID) ([]access.PersonID, error) {
	k, err := store.Person(tx, person)
	if err := orAbsent(err); err != nil {
		return nil, err
	}
	return append([]access.PersonID{person}, k.United...), nil
}

// eachOf goes through what the log holds about an app and any of several ids.
func eachOf(tx store.Tx, ids []access.PersonID, app string, do func(access.Event) error) error {
	for _, id := range ids {
		if err := each(tx, store.Filter{Person: id, App: app}, 0, do); err != nil {
			return err
		}
	}
	return nil
}

// Contact is the address under which somebody was known at a moment.
func (t Trace) Contact(who access.PersonID, at time.Time) string {
	return contactAt(t.People[who], who, at)
}

// Events are those of all stories, in the order in which they happened.
func (t Trace) Events() []access.Event {
	var all []access.Event
	for _, s := range t.Stories {
		all = append(all, s.Events...)
	}
	slices.SortFunc(all, func(a, b access.Event) int { return cmp.Compare(a.Place, b.Place) })
	return all
}

func (s *Story) add(e access.Event) {
	s.Events = append(s.Events, e)
	if e.Grant != "" {
		s.Grant = e.Grant
	}
	if e.Issue != nil && e.About().Kind != access.SubjectReclaim { // whether it is still needed has an issue of its own
		s.Issue = *e.Issue
	}
}

// outcome says where the story stands now.
func (s *Story) outcome(tx store.Tx) error {
	if s.Grant != "" {
		g, err := store.Grant(tx, s.Grant)
		s.State = string(g.State)
		return orAbsent(err)
	}
	r, err := store.Request(tx, s.Request)
	s.State = string(r.State)
	return orAbsent(err)
}

// each hands every matching event after the given number to fn, in order.
func each(tx store.Tx, f store.Filter, after uint64, fn func(access.Event) error) error {
	for {
		events, err := store.Events(tx, f, after, page)
		if err != nil || len(events) == 0 {
			return err
		}
		for _, e := range events {
			if err := fn(e); err != nil {
				return err
			}
			after = f.After(e)
		}
	}
}

// orAbsent lets a record that is not there pass: the log may outlive it.
func orAbsent(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}
