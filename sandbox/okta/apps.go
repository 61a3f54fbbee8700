package okta

import (
	"net/http"

	"latchkey/sandbox/okta/world"
)

func appPage(c *call, apps []*world.LiveApp, standard int) reply {
	page, links := pageOf(c, apps, func(a *world.LiveApp) int64 { return a.Seq }, standard, 200)
	out := make([]any, len(page))
	for i, a := range page {
		out[i] = appJSON(a, c.base)
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func appJSON(a *world.LiveApp, base string) map[string]any {
	return map[string]any{
		"id": a.ID, "name": a.Name, "label": a.Label, "status": a.Status, "signOnMode": "SAML_2_0",
		"created": stamp(a.Created), "lastUpdated": stamp(a.Created), "features": []string{},
		"_links": map[string]any{"groups": link(base + "/api/v1/apps/" + a.ID + "/groups")},
	}
}
