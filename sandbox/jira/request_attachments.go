package jira

import (
	"strconv"

	"latchkey/sandbox/jira/world"
)

func (c *call) deskAttachment(a *world.LiveAttachment) obj {
	id := strconv.Itoa(a.ID)
	return obj{"filename": a.Name, "author": c.deskUser(a.Author), "created": c.date(a.Created), "size": len(a.Data), "mimeType": a.MimeType,
		"_links": obj{"jiraRest": c.base + "/rest/api/2/attachment/" + id, "content": c.base + "/rest/api/3/attachment/content/" + id}}
}

func (c *call) deskAttachments(is *world.LiveIssue) []any {
	out := []any{}
	for _, a := range is.Attachments {
		if a.Public || c.who.Agent {
			out = append(out, c.deskAttachment(a))
		}
	}
	return out
}
