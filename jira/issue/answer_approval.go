package issue

import (
	"context"

	"latchkey/access"
	"latchkey/jira/site"
	"latchkey/jira/transition"
)

// answerApproval lets a decision into Jira's own approval before the issue is moved on
// from where it waits. It reports whether Latchkey answered.
func (r *recording) answerApproval(ctx context.Context, w *transition.Walk) (bool, error) {
	yes := w.Key != site.Denied
	if r.s.ApproversField == "" || w.At != r.s.Statuses[site.Pending].ID || w.At == w.Target.ID || w.Key == site.Cancelled {
		return false, nil
	}
	answered, err := r.w.approvals.answer(ctx, r.issue, yes)
	if err != nil || !answered {
		return false, err
	}
	return true, w.Refresh(ctx)
}

// mayEnterPending tells whether the record may take the issue to where it waits for an
// answer. With Jira's own approvals that opens one, so the approvers have to be
// named first: only the event that names them does it.
func (r *recording) mayEnterPending() bool {
	return r.s.ApproversField == "" || r.e.Kind == access.EventApproversAsked || r.e.Kind == access.EventIssueDrift
}

// askedPeople are those whose answer the case waits for.
func askedPeople(c access.Case) []access.Person {
	if c.Request.State != access.RequestPending || c.Request.Stage >= len(c.Request.Stages) {
		return nil
	}
	var out []access.Person
	for _, who := range c.Request.Stages[c.Request.Stage].Asked {
		out = append(out, c.Person(who))
	}
	return out
}
