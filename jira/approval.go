package jira

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"latchkey/access"
)

// approval is one of Jira's own (service desk API, "Approval"). Decisions read
// approved, declined or pending; they are written approve and decline.
type approval struct {
	ID                string
	FinalDecision     string
	CanAnswerApproval bool
	CompletedDate     struct{ EpochMillis int64 }
	Approvers         []struct {
		Approver         user
		ApproverDecision string
	}
}

const (
	votedYes  = "approved"
	votedNo   = "declined"
	undecided = "pending"
)

// votes are the answers that others gave to the issue's approvals.
func (s *site) votes(is seenIssue) []access.Vote {
	var out []access.Vote
	for _, a := range field[[]approval](is, s.approvals) {
		for _, one := range a.Approvers {
			if one.Approver.AccountID == s.me || one.ApproverDecision != votedYes && one.ApproverDecision != votedNo {
				continue
			}
			v := access.Vote{ID: a.ID + "/" + one.Approver.AccountID, By: one.Approver.account(), Yes: one.ApproverDecision == votedYes}
			if a.CompletedDate.EpochMillis > 0 {
				v.At = time.UnixMilli(a.CompletedDate.EpochMillis).UTC()
			}
			out = append(out, v)
		}
	}
	return out
}

// nameApprovers writes those who may decide into the field that Jira's approvals
// read. Latchkey's account is one of them: Jira lets nobody answer for somebody
// else, so this is the only way for an answer given in Slack to get there. It
// has to be done before the issue enters the status.
func (c *Client) nameApprovers(ctx context.Context, s *site, issue string, who []access.Person) error {
	refs := []map[string]string{{"accountId": s.me}}
	for _, p := range who {
		id, err := c.accountOf(ctx, p)
		if err != nil {
			return err
		}
		if id != "" && id != s.me {
			refs = append(refs, map[string]string{"accountId": id})
		}
	}
	return c.tell(ctx, call{method: http.MethodPut, path: issuePath(issue), what: "name the approvers",
		in: map[string]any{"fields": map[string]any{s.approvers: refs}}})
}

// answerApproval passes on a decision: it answers the open approval with
// Latchkey's own account, where that is one of the approvers. Jira then moves
// the issue by itself. It reports whether there was anything to answer. Somebody
// who was faster is no failure.
func (c *Client) answerApproval(ctx context.Context, issue string, yes bool) (bool, error) {
	var page struct{ Values []approval }
	path := "rest/servicedeskapi/request/" + url.PathEscape(issue) + "/approval"
	err := c.ask(ctx, get("read the approvals of the issue", path, url.Values{"limit": {"50"}}), &page)
	if status(err) == http.StatusNotFound {
		return false, nil // not a customer request any more, so it has none
	}
	if err != nil {
		return false, err
	}
	decision := "decline"
	if yes {
		decision = "approve"
	}
	for _, a := range page.Values {
		if a.FinalDecision != undecided || !a.CanAnswerApproval {
			continue
		}
		err := c.tell(ctx, call{method: http.MethodPost, path: path + "/" + url.PathEscape(a.ID), what: "answer the approval",
			in: map[string]string{"decision": decision}})
		if status(err) == http.StatusConflict {
			return true, nil // answered or completed meanwhile
		}
		return err == nil, err
	}
	return false, nil
}

// answers lets a decision into Jira's own approval before the issue is moved on
// from where it waits. It reports whether Latchkey answered.
func (r *record) answers(ctx context.Context, w *walk) (bool, error) {
	yes := w.key != Declined
	if r.s.approvers == "" || w.at != r.s.statuses[Pending].ID || w.at == w.target.ID || w.key == Withdrawn {
		return false, nil
	}
	answered, err := r.c.answerApproval(ctx, r.issue, yes)
	if err != nil || !answered {
		return false, err
	}
	return true, w.look(ctx)
}

// mayWait tells whether the record may take the issue to where it waits for an
// answer. With Jira's own approvals that opens one, so the approvers have to be
// named first: only the event that names them does it.
func (r *record) mayWait() bool {
	return r.s.approvers == "" || r.e.Kind == access.EventApproversAsked || r.e.Kind == access.EventIssueDrift
}

// asks are those whose answer the case waits for.
func asks(c access.Case) []access.Person {
	if c.Request.State != access.RequestPending || c.Request.Stage >= len(c.Request.Stages) {
		return nil
	}
	var out []access.Person
	for _, who := range c.Request.Stages[c.Request.Stage].Asked {
		out = append(out, c.Person(who))
	}
	return out
}
