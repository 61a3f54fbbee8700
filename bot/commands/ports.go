package commands

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// Query reads how things stand, for those who may know.
type Query interface {
	Holdings
	Trace(ctx context.Context, by access.Actor, who access.PersonID, app string) (evidence.Trace, error)
	Week(ctx context.Context, by access.Actor) (evidence.Report, error)
	Paused(ctx context.Context) (access.Pause, error)
	Decides(ctx context.Context, who access.Person) (bool, error)
}

// Holdings reads who has what.
type Holdings interface {
	Held(ctx context.Context, who access.PersonID, from, size int) (query.List[query.Holding], error)
	Holders(ctx context.Context, by access.Actor, app string, from, size int) (query.List[query.Holding], error)
	Why(ctx context.Context, by access.Actor, who access.Person, app string) ([]query.Holding, error)
}

// People knows who somebody is.
type People interface {
	SignIns
	Absences
	Who(ctx context.Context, slackID string) (access.Person, error)
	Member(ctx context.Context, slackID string) (access.Person, error)
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
	Had(ctx context.Context, a access.Email) (access.Person, error) // whoever has or had the address
}

// Absences know who is on leave.
type Absences interface {
	Away(ctx context.Context, who access.PersonID, until time.Time) error
}

// Seats shows questions about idle seats to those who look after apps.
type Seats interface {
	Overseen(ctx context.Context, by access.Actor, app string) ([]access.Reclaim, error)
}

// SignIns have people prove whose an account is.
type SignIns interface {
	Challenge(ctx context.Context, who access.PersonID, issue string) (code string, err error)
	BeginSignIn(ctx context.Context, by access.Actor, directory string) (people.SignInCode, error)
	SignInDirectories() []string
}

// Authority says what somebody may do.
type Authority interface {
	Caller(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Confirm is the second word of IT about somebody.
	Confirm(ctx context.Context, id string, by access.Actor) (says string, err error)
}
