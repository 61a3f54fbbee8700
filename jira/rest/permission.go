package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"latchkey/access"
)

// The permissions that calls take (Call.Needs).
const (
	AddComments      = "ADD_COMMENTS"
	BrowseProjects   = "BROWSE_PROJECTS"
	AttachFiles      = "CREATE_ATTACHMENTS"
	EditIssues       = "EDIT_ISSUES"
	LinkIssues       = "LINK_ISSUES"
	TransitionIssues = "TRANSITION_ISSUES"
)

// Permissions tells which of the permissions in a project the account has. What Jira
// does not mention is not in the answer.
func (c *Client) Permissions(ctx context.Context, project string, wanted ...string) (map[string]bool, error) {
	var answer struct {
		Permissions map[string]struct{ HavePermission bool }
	}
	query := url.Values{"projectKey": {project}, "permissions": {strings.Join(wanted, ",")}}
	if err := c.Fetch(ctx, Get("tell what Latchkey may do in project "+project, "rest/api/3/mypermissions", query), &answer); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for name, p := range answer.Permissions {
		out[name] = p.HavePermission
	}
	return out, nil
}

// denied finds out whether a call was refused because a permission is missing. Jira
// answers that, by the call, as it does what makes no sense or is not there, and its
// words are in the site's language. What was denied goes on by itself when the
// permission is there again; what was refused for other reasons waits for a human. The
// permission may have come back after the refusal: again asks to make the call once more,
// now that it is known to be there.
func (c *Client) denied(ctx context.Context, k Call, refusal error) (_ error, again bool) {
	if k.Needs == "" || !slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound}, StatusOf(refusal)) {
		return refusal, false
	}
	missing, has := c.Missing(ctx, k.Needs, k.What)
	if missing != nil {
		missing.Err = refusal
		return missing, false
	}
	return refusal, has
}

// Missing is the failure that the account lacks a permission in the project, at this
// moment; nil unless Jira says so. has is that it has it, by Jira's word.
func (c *Client) Missing(ctx context.Context, permission, what string) (missing *access.Failure, has bool) {
	all, err := c.Permissions(ctx, c.cfg.Project, permission)
	if have, said := all[permission]; err != nil || !said || have {
		return nil, err == nil && have
	}
	return &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf("Jira did not let Latchkey %s: give %s the permission %s in project %s", what, c.AccountName(), permission, c.cfg.Project)}, false
}
