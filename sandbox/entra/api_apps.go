package entra

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"latchkey/sandbox/entra/world"
)

func appJSON(a *world.LiveApp) map[string]any {
	return map[string]any{
		"id": a.ID, "appId": a.AppID, "displayName": a.Name, "accountEnabled": true, "appRoleAssignmentRequired": true, "servicePrincipalType": "Application", "tags": list(a.Tags),
	}
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
		items[i] = projected(appJSON(a), c.selected, []string{"id", "appId", "displayName", "accountEnabled", "appRoleAssignmentRequired", "servicePrincipalType", "tags"})
	}
	return collection(c, "servicePrincipals", items, next, len(hits))
}

// roleID is the id of a directory role.
func roleID(name string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "role %s %d", name, n))
	return fmt.Sprintf("%x-%x-4000-8000-%x", sum[:4], sum[4:6], sum[10:16])
}
