package jira

import "latchkey/sandbox/jira/world"

// What is on the site, under the names that users of the emulator know.
type (
	Account      = world.Account
	Issue        = world.Issue
	Attachment   = world.Attachment
	Comment      = world.Comment
	Link         = world.Link
	Approval     = world.Approval
	ApprovalRule = world.ApprovalRule
	Field        = world.Field
	Workflow     = world.Workflow
	Status       = world.Status
	Transition   = world.Transition
	Rule         = world.Rule
	ScreenField  = world.ScreenField
)

// DefaultWorkflow is [world.DefaultWorkflow].
func DefaultWorkflow() Workflow { return world.DefaultWorkflow() }

// ApprovalWorkflow is [world.ApprovalWorkflow].
func ApprovalWorkflow() Workflow { return world.ApprovalWorkflow() }
