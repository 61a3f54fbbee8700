package entra

import (
	"slices"

	"latchkey/sandbox/entra/world"
)

// groupJSON is everything of a group that is modelled. What is not so is null in an ordinary group, not false.
func groupJSON(g *world.LiveGroup) map[string]any {
	rule, processing, visibility := any(nil), any(nil), any(nil)
	if g.Rule != "" {
		rule, processing = g.Rule, "On"
	}
	if g.Hidden {
		visibility = "HiddenMembership"
	}
	return map[string]any{
		"id": g.ID, "displayName": g.Name, "description": text(g.Description), "groupTypes": g.Kinds(), "mailEnabled": g.MailEnabled || g.Unified,
		"mailNickname": "sandbox", "securityEnabled": !g.Unified, "membershipRule": rule, "membershipRuleProcessingState": processing,
		"isAssignableToRole": flag(g.RoleAssignable), "onPremisesSyncEnabled": flag(g.Synced), "visibility": visibility,
		"createdDateTime": stamp(g.Created), "deletedDateTime": stamp(g.Deleted), "isManagementRestricted": flag(g.Restricted),
	}
}

// standardGroup are the properties of a group that Graph tells unless others are asked for; whether it is in a
// restricted administrative unit is not among them.
func standardGroup() []string {
	var names []string
	for name := range groupJSON(&world.LiveGroup{}) {
		if name != "isManagementRestricted" {
			names = append(names, name)
		}
	}
	return names
}

func (s *Server) listGroups(c *call) reply {
	if c.URL.Query().Has("$orderby") {
		return s.refuse(c.Request, "sorting of groups")
	}
	if refused := s.selectable(c, groupJSON(&world.LiveGroup{})); refused != nil {
		return *refused
	}
	match, refused := s.matching(c, world.GroupProperties())
	if refused != nil {
		return *refused
	}
	hits := slices.DeleteFunc(c.state.GroupsAt(c.at), func(g *world.LiveGroup) bool { return !match(g.Attribute) })
	page, next := pageOf(c, hits, func(g *world.LiveGroup) int64 { return g.Seq })
	items := make([]any, len(page))
	for i, g := range page {
		items[i] = projected(groupJSON(g), c.selected, standardGroup())
	}
	return collection(c, "groups", items, next, len(hits))
}

func (s *Server) getGroup(c *call) reply {
	g := c.state.GroupAt(s.understood(c.PathValue("id")), c.at)
	if g == nil {
		return notFound(c.PathValue("id"))
	}
	if refused := s.selectable(c, groupJSON(&world.LiveGroup{})); refused != nil {
		return *refused
	}
	return entity(c, "groups", projected(groupJSON(g), c.selected, standardGroup()))
}

// groupList is groups as members of a list of all sorts of objects.
func (s *Server) groupList(c *call, groups []*world.LiveGroup) reply {
	page, next := pageOf(c, groups, func(g *world.LiveGroup) int64 { return g.Seq })
	items := make([]any, len(page))
	for i, g := range page {
		items[i] = typed(world.KindGroup, projected(groupJSON(g), c.selected, standardGroup()))
	}
	return collection(c, "directoryObjects", items, next, len(groups))
}

// listGroupMemberOf is the groups that a group is in, and the directory roles that it carries. Who may not see roles
// gets stubs of them.
func (s *Server) listGroupMemberOf(c *call) reply {
	g := c.state.GroupAt(s.understood(c.PathValue("id")), c.at)
	if g == nil {
		return notFound(c.PathValue("id"))
	}
	answer := s.groupList(c, c.state.JoinedAt(g.ID, c.at))
	body, _ := answer.body.(map[string]any)
	items, _ := body["value"].([]any)
	for i, role := range g.Roles {
		full := map[string]any{"id": roleID(role, i), "displayName": role, "description": role, "roleTemplateId": roleID(role, i), "deletedDateTime": nil}
		items = append(items, c.typedOrStub(world.KindRole, full, readRoles()))
	}
	body["value"] = items
	return answer
}

func typed(kind string, item map[string]any) map[string]any {
	item["@odata.type"] = "#microsoft.graph." + kind
	return item
}

// typedOrStub is an object of a list of all sorts, without more than its id where the token has no permission for its
// kind.
func (c *call) typedOrStub(kind string, full map[string]any, needs []string) map[string]any {
	if c.may(needs...) {
		return typed(kind, full)
	}
	stub := map[string]any{"id": full["id"]}
	for name, value := range full {
		if _, isList := value.([]string); isList {
			stub[name] = []string{}
		} else if name != "id" {
			stub[name] = nil
		}
	}
	return typed(kind, stub)
}
