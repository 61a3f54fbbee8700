package okta

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// App is an application that groups are assigned to.
type App struct {
	ID, Name, Label string
	Status          string   // ACTIVE if empty
	Groups          []string // names or ids of the assigned groups
}

type app struct {
	App
	seq     int64
	created time.Time
	groups  []*group
}

// AddApp creates an application and assigns its groups.
func (s *Server) AddApp(in App) App {
	s.change(func() {
		a := &app{seq: s.next(), created: s.now()}
		in.ID = cmp.Or(in.ID, fmt.Sprintf("0oa%017d", a.seq))
		in.Status, in.Label = cmp.Or(in.Status, "ACTIVE"), cmp.Or(in.Label, in.Name)
		in.Name = cmp.Or(in.Name, strings.ToLower(in.Label))
		a.App = in
		for _, name := range in.Groups {
			if g := s.groupNamed(name); g != nil {
				a.groups = append(a.groups, g)
			}
		}
		s.apps[a.ID] = a
	})
	return in
}

func (s *Server) sortedApps() []*app {
	all := make([]*app, 0, len(s.apps))
	for _, a := range s.apps {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *app) int { return cmp.Compare(a.seq, b.seq) })
	return all
}

func (s *Server) listApps(c *call) reply {
	q := c.URL.Query()
	keep := func(*app) bool { return true }
	if q.Has("filter") {
		match, err := parseFilter(q.Get("filter"), filterApps)
		if err != nil {
			return *badExpression(codeBadInput, err)
		}
		keep = func(a *app) bool { return match(a.attribute) }
	}
	if prefix := strings.ToLower(q.Get("q")); prefix != "" {
		plain := keep
		keep = func(a *app) bool {
			return plain(a) && (strings.HasPrefix(strings.ToLower(a.Label), prefix) || strings.HasPrefix(a.Name, prefix))
		}
	}
	return appPage(c, slices.DeleteFunc(s.sortedApps(), func(a *app) bool { return !keep(a) }), 20)
}

func (s *Server) getApp(c *call) reply {
	a := s.apps[c.PathValue("id")]
	if a == nil {
		return notFound(c.PathValue("id"), "AppInstance")
	}
	return ok(a.wire(c.base))
}

func (s *Server) listGroupApps(c *call) reply {
	g := s.groups[c.PathValue("id")]
	if g == nil {
		return notFound(c.PathValue("id"), "UserGroup")
	}
	return appPage(c, slices.DeleteFunc(s.sortedApps(), func(a *app) bool { return !slices.Contains(a.groups, g) }), 20)
}

func (s *Server) listAppGroups(c *call) reply {
	a := s.apps[c.PathValue("id")]
	if a == nil {
		return notFound(c.PathValue("id"), "AppInstance")
	}
	page, links := pageOf(c, a.groups, func(g *group) int64 { return g.seq }, 20, 200)
	out := make([]any, len(page))
	for i, g := range page {
		self := c.base + "/api/v1/apps/" + a.ID
		out[i] = map[string]any{
			"id": g.ID, "priority": i, "lastUpdated": stamp(a.created), "profile": map[string]any{},
			"_links": map[string]any{"app": link(self), "self": link(self + "/groups/" + g.ID), "group": link(c.base + "/api/v1/groups/" + g.ID)},
		}
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func (s *Server) listAppLinks(c *call) reply {
	u := s.find(c.PathValue("id"))
	if u == nil {
		return notFound(c.PathValue("id"), "User")
	}
	out := []any{}
	for _, a := range s.sortedApps() {
		reached := func(g *group) bool { return g.members[u.ID] != nil }
		if a.Status == "ACTIVE" && slices.ContainsFunc(a.groups, reached) {
			out = append(out, map[string]any{
				"id": u.ID, "label": a.Label, "linkUrl": c.base + "/home/" + a.Name + "/" + a.ID,
				"logoUrl": c.base + "/img/logos/" + a.Name + ".png", "appName": a.Name, "appInstanceId": a.ID,
				"appAssignmentId": "0ua" + a.ID[3:], "credentialsSetup": false, "hidden": false, "sortOrder": len(out),
			})
		}
	}
	return ok(out)
}

func appPage(c *call, apps []*app, standard int) reply {
	page, links := pageOf(c, apps, func(a *app) int64 { return a.seq }, standard, 200)
	out := make([]any, len(page))
	for i, a := range page {
		out[i] = a.wire(c.base)
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func (a *app) wire(base string) map[string]any {
	return map[string]any{
		"id": a.ID, "name": a.Name, "label": a.Label, "status": a.Status, "signOnMode": "SAML_2_0",
		"created": stamp(a.created), "lastUpdated": stamp(a.created), "features": []string{},
		"_links": map[string]any{"groups": link(base + "/api/v1/apps/" + a.ID + "/groups")},
	}
}

func (a *app) attribute(name string) []string {
	switch name {
	case "id":
		return []string{a.ID}
	case "status":
		return []string{a.Status}
	}
	return []string{a.Name}
}

func (a *app) target() Target {
	return Target{ID: a.ID, Type: "AppInstance", AlternateID: a.Label, DisplayName: a.Label}
}
