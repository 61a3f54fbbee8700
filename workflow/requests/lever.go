package requests

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Permission says who may pull the lever.
type Permission interface {
	// CallerNow establishes, before a unit of work, who it is that does something: as
	// they are at this moment.
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Forget has somebody looked up anew.
	Forget(who access.PersonID)
}

// LeverConfig is what the lever is made of.
type LeverConfig struct {
	Units     *engine.Units
	Catalog   func() *catalog.Catalog
	Authority Permission
}

// Lever is what IT does about more than one request at once: it pauses new access, and
// ends all access of one person. It is safe for concurrent use.
type Lever struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	authority Permission
}

// NewLever makes the lever.
func NewLever(c LeverConfig) *Lever {
	return &Lever{units: c.Units, catalog: c.Catalog, authority: c.Authority}
}

// Handlers are the lever's lines in the table of handlers.
func (l *Lever) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		HeldTask: {Do: l.lookAfterHeld, Restarts: true}, MeasureTask: {Do: passOn}, WatchTask: {Do: l.watch},
	}
}
