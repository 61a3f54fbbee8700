package jira

import (
	"net/http"
	"slices"
	"strconv"
)

func (c *call) deskComment(is *issue, m *comment) obj {
	id := strconv.Itoa(m.id)
	return obj{"_expands": []string{"attachment", "renderedBody"}, "id": id, "body": m.body.wiki, "public": m.public,
		"author": c.deskUser(m.author), "created": c.date(m.created),
		"_links": obj{"self": c.deskAPI() + "/request/" + strconv.Itoa(is.id) + "/comment/" + id}}
}

// visible tells whether the caller may read the comment: customers read public
// ones only.
func (c *call) visible(m *comment) bool { return m.public || c.who.Agent }

func (c *call) deskComments(is *issue) []any {
	out := []any{}
	for _, m := range is.comments {
		hidden := m.public && c.query.Get("public") == "false" || !m.public && c.query.Get("internal") == "false"
		if c.visible(m) && !hidden {
			out = append(out, c.deskComment(is, m))
		}
	}
	return out
}

// getRequestComments answers callers without access with an empty page, not an
// error.
func getRequestComments(c *call) (reply, error) {
	is, err := c.pathRequest()
	if p, refused := err.(*problem); refused && p.status == http.StatusForbidden {
		return c.deskPage(nil)
	}
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.deskComments(is))
}

func getRequestComment(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	m := is.comment(c.vars["commentId"])
	if m == nil || !c.visible(m) {
		return reply{}, noComment(c.vars["commentId"])
	}
	return ok(c.deskComment(is, m)), nil
}

func postRequestComment(c *call) (reply, error) {
	is, err := c.writeRequest()
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Body   string `json:"body"`
		Public *bool  `json:"public"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	switch {
	case in.Public == nil:
		return reply{}, refuse(http.StatusBadRequest, "The 'public' field must be specified.")
	case in.Body == "":
		return reply{}, refuse(http.StatusBadRequest, "Comment body can not be empty!")
	case !*in.Public && !c.who.Agent:
		return reply{}, refuse(http.StatusForbidden, "You do not have permission to add internal comments.")
	}
	body, err := fromWiki(in.Body)
	if err != nil {
		return reply{}, err
	}
	return created(c.deskComment(is, c.w.addComment(is, c.who.AccountID, body, *in.Public, visibility(*in.Public)))), nil
}

// visibility is the property that mirrors a comment's public flag.
func visibility(public bool) []property {
	if public {
		return []property{{Key: publicProperty, Value: []byte(`{"internal":false}`)}}
	}
	return []property{{Key: publicProperty, Value: []byte(`{"internal":true}`)}}
}

func getParticipants(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.deskUsers(is.participants))
}

func addParticipants(c *call) (reply, error)    { return c.setParticipants(true) }
func removeParticipants(c *call) (reply, error) { return c.setParticipants(false) }

func (c *call) setParticipants(add bool) (reply, error) {
	is, err := c.writeRequest()
	if err != nil {
		return reply{}, err
	}
	var in accountIDs
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	for _, id := range in.AccountIDs {
		if c.w.accounts[id] == nil {
			return reply{}, refuse(http.StatusBadRequest, "Unable to find user with account ID: %s", id)
		}
	}
	for _, id := range in.AccountIDs {
		is.participants = slices.DeleteFunc(is.participants, func(p string) bool { return p == id })
		if add {
			is.participants = append(is.participants, id)
		}
	}
	c.w.touch(is)
	return c.deskPage(c.deskUsers(is.participants))
}

// approval renders an approval. completedDate is absent while it is pending.
func (c *call) approval(is *issue, a *approval) obj {
	approvers := []any{}
	for _, p := range a.approvers {
		approvers = append(approvers, obj{"approver": c.deskUser(p.account), "approverDecision": p.decision})
	}
	id := strconv.Itoa(a.id)
	out := obj{"id": id, "name": a.status.Name, "finalDecision": a.final, "approvers": approvers,
		"canAnswerApproval": c.who != nil && a.answerable(is, c.who.AccountID), "createdDate": c.date(a.created),
		"_links": obj{"self": c.deskAPI() + "/request/" + strconv.Itoa(is.id) + "/approval/" + id}}
	if !a.completed.IsZero() {
		out["completedDate"] = c.date(a.completed)
	}
	return out
}

func (c *call) approvalList(is *issue) []any {
	out := []any{}
	for _, a := range is.approvals {
		out = append(out, c.approval(is, a))
	}
	return out
}

func getApprovals(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.approvalList(is))
}

func (c *call) pathApproval(find func() (*issue, error)) (*issue, *approval, error) {
	is, err := find()
	if err != nil {
		return nil, nil, err
	}
	a := is.approval(c.vars["approvalId"])
	if a == nil {
		return nil, nil, &problem{status: http.StatusNotFound, message: "The approval does not exist.", i18n: "sd.approval.error.not.found"}
	}
	return is, a, nil
}

func getApproval(c *call) (reply, error) {
	is, a, err := c.pathApproval(c.pathRequest)
	if err != nil {
		return reply{}, err
	}
	return ok(c.approval(is, a)), nil
}

// answerApproval answers for the caller and nobody else.
func answerApproval(c *call) (reply, error) {
	is, a, err := c.pathApproval(c.writeRequest)
	if err != nil {
		return reply{}, err
	}
	var in struct {
		Decision string `json:"decision"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if err := c.w.answer(is, a, c.who.AccountID, in.Decision); err != nil {
		return reply{}, err
	}
	return ok(c.approval(is, a)), nil
}
