package notify

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Readership says who reads about one kind of subject. It does no I/O: it runs in
// the unit in which something happened. What is nil there is none of.
type Readership struct {
	// Cards are the cards a subject has by now, whether they were posted or not.
	Cards func(u *engine.Unit, id string) ([]Card, error)
	// Announce arranges for the announcements that an event is worth.
	Announce func(u *engine.Unit, e access.Event) error
}

// nameOf is what cards call a subject: a request by its id alone, anything else
// by kind and id.
func nameOf(s access.Subject) string {
	if s.Kind == access.SubjectRequest {
		return s.ID
	}
	return s.String()
}

// wentOn tells whether something happened to a subject after an event.
func wentOn(tx store.Tx, s access.Subject, after uint64) (bool, error) {
	later, err := store.Events(tx, store.Filter{Subject: s}, after, 1)
	return len(later) > 0, err
}

// eventOf finds an event of a subject by its id.
func eventOf(tx store.Tx, s access.Subject, id string) (access.Event, bool, error) {
	story, _, err := store.Sound(store.Story(tx, store.Filter{Subject: s}))
	for _, e := range story {
		if e.ID == id {
			return e, true, nil
		}
	}
	return access.Event{}, false, err
}
