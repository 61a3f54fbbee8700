package issue

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
)

// approvals deals with Jira's own approvals.
type approvals struct {
	api      *rest.Client
	accounts *site.Accounts
}

// name writes those who may decide into the field that Jira's approvals
// read. Latchkey's account is one of them: Jira lets nobody answer for somebody
// else, so this is the only way for an answer given in Slack to get there. It
// has to be done before the issue enters the status.
func (a approvals) name(ctx context.Context, s *site.Site, issue string, who []access.Person) error {
	refs := []map[string]string{{"accountId": s.AccountID}}
	for _, p := range who {
		id, err := a.accounts.Account(ctx, p)
		if err != nil {
			return err
		}
		if id != "" && id != s.AccountID {
			refs = append(refs, map[string]string{"accountId": id})
		}
	}
	return a.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(issue), Needs: rest.EditIssues, What: "name the approvers",
		Body: map[string]any{"fields": map[string]any{s.ApproversField: refs}}})
}

// answer passes on a decision: it answers the open approval with
// Latchkey's own account, where that is one of the approvers. Jira then moves
// the issue by itself. It reports whether there was anything to answer. Somebody
// who was faster is no failure.
func (a approvals) answer(ctx context.Context, issue string, yes bool) (bool, error) {
	path := "rest/servicedeskapi/request/" + url.PathEscape(issue) + "/approval"
	all, err := a.all(ctx, path)
	if rest.StatusOf(err) == http.StatusNotFound {
		return false, nil // not a customer request any more, so it has none
	}
	if err != nil {
		return false, err
	}
	decision := "decline"
	if yes {
		decision = "approve"
	}
	for _, open := range all {
		if open.FinalDecision != site.Undecided || !open.CanAnswerApproval {
			continue
		}
		err := a.api.Send(ctx, rest.Call{Method: http.MethodPost, Path: path + "/" + url.PathEscape(open.ID), What: "answer the approval",
			Body: map[string]string{"decision": decision}})
		if rest.StatusOf(err) == http.StatusConflict {
			return true, nil // answered or completed meanwhile
		}
		return err == nil, err
	}
	return false, nil
}

// all reads the approvals of an issue, those of earlier rounds included.
func (a approvals) all(ctx context.Context, path string) (out []site.Approval, err error) {
	pages := rest.Pages{What: "read the approvals of the issue"}
	for {
		var page struct {
			Values     []site.Approval
			IsLastPage bool
		}
		query := url.Values{"start": {strconv.Itoa(len(out))}, "limit": {"50"}}
		k := rest.Get(pages.What, path, query)
		k.Needs = rest.BrowseProjects // of what can't be seen Jira says "not found", too
		if err := a.api.Fetch(ctx, k, &page); err != nil {
			return nil, err
		}
		var here []string
		for _, one := range page.Values {
			here = append(here, one.ID)
		}
		if out = append(out, page.Values...); page.IsLastPage || len(page.Values) < 50 {
			return out, nil
		}
		if err := pages.Turn(here, ""); err != nil {
			return nil, err
		}
	}
}
