package issue

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
)

// assigneeKey is for what an issue needs somebody from an event on; "" for nothing.
func assigneeKey(c access.Case, e access.Event) string {
	switch e.Kind {
	case access.EventBreakGlass:
		return site.Emergency
	case access.EventStuck:
		return site.Stuck
	case access.EventRecorded, access.EventEnding:
		if c.Grant != nil && c.Grant.Manual {
			return site.Manual
		}
	}
	return ""
}

// assign assigns an issue that needs somebody, unless it is assigned already: to the first
// whom Jira takes. That nobody can be found or is taken keeps nothing else from being done.
func (r *recording) assign(ctx context.Context) error {
	key := assigneeKey(r.cs, r.e)
	who, said := r.s.Assignees[key]
	if key == site.Manual && !said {
		who = slices.Concat(r.cs.App.Fulfillers(), r.s.Assignees[site.Stuck])
	}
	if len(who) == 0 {
		return nil
	}
	var now struct {
		Fields struct{ Assignee *rest.User }
	}
	if err := r.w.api.Fetch(ctx, rest.GetIssue("see who the issue is assigned to", r.issue, "", url.Values{"fields": {"assignee"}}), &now); err != nil || now.Fields.Assignee != nil {
		return err
	}
	for _, address := range who {
		taken, err := r.assignTo(ctx, access.NewEmail(address))
		if taken || err != nil {
			return err
		}
	}
	r.w.api.Log().WarnContext(ctx, "An issue needs somebody, and none of those whom jira.assignees names can be assigned: give one of them an agent's role in the project, and Latchkey the permission to assign issues.",
		"issue", r.cs.Request.Issue.Key, "for", key)
	return nil
}

// assignTo assigns the issue to somebody; false if Jira knows no account of theirs, or does
// not take it.
func (r *recording) assignTo(ctx context.Context, who access.Email) (bool, error) {
	account, err := r.w.accounts.Account(ctx, access.Person{Email: who})
	if err != nil || account == "" {
		return false, err
	}
	err = r.w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(r.issue, "/assignee"), Body: map[string]any{"accountId": account}, What: "assign the issue"})
	if slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}, rest.StatusOf(err)) {
		return false, nil // no agent of this project, or Latchkey may not assign issues
	}
	return err == nil, err
}
