package requests

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// People knows who people are.
type People interface {
	// Person is somebody as Slack and the directories know them.
	Person(ctx context.Context, who access.PersonID) (access.Person, error)
	// Anew is Person, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
	Accounts
	// Contact is the address under which people know somebody.
	Contact(ctx context.Context, who access.PersonID) string
	// Forget drops what is remembered of somebody, because it changed.
	Forget(who access.PersonID)
}

// Accounts knows whose accounts are.
type Accounts interface {
	// Whose is the person who is bound to an account; "" if nobody is.
	Whose(ctx context.Context, system, id string) (access.PersonID, error)
	// Lacks are those of some directories that show no account of somebody.
	Lacks(ctx context.Context, who access.PersonID, directories []string) []string
}

// Authority says who may do what.
type Authority interface {
	Callers
	// Established finds out who may answer a request at this moment. Whoever wants to
	// answer is looked up anew. What can't be found out is an error: nothing stands in.
	Established(ctx context.Context, r access.Request, by access.Actor) (people.Established, error)
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
	// MayStandIn refuses somebody who can't be asked to decide in the place of those who are.
	MayStandIn(ctx context.Context, r access.Request, p access.Person) error
	// Verified refuses a role to somebody of whom it isn't known surely enough who they are.
	Verified(ctx context.Context, asks access.PersonID, holder access.Person, role catalog.RoleRef) error
}

// Callers says what whoever does something may do.
type Callers interface {
	// Caller establishes, before a unit of work, who it is that does something.
	Caller(ctx context.Context, by access.Actor) (people.Caller, error)
	// CallerNow is Caller for whoever disposes of others' access: looked up anew.
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
}

// Approvers finds who is asked.
type Approvers interface {
	// Deciders are those who may decide the current stage.
	Deciders(ctx context.Context, r access.Request) (people.Found, error)
	// Reviewers are those who may say whether an emergency was one.
	Reviewers(ctx context.Context, r access.Request) (people.Found, error)
}

// Attributes finds what the policy asks about people.
type Attributes interface {
	// Around is what it asks beyond what is known of them anyway; what can't be found out is left out.
	Around(ctx context.Context, asker, holder access.Person, role catalog.RoleRef) access.Circumstances
	// Sure is somebody as they are at this moment, without what a directory said that keeps silent now.
	Sure(ctx context.Context, who access.PersonID) (access.Person, error)
}

// StuckWork finds what waits for a human.
type StuckWork interface {
	FindStuck(ctx context.Context, name string) (query.Stuck, error)
	Stuck(ctx context.Context, by access.Actor, from, size int) (query.List[query.Stuck], error)
	Look(service string)
}

// Delegations are by which people decide in others' places.
type Delegations interface {
	// EndAllOf ends those of somebody who may not act any more, or was found to be
	// somebody else.
	EndAllOf(u *engine.Unit, who access.PersonID) error
}
