package messages

import (
	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Config is what the room is made of; all of it.
type Config struct {
	Units   *engine.Units
	Catalog func() *catalog.Catalog // what may be asked for at this moment
	People  Others
}

// Service tells people of idle seats. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	people  Others
}

// New makes the room.
func New(c Config) *Service { return &Service{c.Units, c.Catalog, c.People} }

// Readership is who reads about an idle seat as it goes on: who holds it, and whom else that is configured for.
func Readership() notify.Readership { return notify.Readership{Cards: cards, Announce: announce} }

// announce arranges for what follows of an event beside the card: that it is told again, and whom else.
func announce(u *engine.Unit, e access.Event) error {
	switch e.Kind {
	case access.EventReclaimAsked, access.EventReclaimAskedNow, access.EventReclaimAway, access.EventReclaimSettled:
	default:
		return nil
	}
	r, err := store.Reclaim(u.Tx, e.About().ID)
	if err != nil {
		return err
	}
	switch {
	case e.Kind == access.EventReclaimAway:
		return remindLater(u, r)
	case e.Kind != access.EventReclaimSettled:
		if err := copyTo(u, r, e); err != nil {
			return err
		}
		return remindLater(u, r)
	case r.By.Person == "" && (r.Outcome == access.ReclaimGone || r.Outcome == access.ReclaimDowngraded): // seen, and nobody's own doing
		return copyTo(u, r, e)
	}
	return nil
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{RemindTask: {Do: remind}, CopyTask: {Do: s.tellOthers}}
}

// Failures are the room's lines in the table of failure policies.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{RemindTask: notify.Visible(), CopyTask: notify.Visible()}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		RemindTask: always("tell somebody again that they are asked about a seat"),
		CopyTask:   always("tell somebody else of an idle seat"),
	}
}
