package reclaim

import (
	"context"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Authority says who may do what.
type Authority interface {
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Anew is somebody, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
}

// Attributes finds what the policy asks about people beyond what is known of them anyway.
type Attributes interface {
	Around(ctx context.Context, asker, holder access.Person, role catalog.RoleRef) access.Circumstances
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Groups      Groups
	Authority   Authority
	Attributes  Attributes // nil: nothing more than is known of people anyway
	Logger      *slog.Logger
	Line        string // of the calendar; empty: nobody is asked by itself
}

// Service has idle seats come back. It is safe for concurrent use.
type Service struct {
	units      *engine.Units
	catalog    func() *catalog.Catalog
	seats      *seats
	authority  Authority
	attributes Attributes
	line       string
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		units: c.Units, catalog: c.Catalog, authority: c.Authority, attributes: c.Attributes, line: c.Line,
		seats: &seats{units: c.Units, dirs: c.Directories, groups: c.Groups, log: c.Logger},
	}
}

// reclaims is how a question about an idle seat is kept.
func reclaims() engine.Noun[access.Reclaim] {
	return engine.Noun[access.Reclaim]{Kind: "reclaim", ID: func(r access.Reclaim) string { return r.ID }, Load: store.Reclaim, Put: store.PutReclaim}
}
