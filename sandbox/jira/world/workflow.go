package world

import (
	"slices"
	"strings"
)

// Status is one status of the workflow. Category is "new", "indeterminate" or
// "done". Portal is what the request type calls it for customers; empty means by
// its name. Approval, when set, opens a service desk approval on entry.
type Status struct {
	ID, Name, Category string
	Portal             string
	Approval           *ApprovalRule
}

// ScreenField is a field of a transition screen. A field that is not on the
// screen cannot be set by the transition.
type ScreenField struct {
	ID       string
	Required bool
}

// Transition is one edge of the workflow. From and To are status names.
// Customer makes it visible in the portal.
type Transition struct {
	ID, Name string
	From     []string
	To       string
	Screen   []ScreenField
	Customer bool
}

// Workflow is the state machine of the project. Initial is a status name.
type Workflow struct {
	Initial     string
	Statuses    []Status
	Transitions []Transition
}

// DefaultWorkflow is a service project as administrators leave them: no
// transition is named after the status it leads to.
func DefaultWorkflow() Workflow {
	required := []ScreenField{{ID: "resolution", Required: true}}
	optional := []ScreenField{{ID: "resolution"}}
	return Workflow{
		Initial:  "Waiting for approval",
		Statuses: defaultStatuses(),
		Transitions: []Transition{
			{ID: "11", Name: "Approve request", From: []string{"Waiting for approval"}, To: "In progress"},
			{ID: "21", Name: "Decline (with reason)", From: []string{"Waiting for approval"}, To: "Declined", Screen: required},
			{ID: "31", Name: "Customer withdraws", From: []string{"Waiting for approval"}, To: "Canceled", Screen: optional, Customer: true},
			{ID: "41", Name: "Escalate to a human", From: []string{"Waiting for approval", "Waiting for support", "In progress", "Granted"}, To: "Needs attention"},
			{ID: "51", Name: "Resume work", From: []string{"Needs attention"}, To: "In progress"},
			{ID: "61", Name: "Mark as provisioned", From: []string{"In progress", "Needs attention"}, To: "Granted"},
			{ID: "71", Name: "Hand over to support", From: []string{"In progress"}, To: "Waiting for support"},
			{ID: "76", Name: "Done by support", From: []string{"Waiting for support"}, To: "Granted"},
			{ID: "81", Name: "Close it out", From: []string{"Granted", "Needs attention", "In progress", "Waiting for support"}, To: "Closed", Screen: optional},
			{ID: "91", Name: "Put back", From: []string{"In progress"}, To: "Waiting for approval"},
			{ID: "96", Name: "Approve and provision", From: []string{"Waiting for approval"}, To: "Granted"},
		},
	}
}

// ApprovalWorkflow is DefaultWorkflow with the service desk's own approvals: a
// request is made in a status before the one that asks for them, and leaves that
// one by the answer of one approver.
func ApprovalWorkflow() Workflow {
	f := DefaultWorkflow()
	f.Transitions = slices.DeleteFunc(f.Transitions, func(t Transition) bool { return t.ID == "96" }) // past the approval
	f.Initial = "New request"
	f.Statuses = append([]Status{{ID: "10000", Name: "New request", Category: "new"}}, f.Statuses...)
	f.FindStatus("Waiting for approval").Approval = &ApprovalRule{
		ConditionType: "number", ConditionValue: 1, FieldID: fieldApprovers, Exclude: []string{"reporter"},
		TransitionApproved: "11", TransitionRejected: "21",
	}
	f.Transitions = append(f.Transitions,
		Transition{ID: "5", Name: "Ask for approval", From: []string{"New request"}, To: "Waiting for approval"},
		Transition{ID: "6", Name: "Nobody has to be asked", From: []string{"New request"}, To: "In progress"},
		Transition{ID: "7", Name: "Never mind", From: []string{"New request"}, To: "Canceled", Customer: true},
	)
	return f
}

func defaultStatuses() []Status {
	return []Status{
		{ID: "10001", Name: "Waiting for approval", Category: "new"},
		{ID: "10002", Name: "Waiting for support", Category: "indeterminate"},
		{ID: "3", Name: "In progress", Category: "indeterminate"},
		{ID: "10004", Name: "Granted", Category: "indeterminate"},
		{ID: "10005", Name: "Needs attention", Category: "indeterminate"},
		{ID: "10006", Name: "Declined", Category: "done"},
		{ID: "10007", Name: "Canceled", Category: "done"},
		{ID: "6", Name: "Closed", Category: "done"},
	}
}

// FindStatus finds a status by its id or its name.
func (f *Workflow) FindStatus(nameOrID string) *Status {
	for i := range f.Statuses {
		if f.Statuses[i].ID == nameOrID || strings.EqualFold(f.Statuses[i].Name, nameOrID) {
			return &f.Statuses[i]
		}
	}
	return nil
}

// FindTransition finds a transition by its id.
func (f *Workflow) FindTransition(id string) *Transition {
	for i := range f.Transitions {
		if f.Transitions[i].ID == id {
			return &f.Transitions[i]
		}
	}
	return nil
}

// Offered lists the transitions that leave st by hand. The two transitions of
// an approval step belong to the approval and are not offered.
func (f *Workflow) Offered(st *Status) []*Transition {
	var out []*Transition
	for i := range f.Transitions {
		t := &f.Transitions[i]
		if slices.Contains(t.From, st.Name) && !st.reserves(t.ID) {
			out = append(out, t)
		}
	}
	return out
}

func (st *Status) reserves(transitionID string) bool {
	return st.Approval != nil &&
		(transitionID == st.Approval.TransitionApproved || transitionID == st.Approval.TransitionRejected)
}

func (t *Transition) screenField(id string) *ScreenField {
	for i := range t.Screen {
		if t.Screen[i].ID == id {
			return &t.Screen[i]
		}
	}
	return nil
}

// Category is the vendor's grouping of statuses.
type Category struct {
	ID               int
	Key, Name, Color string
}

// Categories are those the vendor has.
func Categories() []Category {
	return []Category{{2, "new", "To Do", "blue-gray"}, {4, "indeterminate", "In Progress", "yellow"}, {3, "done", "Done", "green"}}
}
