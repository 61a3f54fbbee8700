package watch

import (
	"time"

	"latchkey/access"
	"latchkey/jira/site"
)

// votes are the answers that others gave to the issue's approvals.
func votes(s *site.Site, is issueAnswer) []access.Vote {
	var out []access.Vote
	for _, a := range field[[]site.Approval](is, s.ApprovalsField) {
		for _, one := range a.Approvers {
			if one.Approver.AccountID == s.AccountID || one.ApproverDecision != site.VotedYes && one.ApproverDecision != site.VotedNo {
				continue
			}
			v := access.Vote{ID: a.ID + "/" + one.Approver.AccountID, By: one.Approver.Account(), Yes: one.ApproverDecision == site.VotedYes}
			if a.CompletedDate.EpochMillis > 0 {
				v.At = time.UnixMilli(a.CompletedDate.EpochMillis).UTC()
			}
			out = append(out, v)
		}
	}
	return out
}
