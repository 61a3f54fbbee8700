package people

import (
	"context"

	"latchkey/access"
)

// Accounts knows whose accounts in Jira are.
type Accounts interface {
	// Owner is the address that the authority over an account states for it, ""
	// if none does. What the account shows of itself is no statement.
	Owner(ctx context.Context, account string) (access.Email, error)
}

// UserGroups tells who is in the user groups of the workspace.
type UserGroups interface {
	// UserGroup are the accounts in the user group of an id, read at this moment: as Roster.Member knows
	// them, without those who were deactivated. An error is an *access.Failure, and never means nobody.
	UserGroup(ctx context.Context, id string) ([]string, error)
	// UserGroupCalled is what people write for it, such as @it-oncall; "" where that isn't known.
	UserGroupCalled(ctx context.Context, id string) string
}

// OnCalls tells who is on call.
type OnCalls interface {
	// OnCall are those who are on call by a schedule at this moment: addresses, or accounts in Slack. With
	// anew nothing counts that was known before. An error is an *access.Failure, and never means nobody.
	OnCall(ctx context.Context, schedule string, anew bool) ([]string, error)
}
