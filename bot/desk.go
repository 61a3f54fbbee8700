package bot

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow"
)

// Asking is what it takes to ask for access.
type Asking interface {
	// Catalog is what may be asked for at this moment.
	Catalog() *catalog.Catalog
	// Who is the person behind a Slack id. Guests, bots, strangers and people
	// who have left are refused.
	Who(ctx context.Context, slackID string) (access.Person, error)
	// Member is the person behind a Slack id, whether they may act or not.
	Member(ctx context.Context, slackID string) (access.Person, error)
	// SubmitAll commits requests that were asked for together, all or none. The
	// same Submission.ID again returns the requests that exist. A refusal names
	// the field it is about, inside a *workflow.Refused that names the item.
	SubmitAll(ctx context.Context, subs []workflow.Submission) ([]access.Request, error)
	// Objections are the refusals that asking for each role would meet whatever
	// else is filled in; nil where nothing stands against it.
	Objections(ctx context.Context, by, beneficiary access.Person, roles []catalog.RoleRef) ([]*access.Refusal, error)
}

// Knowing is what the catalogue shows of the world besides itself.
type Knowing interface {
	// UsedBy are the apps people of a department hold, the most held first.
	UsedBy(ctx context.Context, department string) ([]string, error)
	// Pace is how long access to an app usually takes.
	Pace(ctx context.Context, app string) (workflow.Pace, error)
	// Names are the people behind addresses, as far as they are known here.
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
	// Forget drops what is cached of the person behind a Slack id.
	Forget(slackID string)
	// Link ties a request to the conversation at an https address.
	Link(ctx context.Context, requestID, talk string, by access.Actor) error
}

// Standing is where somebody stands.
type Standing interface {
	// Held is what a person has, soonest end first.
	Held(ctx context.Context, who access.PersonID, from, size int) (workflow.List[workflow.Holding], error)
	// Asked are a person's requests that wait for a decision.
	Asked(ctx context.Context, who access.PersonID, from, size int) (workflow.List[access.Request], error)
	// Awaiting are the requests that wait for a person's answer.
	Awaiting(ctx context.Context, who access.PersonID, from, size int) (workflow.List[access.Request], error)
}

// Overseeing is what IT and the owners of apps may look at and end. Everybody
// else is refused.
type Overseeing interface {
	// Oversees is the refusal for whoever may not look at an app; an empty app
	// stands for all.
	Oversees(who access.PersonID, app string) error
	// Holders is who has access to an app.
	Holders(ctx context.Context, by access.PersonID, app string, from, size int) (workflow.List[workflow.Holding], error)
	// Why are the grants that explain somebody's access to an app.
	Why(ctx context.Context, by access.PersonID, who access.Person, app string) ([]workflow.Holding, error)
	// Trace is everything that happened between a person and an app.
	Trace(ctx context.Context, by, who access.PersonID, app string) ([]access.Event, error)
	// RevokeAll takes grants away before their time, all or none.
	RevokeAll(ctx context.Context, grants []string, reason string, by access.Actor) error
}

// Tending is what IT looks after.
type Tending interface {
	// Stuck is what waits for IT, removals first.
	Stuck(ctx context.Context, by access.PersonID, from, size int) (workflow.List[workflow.Trouble], error)
	// Week is what happened in the last seven days.
	Week(ctx context.Context, by access.PersonID) (workflow.Week, error)
}

// Deciding is what it takes to answer a request.
type Deciding interface {
	// Decide commits one approver's answer.
	Decide(ctx context.Context, d workflow.Decision) (access.Request, error)
	// Cancel withdraws a pending request.
	Cancel(ctx context.Context, requestID string, by access.Actor) error
	// Case is everything there is to tell about a request.
	Case(ctx context.Context, requestID string) (access.Case, error)
	// Claim says that somebody is looking at a request.
	Claim(ctx context.Context, requestID string, by access.Actor) error
	// Turned writes it into the log that somebody was refused, and returns the
	// error as it is.
	Turned(ctx context.Context, requestID string, by access.Actor, what string, err error) error
}

// Talking is the conversation about a request.
type Talking interface {
	// Ask commits a question of somebody who may decide.
	Ask(ctx context.Context, w workflow.Word) error
	// Comment commits what somebody concerned says.
	Comment(ctx context.Context, w workflow.Word) error
	// Talks tells whether a thread hangs on a card.
	Talks(ctx context.Context, thread workflow.Place) (bool, error)
	// Heard commits a message from the thread of a card.
	Heard(ctx context.Context, thread workflow.Place, w workflow.Word) (ours bool, err error)
}

// Prolonging is more time for access that is there.
type Prolonging interface {
	// Extensions are the stretches by which somebody may extend their access, and
	// why it has to be approved anew; "" where the earlier approval carries it.
	Extensions(ctx context.Context, requestID string, by access.PersonID) (choices []time.Duration, anew string, err error)
	// Extend commits it, or asks for a new approval.
	Extend(ctx context.Context, m workflow.MoreTime) (workflow.Extended, error)
}

// Hastening is access in an emergency, and its review.
type Hastening interface {
	// EmergencyMost is how long a role can be taken.
	EmergencyMost(role catalog.Role) time.Duration
	// TakeNow commits that somebody takes a role.
	TakeNow(ctx context.Context, em workflow.Emergency) (access.Request, error)
	// Judge commits whether that was right.
	Judge(ctx context.Context, requestID string, by access.Actor, justified bool, reason string) error
}

// Acting is what people do once a request is approved.
type Acting interface {
	// Done says that the change was made by hand.
	Done(ctx context.Context, requestID string, by access.Actor) error
	// Retry sets stuck work going again. Only IT may.
	Retry(ctx context.Context, requestID string, by access.Actor) error
	// Return gives access back before its end.
	Return(ctx context.Context, requestID string, by access.Actor) error
}

// Desk is the workflow as the bot needs it. One service usually is all of it.
type Desk struct {
	Asking
	Deciding
	Talking
	Prolonging
	Hastening
	Acting
	Knowing
	Standing
	Overseeing
	Tending
	Leaving
}
