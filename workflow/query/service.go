package query

import (
	"errors"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Config is what the room is made of.
type Config struct {
	Units   *engine.Units
	Catalog func() *catalog.Catalog
	People  *people.Service
	// Purpose says what a task is for, by its kind, as what can't be done when it
	// is stuck: "open the Jira issue".
	Purpose map[string]func(store.Tx, store.Task) string
	Outages Outages // nil: none are known here
}

// Outages are the services that don't work for Latchkey.
type Outages interface {
	// Outages lists them, what began first in front.
	Outages() []Stuck
	// Look has a service looked at now. It reports whether there is one of that name.
	Look(service string) bool
}

// Service answers questions. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	people  *people.Service
	purpose map[string]func(store.Tx, store.Task) string
	outages Outages
	usage   usage
	paces   paces
	recent  evidence.Recent
}

// New makes the room.
func New(c Config) *Service {
	return &Service{units: c.Units, catalog: c.Catalog, people: c.People, purpose: c.Purpose, outages: c.Outages}
}

// NotFound turns a missing record into a sentence for the person.
func NotFound(err error, sentence string) error {
	if errors.Is(err, store.ErrNotFound) {
		return access.Refuse(access.Unknown, "", sentence)
	}
	return err
}

// UnknownRequest is what NotFound says of a request.
const UnknownRequest = "That request isn't known any more."
