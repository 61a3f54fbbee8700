package site

import "latchkey/jira/rest"

// Approval is one of Jira's own (service desk API, "Approval"). Decisions read
// approved, declined or pending; they are written approve and decline.
type Approval struct {
	ID                string
	FinalDecision     string
	CanAnswerApproval bool
	CompletedDate     struct{ EpochMillis int64 }
	Approvers         []struct {
		Approver         rest.User
		ApproverDecision string
	}
}

const (
	VotedYes  = "approved"
	VotedNo   = "declined"
	Undecided = "pending"
)
