package bot

import (
	"context"

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
	// Submit commits a request. The same Submission.ID again returns the
	// request that exists. A refusal names the field it is about.
	Submit(ctx context.Context, s workflow.Submission) (access.Request, error)
	// Objection is the refusal that asking for a role would meet whatever else
	// is filled in, nil if there is none.
	Objection(ctx context.Context, beneficiary access.Email, app, role string) error
}

// Deciding is what it takes to answer a request.
type Deciding interface {
	// Decide commits one approver's answer.
	Decide(ctx context.Context, d workflow.Decision) (access.Request, error)
	// Cancel withdraws a pending request.
	Cancel(ctx context.Context, requestID string, by access.Actor) error
	// Case is everything there is to tell about a request.
	Case(ctx context.Context, requestID string) (access.Case, error)
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

// Desk is the workflow as the bot needs it. One service usually is all three.
type Desk struct {
	Asking
	Deciding
	Acting
}
