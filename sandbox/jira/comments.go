package jira

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"latchkey/sandbox/jira/world"
)

// comment renders a comment of the platform API.
func (c *call) comment(is *world.LiveIssue, m *world.LiveComment, withProps bool) obj {
	id := strconv.Itoa(m.ID)
	out := obj{"self": c.api() + "/issue/" + strconv.Itoa(is.ID) + "/comment/" + id, "id": id,
		"author": c.user(m.Author), "updateAuthor": c.user(m.Editor), "body": c.richValue(m.Body),
		"created": c.stamp(m.Created), "updated": c.stamp(m.Updated), "jsdPublic": m.Public}
	if withProps {
		out["properties"] = commentProperties(m)
	}
	return out
}

// room refuses a comment on an issue that has as many as the vendor allows.
func (c *call) room(is *world.LiveIssue) error {
	if most := c.s.cfg.CommentsPerIssue; len(is.Comments) >= most {
		return refuse(http.StatusRequestEntityTooLarge, "The issue has reached the limit of %d comments.", most)
	}
	return nil
}

func commentProperties(m *world.LiveComment) []any {
	out := []any{}
	for _, key := range slices.Sorted(maps.Keys(m.Properties)) {
		out = append(out, obj{"key": key, "value": m.Properties[key]})
	}
	return out
}

func (c *call) commentPage(is *world.LiveIssue) obj {
	shown := is.Comments
	if most := c.s.cfg.IssueComments; most > 0 && len(shown) > most {
		shown = shown[:most]
	}
	some := make([]any, len(shown))
	for i, m := range shown {
		some[i] = c.comment(is, m, false)
	}
	return obj{"self": c.api() + "/issue/" + strconv.Itoa(is.ID) + "/comment", "startAt": 0, "maxResults": len(some), "total": len(is.Comments), "comments": some}
}
