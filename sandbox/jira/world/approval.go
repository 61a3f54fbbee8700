package world

import (
	"slices"
	"strconv"
	"time"
)

// ApprovalRule is the approval configuration of a status. Fields are those of
// the vendor's ApprovalConfiguration: ConditionType "number" or "percent",
// FieldID the approvers field, Exclude any of "reporter" and "assignee", and
// the ids of the two transitions that run by themselves.
type ApprovalRule struct {
	ConditionType      string
	ConditionValue     int
	FieldID            string
	Exclude            []string
	TransitionApproved string
	TransitionRejected string
}

// Decisions as they are read; they are written "approve" and "decline".
const (
	Pending  = "pending"
	approved = "approved"
	declined = "declined"
)

// LiveApproval is the approval of one stay in a status; Final is the outcome.
type LiveApproval struct {
	ID        int
	Status    *Status
	Final     string
	Approvers []Approver
	Created   time.Time
	Completed time.Time
}

// Approver is somebody who is asked, by account id, and the answer.
type Approver struct{ Account, Decision string }

// openApproval creates the approval of the status the issue just entered.
func (s *State) openApproval(is *LiveIssue) {
	rule := is.Status.Approval
	if rule == nil || !is.Request {
		return
	}
	a := &LiveApproval{ID: next(&s.seq.approval), Status: is.Status, Final: Pending, Created: s.Now()}
	a.list(is)
	is.Approvals = append(is.Approvals, a)
}

// list takes the approvers from the field; decisions already made stay.
func (a *LiveApproval) list(is *LiveIssue) {
	var out []Approver
	listed, _ := is.custom[a.Status.Approval.FieldID].([]string)
	for _, id := range listed {
		if known := a.Approver(id); known != nil {
			out = append(out, *known)
		} else if !a.Status.Approval.excludes(is, id) {
			out = append(out, Approver{id, Pending})
		}
	}
	a.Approvers = out
}

// refreshApprovers follows an edit of the approvers field while the approval
// is open.
func (s *State) refreshApprovers(is *LiveIssue, fieldID string) {
	if a := is.openApproval(); a != nil && a.Status.Approval.FieldID == fieldID {
		a.list(is)
	}
}

func (r *ApprovalRule) excludes(is *LiveIssue, id string) bool {
	return slices.Contains(r.Exclude, "reporter") && id == is.Reporter ||
		slices.Contains(r.Exclude, "assignee") && id == is.assignee
}

// Approver finds a person among those who are asked; nil if not there.
func (a *LiveApproval) Approver(id string) *Approver {
	for i := range a.Approvers {
		if a.Approvers[i].Account == id {
			return &a.Approvers[i]
		}
	}
	return nil
}

// Answerable tells whether the person may answer now: an approver who has not
// answered, while the approval is open and the issue still in its status.
func (a *LiveApproval) Answerable(is *LiveIssue, id string) bool {
	me := a.Approver(id)
	return me != nil && me.Decision == Pending && a.Final == Pending && a == is.openApproval()
}

func (is *LiveIssue) openApproval() *LiveApproval {
	if n := len(is.Approvals); n > 0 && is.Approvals[n-1].Status == is.Status && is.Approvals[n-1].Final == Pending {
		return is.Approvals[n-1]
	}
	return nil
}

// FindApproval finds an approval by its id.
func (is *LiveIssue) FindApproval(id string) *LiveApproval {
	for _, a := range is.Approvals {
		if strconv.Itoa(a.ID) == id {
			return a
		}
	}
	return nil
}

// AnswerApproval records the person's own decision and, when that completes the
// approval, runs its transition.
func (s *State) AnswerApproval(is *LiveIssue, a *LiveApproval, person, decision string) error {
	me := a.Approver(person)
	switch {
	case me == nil:
		return forbidden("You are not an approver of this request.")
	case a.Final != Pending || me.Decision != Pending:
		return conflicting("The approval has already been answered or completed.")
	case a != is.openApproval():
		return forbidden("The request is no longer waiting for this approval.")
	}
	switch decision {
	case "approve":
		me.Decision = approved
	case "decline":
		me.Decision = declined
	default:
		return invalid("The decision must be either 'approve' or 'decline'.")
	}
	s.touch(is)
	return s.conclude(is, a, person)
}

func (s *State) conclude(is *LiveIssue, a *LiveApproval, person string) error {
	a.Final = a.outcome()
	if a.Final == Pending {
		return nil
	}
	a.Completed = s.Now()
	id := a.Status.Approval.TransitionApproved
	if a.Final == declined {
		id = a.Status.Approval.TransitionRejected
	}
	t := s.Workflow.FindTransition(id)
	if t == nil {
		return nil
	}
	s.LogChange(is, person, nil, s.enter(is, s.Workflow.FindStatus(t.To))...)
	return nil
}

// outcome applies the condition. One decline ends a "number" approval; a
// "percent" approval ends when its share can no longer be reached.
func (a *LiveApproval) outcome() string {
	yes, no := a.tally()
	rule, all := a.Status.Approval, len(a.Approvers)
	if rule.ConditionType == "percent" {
		switch {
		case yes*100 >= rule.ConditionValue*all:
			return approved
		case (all-no)*100 < rule.ConditionValue*all:
			return declined
		}
		return Pending
	}
	switch {
	case no > 0:
		return declined
	case yes >= min(rule.ConditionValue, all):
		return approved
	}
	return Pending
}

func (a *LiveApproval) tally() (yes, no int) {
	for _, p := range a.Approvers {
		switch p.Decision {
		case approved:
			yes++
		case declined:
			no++
		}
	}
	return yes, no
}
