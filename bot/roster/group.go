package roster

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/bot/webapi"
	"latchkey/workflow/people"
)

var _ people.UserGroups = (*Roster)(nil)

// calledFor is how long it is believed what user groups are called. Who is in them is read
// each time.
const calledFor = time.Hour

// handles are what user groups are called, by id.
type handles struct {
	all   map[string]string
	until time.Time
}

// UserGroup implements people.UserGroups. See
// docs.slack.dev/reference/methods/usergroups.users.list.
func (r *Roster) UserGroup(ctx context.Context, id string) ([]string, error) {
	accounts, err := r.api.GetUserGroupMembersContext(webapi.WithoutWaiting(ctx), id)
	switch webapi.Code(err) {
	case "":
	case "no_such_subteam":
		return nil, &access.Failure{Class: access.Rejected, Err: err, Sentence: "No user group in use has the id " + id + ": switch it on again in Slack, or name another one in the route"}
	case "plan_upgrade_required":
		return nil, &access.Failure{Class: access.Rejected, Err: err, Sentence: "The workspace's plan has no user groups, so nobody can be found by " + id + ": name other approvers in the route"}
	}
	if err != nil {
		return nil, webapi.Failure(err, webapi.Call{What: "read who is in the user group " + id, Scope: "usergroups:read"})
	}
	r.renumbered(ctx, accounts)
	r.mu.Lock()
	for i := range accounts {
		accounts[i] = r.ids.current(accounts[i])
	}
	r.mu.Unlock()
	return accounts, nil
}

// UserGroupCalled implements people.UserGroups. It is for sentences only.
func (r *Roster) UserGroupCalled(ctx context.Context, id string) string {
	r.mu.Lock()
	known := r.groups
	r.mu.Unlock()
	if r.now().After(known.until) {
		all, err := r.api.GetUserGroupsContext(webapi.WithoutWaiting(ctx))
		if err != nil {
			return at(known.all[id])
		}
		known = handles{map[string]string{}, r.now().Add(calledFor)}
		for _, g := range all {
			known.all[g.ID] = g.Handle
		}
		r.mu.Lock()
		r.groups = known
		r.mu.Unlock()
	}
	return at(known.all[id])
}

func at(handle string) string {
	if handle == "" {
		return ""
	}
	return "@" + handle
}
