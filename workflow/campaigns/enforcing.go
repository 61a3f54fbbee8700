package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
)

// The kinds of task that carry out what was revoked, or give it back.
const (
	RevokeTask  = "review.revoke"    // takes away what a row says
	RecheckTask = "review.recheck"   // looks whether what was taken away is still gone
	BackTask    = "review.give_back" // lets what is given back begin
)

// Restores says who may give something back.
type Restores interface {
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Anew is somebody, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
}

// Attributes finds what the policy asks about people beyond what is known of them anyway.
type Attributes interface {
	Around(ctx context.Context, asker, holder access.Person, role catalog.RoleRef) access.Circumstances
}

// EnforcingConfig is what the room is made of.
type EnforcingConfig struct {
	Units       *engine.Units
	Rows        *Opener
	Directories people.Directories
	Groups      *people.Groups // which groups the configuration means
	Authority   Restores
	Attributes  Attributes // what the policy asks of people; nil: nothing more than is known of them anyway
}

// Enforcing carries out what reviews revoked, and gives it back. It is safe for concurrent use.
type Enforcing struct {
	units      *engine.Units
	rows       *Opener
	dirs       people.Directories
	groups     *people.Groups
	authority  Restores
	attributes Attributes
}

// NewEnforcing makes the room.
func NewEnforcing(c EnforcingConfig) *Enforcing {
	return &Enforcing{c.Units, c.Rows, c.Directories, c.Groups, c.Authority, c.Attributes}
}

// Handlers are the room's lines in the table of handlers.
func (s *Enforcing) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{RecheckTask: long(s.recheck), RevokeTask: {Do: s.revoke}, BackTask: {Do: s.begin}}
}

// DueScans are the room's lines in the table of what falls due.
func (s *Enforcing) DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "review_item", Do: s.itemDue}}
}

// EnforcingEffects are the room's lines in the table of effects.
func EnforcingEffects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectSettleReview: settleEnded}
}

// EnforcingReported is the room's line in the table of what follows when the issue of a report exists.
func EnforcingReported() map[string]ledger.Reported {
	return map[string]ledger.Reported{ThenRevocation: revocationOpened}
}

// EnforcingPurposes say what the room's tasks are for.
func EnforcingPurposes() map[string]string {
	return map[string]string{
		BackTask:   "give back what an access review took away",
		RevokeTask: "take away what an access review revoked", RecheckTask: "look whether what an access review removed is still gone",
	}
}
