package okta

import (
	"net/http"

	"latchkey/sandbox/okta/world"
)

func (s *Server) listAppUsers(c *call) reply {
	a := c.org.AppByID[c.PathValue("id")]
	if a == nil {
		return notFound(c.PathValue("id"), "AppInstance")
	}
	page, links := pageOf(c, a.Users(), func(u world.AppUser) int64 { return u.Seq }, 50, 500)
	out := make([]any, len(page))
	for i, u := range page {
		out[i] = appUserJSON(a, u, c.base)
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

// appUserJSON is an account as an application has it. What came by a group says which one, in its links.
func appUserJSON(a *world.LiveApp, u world.AppUser, base string) map[string]any {
	scope := "USER"
	links := map[string]any{"app": link(base + "/api/v1/apps/" + a.ID), "user": link(base + "/api/v1/users/" + u.ID)}
	if u.Group != nil {
		scope, links["group"] = "GROUP", map[string]any{"href": base + "/api/v1/groups/" + u.Group.ID, "name": u.Group.Name}
	}
	return map[string]any{
		"id": u.ID, "created": stamp(a.Created), "lastUpdated": stamp(a.Created), "statusChanged": stamp(a.Created),
		"scope": scope, "status": "ACTIVE", "syncState": "DISABLED", "passwordChanged": nil,
		"credentials": map[string]any{"userName": u.Login}, "profile": map[string]any{"email": u.Email}, "_links": links,
	}
}
