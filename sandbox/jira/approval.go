package jira

import (
	"net/http"
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
	pending  = "pending"
	approved = "approved"
	declined = "declined"
)

type approval struct {
	id        int
	status    *Status
	final     string
	approvers []approver
	created   time.Time
	completed time.Time
}

type approver struct{ account, decision string }

// openApproval creates the approval of the status the issue just entered.
func (w *world) openApproval(is *issue) {
	rule := is.status.Approval
	if rule == nil || !is.request {
		return
	}
	a := &approval{id: next(&w.seq.approval), status: is.status, final: pending, created: w.now()}
	a.list(is)
	is.approvals = append(is.approvals, a)
}

// list takes the approvers from the field; decisions already made stay.
func (a *approval) list(is *issue) {
	var out []approver
	listed, _ := is.custom[a.status.Approval.FieldID].([]string)
	for _, id := range listed {
		if known := a.approver(id); known != nil {
			out = append(out, *known)
		} else if !a.status.Approval.excludes(is, id) {
			out = append(out, approver{id, pending})
		}
	}
	a.approvers = out
}

// refreshApprovers follows an edit of the approvers field while the approval
// is open.
func (w *world) refreshApprovers(is *issue, fieldID string) {
	if a := is.openApproval(); a != nil && a.status.Approval.FieldID == fieldID {
		a.list(is)
	}
}

func (r *ApprovalRule) excludes(is *issue, id string) bool {
	return slices.Contains(r.Exclude, "reporter") && id == is.reporter ||
		slices.Contains(r.Exclude, "assignee") && id == is.assignee
}

func (a *approval) approver(id string) *approver {
	for i := range a.approvers {
		if a.approvers[i].account == id {
			return &a.approvers[i]
		}
	}
	return nil
}

// answerable tells whether the person may answer now: an approver who has not
// answered, while the approval is open and the issue still in its status.
func (a *approval) answerable(is *issue, id string) bool {
	me := a.approver(id)
	return me != nil && me.decision == pending && a.final == pending && a == is.openApproval()
}

func (is *issue) openApproval() *approval {
	if n := len(is.approvals); n > 0 && is.approvals[n-1].status == is.status && is.approvals[n-1].final == pending {
		return is.approvals[n-1]
	}
	return nil
}

func (is *issue) approval(id string) *approval {
	for _, a := range is.approvals {
		if strconv.Itoa(a.id) == id {
			return a
		}
	}
	return nil
}

// answer records the person's own decision and, when that completes the
// approval, runs its transition.
func (w *world) answer(is *issue, a *approval, person, decision string) error {
	me := a.approver(person)
	switch {
	case me == nil:
		return refuse(http.StatusForbidden, "You are not an approver of this request.")
	case a.final != pending || me.decision != pending:
		return refuse(http.StatusConflict, "The approval has already been answered or completed.")
	case a != is.openApproval():
		return refuse(http.StatusForbidden, "The request is no longer waiting for this approval.")
	}
	switch decision {
	case "approve":
		me.decision = approved
	case "decline":
		me.decision = declined
	default:
		return refuse(http.StatusBadRequest, "The decision must be either 'approve' or 'decline'.")
	}
	w.touch(is)
	return w.settle(is, a, person)
}

func (w *world) settle(is *issue, a *approval, person string) error {
	a.final = a.outcome()
	if a.final == pending {
		return nil
	}
	a.completed = w.now()
	id := a.status.Approval.TransitionApproved
	if a.final == declined {
		id = a.status.Approval.TransitionRejected
	}
	t := w.flow.transition(id)
	if t == nil {
		return nil
	}
	w.record(is, person, nil, w.enter(is, w.flow.status(t.To))...)
	return nil
}

// outcome applies the condition. One decline ends a "number" approval; a
// "percent" approval ends when its share can no longer be reached.
func (a *approval) outcome() string {
	yes, no := a.tally()
	rule, all := a.status.Approval, len(a.approvers)
	if rule.ConditionType == "percent" {
		switch {
		case yes*100 >= rule.ConditionValue*all:
			return approved
		case (all-no)*100 < rule.ConditionValue*all:
			return declined
		}
		return pending
	}
	switch {
	case no > 0:
		return declined
	case yes >= min(rule.ConditionValue, all):
		return approved
	}
	return pending
}

func (a *approval) tally() (yes, no int) {
	for _, p := range a.approvers {
		switch p.decision {
		case approved:
			yes++
		case declined:
			no++
		}
	}
	return yes, no
}
