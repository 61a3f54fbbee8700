package jira

import (
	"strconv"

	"latchkey/sandbox/jira/world"
)

func (c *call) linkType(t world.LinkType) obj {
	return obj{"self": c.api() + "/issueLinkType/" + t.ID, "id": t.ID, "name": t.Name, "inward": t.Inward, "outward": t.Outward}
}

func (c *call) linked(is *world.LiveIssue) obj {
	id := strconv.Itoa(is.ID)
	return obj{"id": id, "key": is.Key, "self": c.api() + "/issue/" + id, "fields": obj{
		"summary": is.Summary, "status": c.status(is.Status), "priority": c.priority(is.Priority), "issuetype": c.issueType(is.TypeID)}}
}

// issueLinks shows, on each side, the issue at the other end.
func (c *call) issueLinks(is *world.LiveIssue) []any {
	out := []any{}
	for _, l := range c.site.LinksOf(is) {
		id := strconv.Itoa(l.ID)
		one := obj{"id": id, "self": c.api() + "/issueLink/" + id, "type": c.linkType(l.Kind)}
		if l.From == is {
			one["outwardIssue"] = c.linked(l.To)
		} else {
			one["inwardIssue"] = c.linked(l.From)
		}
		out = append(out, one)
	}
	return out
}
