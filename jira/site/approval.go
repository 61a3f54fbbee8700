package site

import "latchkey/jira/rest"

// Approval is one of Jira's own approvals (service desk API, "Approval"). To make a
// decision, other words are sent: approve and decline.
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

// The decisions as Jira writes them.
const (
	VotedYes  = "approved"
	VotedNo   = "declined"
	Undecided = "pending"
)
