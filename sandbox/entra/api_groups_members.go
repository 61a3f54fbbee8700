package entra

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/entra/world"
)

// memberships are who is in a group that a call names, or the refusal: who is in one with hidden membership is told with
// a permission of its own.
func (s *Server) memberships(c *call) ([]*world.Membership, *reply) {
	g := c.state.GroupAt(s.understood(c.PathValue("id")), c.at)
	var refused reply
	switch {
	case g == nil:
		refused = notFound(c.PathValue("id"))
	case g.Hidden && !c.may("Member.Read.Hidden"):
		refused = denied()
	default:
		return c.state.MembersAt(g, c.at), nil
	}
	return nil, &refused
}

// listMembers shows all kinds of members; service principals only in an advanced query, and users as stubs to whoever
// may not read them.
func (s *Server) listMembers(c *call) reply {
	all, refused := s.memberships(c)
	if refused != nil {
		return *refused
	}
	if len(c.selected) > 0 {
		return s.refuse(c.Request, "$select of members of all kinds")
	}
	var shown []*world.Membership
	for _, m := range all {
		if m.Kind != world.KindApp || c.counted {
			shown = append(shown, m)
		}
	}
	page, next := pageOf(c, shown, func(m *world.Membership) int64 { return m.Seq })
	items := make([]any, len(page))
	for i, m := range page {
		items[i] = c.member(m)
	}
	return collection(c, "directoryObjects", items, next, len(shown))
}

func (c *call) member(m *world.Membership) map[string]any {
	if u := c.state.UserAt(m.ID, c.at); m.Kind == world.KindUser && u != nil {
		return c.typedOrStub(m.Kind, projected(userJSON(u), nil, standardUser()), readUsers())
	}
	if g := c.state.GroupAt(m.ID, c.at); m.Kind == world.KindGroup && g != nil {
		return typed(m.Kind, projected(groupJSON(g), nil, standardGroup()))
	}
	return typed(m.Kind, map[string]any{"id": m.ID, "deletedDateTime": nil})
}

func (s *Server) listUserMembers(c *call) reply {
	all, refused := s.memberships(c)
	if refused != nil {
		return *refused
	}
	var users []*world.Membership
	for _, m := range all {
		if m.Kind == world.KindUser {
			users = append(users, m)
		}
	}
	return s.userMembers(c, users)
}

// userMembers are members that are users, with the properties that were asked for.
func (s *Server) userMembers(c *call, users []*world.Membership) reply {
	if slices.Contains(c.selected, "signInActivity") {
		return s.refuse(c.Request, "sign-ins in a list of members")
	}
	if refused := s.userSelection(c); refused != nil {
		return *refused
	}
	page, next := pageOf(c, users, func(m *world.Membership) int64 { return m.Seq })
	var items = []any{}
	for _, m := range page {
		if u := c.state.UserAt(m.ID, c.at); u != nil && c.may(readUsers()...) {
			items = append(items, shownUser(c, u))
		} else {
			items = append(items, map[string]any{"id": m.ID})
		}
	}
	answer := collection(c, "users", items, next, len(users))
	if body, is := answer.body.(map[string]any); is && body["@odata.count"] != nil {
		delete(body, "@odata.count")
		if n, said := s.Said(c.PathValue("id"), len(users)); said {
			body["@odata.count"] = n
		}
	}
	return answer
}

// listTransitiveMembers shows who is in a group also by way of groups in it.
func (s *Server) listTransitiveMembers(c *call) reply {
	if _, refused := s.memberships(c); refused != nil {
		return *refused
	}
	return s.userMembers(c, c.state.AllMembersAt(s.understood(c.PathValue("id")), c.at))
}

func (s *Server) listGroupMembers(c *call) reply {
	all, refused := s.memberships(c)
	if refused != nil {
		return *refused
	}
	if refused := s.selectable(c, groupJSON(&world.LiveGroup{})); refused != nil {
		return *refused
	}
	var groups []*world.LiveGroup
	for _, m := range all {
		if g := c.state.GroupAt(m.ID, c.at); m.Kind == world.KindGroup && g != nil {
			groups = append(groups, g)
		}
	}
	page, next := pageOf(c, groups, func(g *world.LiveGroup) int64 { return g.Seq })
	items := make([]any, len(page))
	for i, g := range page {
		items[i] = projected(groupJSON(g), c.selected, standardGroup())
	}
	return collection(c, "groups", items, next, len(groups))
}

// editable finds the group of a membership change, or the refusal. A rule and a missing permission are refused in the
// same words.
func (s *Server) editable(c *call) (*world.LiveGroup, *reply) {
	g := c.state.GroupAt(c.PathValue("id"), c.at)
	var r reply
	switch {
	case g == nil:
		r = notFound(c.PathValue("id"))
	case g.Rule != "", g.Restricted, g.RoleAssignable && !c.may("RoleManagement.ReadWrite.Directory"):
		r = denied()
	case g.Synced:
		r = badRequest("Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.")
	case g.MailEnabled && !g.Unified:
		r = badRequest("Cannot Update a mail-enabled security groups and or distribution list.")
	default:
		return g, nil
	}
	return nil, &r
}

func (s *Server) addMember(c *call) reply {
	var body map[string]string
	if err := json.NewDecoder(c.Body).Decode(&body); err != nil {
		return badRequest("Unable to read JSON request payload.")
	}
	id, isRef := strings.CutPrefix(body["@odata.id"], graphHost+"/v1.0/directoryObjects/")
	if !isRef || len(body) != 1 {
		return s.refuse(c.Request, "a reference such as "+body["@odata.id"])
	}
	g, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	u := c.state.UserAt(id, c.at)
	if u == nil || u.ID != id {
		return notFound(id)
	}
	if !c.state.AddMember(g, id, world.KindUser) {
		return badRequest("One or more added object references already exist for the following modified properties: 'members'.")
	}
	return reply{status: http.StatusNoContent}
}

func (s *Server) removeMember(c *call) reply {
	g, refused := s.editable(c)
	if refused != nil {
		return *refused
	}
	if !c.state.RemoveMember(g, c.PathValue("member")) {
		return notFound(c.PathValue("member"))
	}
	return reply{status: http.StatusNoContent}
}

// deleteObject is what the call does in life that leaves /$ref out: it deletes the account itself.
func (s *Server) deleteObject(c *call) reply {
	c.state.DeleteObject(c.PathValue("member"))
	return reply{status: http.StatusNoContent, violation: fmt.Sprintf("%s deletes the account, not the membership", c.URL.Path)}
}
