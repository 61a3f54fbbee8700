// Package enforcing carries out what reviews revoked: it ends the grants that explain a membership, or removes what none
// explains, notes what came of it, looks once more before a campaign closes, and gives back what was taken by mistake.
package enforcing

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// The kinds of task that carry out what was revoked, or give it back.
const (
	RevokeTask  = "review.revoke"    // takes away what a row says
	RecheckTask = "review.recheck"   // looks whether what was taken away is still gone
	BackTask    = "review.give_back" // lets what is given back begin
	ListTask    = "review.imported"  // looks whether what was removed by hand is on a list that was imported since
)

// Authority says who may give something back.
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
	Rows        *rows.Opener
	Directories people.Directories
	Imported    *imported.Service // what was imported of apps without a directory
	Groups      *people.Groups    // which groups the configuration means
	Authority   Authority
	Attributes  Attributes // what the policy asks of people; nil: nothing more than is known of them anyway
}

// Service carries out what reviews revoked, and gives it back. It is safe for concurrent use.
type Service struct {
	units      *engine.Units
	rows       *rows.Opener
	dirs       people.Directories
	lists      *imported.Service
	groups     *people.Groups
	authority  Authority
	attributes Attributes
}

// New makes the room.
func New(c Config) *Service {
	return &Service{c.Units, c.Rows, c.Directories, c.Imported, c.Groups, c.Authority, c.Attributes}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{RecheckTask: rows.Long(s.recheck), RevokeTask: {Do: s.revoke}, ListTask: rows.Long(s.compare), BackTask: {Do: s.begin}}
}

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "review_item", Do: s.itemDue}}
}

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectSettleReview: settleEnded}
}

// Reported is the room's line in the table of what follows when the issue of a report exists.
func Reported() map[string]ledger.Reported {
	return map[string]ledger.Reported{ThenRevocation: revocationOpened}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]string {
	return map[string]string{
		BackTask:   "give back what an access review took away",
		ListTask:   "look whether what was removed by hand is on a new list",
		RevokeTask: "take away what an access review revoked", RecheckTask: "look whether what an access review removed is still gone",
	}
}
