package entra

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"latchkey/sandbox/entra/world"
)

func appJSON(a *world.LiveApp) map[string]any {
	roles := []any{}
	for _, id := range slices.Sorted(maps.Keys(a.Roles)) {
		roles = append(roles, map[string]any{"id": id, "displayName": a.Roles[id], "value": a.Roles[id], "description": a.Roles[id], "isEnabled": true, "allowedMemberTypes": []string{"User"}, "origin": "Application"})
	}
	return map[string]any{
		"id": a.ID, "appId": a.AppID, "displayName": a.Name, "accountEnabled": !a.Off, "appRoleAssignmentRequired": true, "servicePrincipalType": "Application",
		"tags": list(a.Tags), "appRoles": roles,
	}
}

// standardApp are the properties of a service principal that are modelled and told unless others are asked for.
func standardApp() []string {
	return slices.Sorted(maps.Keys(appJSON(&world.LiveApp{})))
}

func (s *Server) listApps(c *call) reply {
	if c.URL.Query().Has("$orderby") {
		return s.refuse(c.Request, "sorting of service principals")
	}
	if refused := s.selectable(c, appJSON(&world.LiveApp{})); refused != nil {
		return *refused
	}
	match, refused := s.matching(c, world.AppProperties())
	if refused != nil {
		return *refused
	}
	hits := slices.DeleteFunc(c.state.SortedApps(), func(a *world.LiveApp) bool { return !match(a.Attribute) })
	page, next := pageOf(c, hits, func(a *world.LiveApp) int64 { return a.Seq })
	items := make([]any, len(page))
	for i, a := range page {
		items[i] = projected(appJSON(a), c.selected, standardApp())
	}
	return collection(c, "servicePrincipals", items, next, len(hits))
}

// roleID is the id of a directory role.
func roleID(name string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "role %s %d", name, n))
	return fmt.Sprintf("%x-%x-4000-8000-%x", sum[:4], sum[4:6], sum[10:16])
}

func (s *Server) getApp(c *call) reply {
	a := c.state.Apps[s.understood(c.PathValue("id"))]
	if a == nil {
		return notFound(c.PathValue("id"))
	}
	if refused := s.selectable(c, appJSON(&world.LiveApp{})); refused != nil {
		return *refused
	}
	return entity(c, "servicePrincipals", projected(appJSON(a), c.selected, standardApp()))
}

// listAssigned is whom an application lets in.
func (s *Server) listAssigned(c *call) reply {
	a := c.state.Apps[s.understood(c.PathValue("id"))]
	if a == nil {
		return notFound(c.PathValue("id"))
	}
	page, next := pageOf(c, a.Assigned, func(one world.Assignment) int64 { return one.Seq })
	items := make([]any, len(page))
	for i, one := range page {
		kind := map[string]string{world.KindUser: "User", world.KindGroup: "Group"}[one.Kind]
		items[i] = map[string]any{
			"id": one.ID, "deletedDateTime": nil, "appRoleId": one.Role, "createdDateTime": stamp(one.At), "principalDisplayName": nil, "principalId": one.Principal,
			"principalType": kind, "resourceDisplayName": a.Name, "resourceId": a.ID,
		}
	}
	return collection(c, "appRoleAssignments", items, next, len(a.Assigned))
}

// listOwners are the users among those who own an application, as stubs to whoever may not read users.
func (s *Server) listOwners(c *call) reply {
	a := c.state.Apps[s.understood(c.PathValue("id"))]
	if a == nil {
		return notFound(c.PathValue("id"))
	}
	owners := make([]*world.Membership, 0, len(a.Owners))
	for i, id := range a.Owners {
		if c.state.UserAt(id, c.at) != nil { // a deleted one owns nothing
			owners = append(owners, &world.Membership{ID: id, Kind: world.KindUser, Seq: int64(i + 1)})
		}
	}
	return s.userMembers(c, owners)
}
