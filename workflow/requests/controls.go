package requests

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Permission says who may use the controls.
type Permission interface {
	// CallerNow establishes, before a unit of work, who it is that does something: as
	// they are at this moment.
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Forget has somebody looked up anew.
	Forget(who access.PersonID)
}

// ControlsConfig is what Controls are made of.
type ControlsConfig struct {
	Units     *engine.Units
	Catalog   func() *catalog.Catalog
	Authority Permission
}

// Controls are what IT does about more than one request at once: it pauses new access, and
// ends all access of one person. They are safe for concurrent use.
type Controls struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	authority Permission
}

// NewControls makes the controls.
func NewControls(c ControlsConfig) *Controls {
	return &Controls{units: c.Units, catalog: c.Catalog, authority: c.Authority}
}

// Handlers are their lines in the table of handlers.
func (l *Controls) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		DeferredTask: {Do: l.lookAfterDeferred, Restarts: true}, MeasureTask: {Do: passOn}, WatchTask: {Do: l.watch},
	}
}
