package modals

import (
	"context"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/requests"
)

// Submitter takes requests.
type Submitter interface {
	// SubmitAll makes all of them or none.
	SubmitAll(ctx context.Context, subs []requests.Submission) ([]access.Request, error)
	// Objections says of each role why asking for it would be refused; nil where it wouldn't.
	Objections(ctx context.Context, by, beneficiary access.Person, choices []requests.Choice) ([]*access.Refusal, error)
	// Judgement is what the policy says of a role for a time.
	Judgement(ctx context.Context, by, beneficiary access.Person, choice requests.Choice) catalog.Judgement
	// Shown is the catalogue as somebody sees it.
	Shown(ctx context.Context, who access.Person) *catalog.Catalog
}

// People says who a Slack account belongs to.
type People interface {
	// Who refuses whoever may neither ask nor decide.
	Who(ctx context.Context, slackID string) (access.Person, error)
	// Member finds anybody in the workspace.
	Member(ctx context.Context, slackID string) (access.Person, error)
	// Beneficiary is a member as somebody who is to get access.
	Beneficiary(ctx context.Context, slackID string) (access.Person, error)
}
