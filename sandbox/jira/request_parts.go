package jira

import (
	"strconv"

	"latchkey/sandbox/jira/world"
)

func (c *call) deskComment(is *world.LiveIssue, m *world.LiveComment) obj {
	id := strconv.Itoa(m.ID)
	return obj{"_expands": []string{"attachment", "renderedBody"}, "id": id, "body": m.Body.Wiki, "public": m.Public,
		"author": c.deskUser(m.Author), "created": c.date(m.Created),
		"_links": obj{"self": c.deskAPI() + "/request/" + strconv.Itoa(is.ID) + "/comment/" + id}}
}

// visible tells whether the caller may read the comment: customers read public
// ones only.
func (c *call) visible(m *world.LiveComment) bool { return m.Public || c.who.Agent }

func (c *call) deskComments(is *world.LiveIssue) []any {
	out := []any{}
	for _, m := range is.Comments {
		hidden := m.Public && c.query.Get("public") == "false" || !m.Public && c.query.Get("internal") == "false"
		if c.visible(m) && !hidden {
			out = append(out, c.deskComment(is, m))
		}
	}
	return out
}

// approval renders an approval. completedDate is absent while it is pending.
func (c *call) approval(is *world.LiveIssue, a *world.LiveApproval) obj {
	approvers := []any{}
	for _, p := range a.Approvers {
		approvers = append(approvers, obj{"approver": c.deskUser(p.Account), "approverDecision": p.Decision})
	}
	id := strconv.Itoa(a.ID)
	out := obj{"id": id, "name": a.Status.Name, "finalDecision": a.Final, "approvers": approvers,
		"canAnswerApproval": c.who != nil && a.Answerable(is, c.who.AccountID), "createdDate": c.date(a.Created),
		"_links": obj{"self": c.deskAPI() + "/request/" + strconv.Itoa(is.ID) + "/approval/" + id}}
	if !a.Completed.IsZero() {
		out["completedDate"] = c.date(a.Completed)
	}
	return out
}

func (c *call) approvalList(is *world.LiveIssue) []any {
	out := []any{}
	for _, a := range is.Approvals {
		out = append(out, c.approval(is, a))
	}
	return out
}
