package google

import (
	"cmp"
	"net/http"
	"strings"

	"latchkey/sandbox/google/world"
)

// Labels by which Cloud Identity tells groups apart.
const (
	labelForum    = "cloudidentity.googleapis.com/groups.discussion_forum"
	labelDynamic  = "cloudidentity.googleapis.com/groups.dynamic"
	labelLocked   = "cloudidentity.googleapis.com/groups.locked"
	labelSecurity = "cloudidentity.googleapis.com/groups.security"
)

func (s *Server) getCloudGroup(c *call) reply {
	key := s.understood(c.PathValue("group"))
	for _, g := range c.dir.Groups {
		if g.ID == key {
			return ok(s.cloudGroup(g))
		}
	}
	return hiddenGroup(key)
}

func (s *Server) listCloudGroups(c *call) reply {
	q := c.URL.Query()
	if q.Get("parent") != "customers/"+s.cfg.CustomerID {
		return cloudFailure(http.StatusBadRequest, "INVALID_ARGUMENT", "Error(3003): Invalid parent.")
	}
	some, next, good := page(q, "pageSize", c.dir.Groups, func(g *world.LiveGroup) int64 { return g.Seq }, cmp.Or(map[string]int{"FULL": 50}[q.Get("view")], 200), 1000)
	if !good {
		return cloudFailure(http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument.")
	}
	var items []any
	for _, g := range some {
		o := s.cloudGroup(g)
		if !strings.EqualFold(q.Get("view"), "FULL") {
			delete(o, "dynamicGroupMetadata")
		}
		items = append(items, o)
	}
	o := object{}
	s.with(o, "groups", items)
	s.with(o, "nextPageToken", next)
	return ok(o)
}

func (s *Server) cloudGroup(g *world.LiveGroup) object {
	labels := map[string]string{labelForum: ""}
	o := object{
		"name": "groups/" + g.ID, "groupKey": object{"id": g.Email}, "displayName": g.Name, "description": g.Description,
		"parent": "customers/" + s.cfg.CustomerID, "labels": labels,
	}
	if g.Security {
		labels[labelSecurity] = ""
	}
	if g.Locked {
		labels[labelLocked] = ""
	}
	if g.Dynamic {
		labels[labelDynamic] = ""
		o["dynamicGroupMetadata"] = object{"queries": []any{object{"resourceType": "USER", "query": "user.organizations.exists(org, org.department=='Design')"}}, "status": object{"status": "UP_TO_DATE"}}
	}
	return o
}
