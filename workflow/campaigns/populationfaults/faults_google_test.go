package populationfaults

import "net/http"

// ofGoogle are faults of Google's ways alone: tokens in the body, attributes that are left out, numbers as text.
func ofGoogle() []fault {
	token := func(v any) func(*call) {
		return onPage(1, func(c *call) { c.edit(func(o map[string]any) { o["nextPageToken"] = v }) })
	}
	typed := func(kind any) func(*call) {
		return onPage(2, func(c *call) { c.change(1, func(o map[string]any) { o["type"] = kind }) })
	}
	counted := func(v any) func(*call) {
		return onCount(func(c *call) { c.edit(func(o map[string]any) { o["directMembersCount"] = v }) })
	}
	return []fault{
		{name: "the token is empty", plant: token("")},
		{name: "the token is null", plant: token(nil)},
		{name: "the token is a number", plant: token(7)},
		{name: "the token has another name", plant: onMembers(func(c *call) {
			c.edit(func(o map[string]any) {
				if v, has := o["nextPageToken"]; has {
					delete(o, "nextPageToken")
					o["pageToken"] = v
				}
			})
		})},
		{name: "the members are left out of the middle page", plant: onPage(2, func(c *call) { c.edit(func(o map[string]any) { delete(o, "members") }) })},
		{name: "the members are left out of the last page", plant: onPage(3, func(c *call) { c.edit(func(o map[string]any) { delete(o, "members") }) })},
		{name: "the list is another kind's", plant: onPage(2, func(c *call) {
			c.edit(func(o map[string]any) {
				o["kind"], o["groups"] = "admin#directory#groups", o["members"]
				delete(o, "members")
			})
		})},
		{name: "an account is said to be a group", plant: typed("GROUP")},
		{name: "an account is said to be everybody", plant: typed("CUSTOMER")},
		{name: "an account is said to be from outside", plant: typed("EXTERNAL")},
		{name: "an account is said to be what nobody knows", plant: typed("AGENT")},
		{name: "a row doesn't say what it is", plant: onPage(2, func(c *call) { c.change(1, func(o map[string]any) { delete(o, "type") }) })},
		{name: "a row has no address", plant: onPage(2, func(c *call) { c.change(1, func(o map[string]any) { delete(o, "email") }) })},
		{name: "who has left is said to be active", plant: onMembers(func(c *call) { c.statusAs("SUSPENDED", "ACTIVE"); c.statusAs("ARCHIVED", "ACTIVE") })},
		{name: "rows have no status", plant: onMembers(func(c *call) {
			for i := range c.rows() {
				c.change(i, func(o map[string]any) { delete(o, "status") })
			}
		})},
		{name: "not modified", plant: onPage(2, func(c *call) { c.say(http.StatusNotModified, "") })},
		{name: "over the quota, as 403, with a page as body", plant: onPage(2, func(c *call) { c.status = http.StatusForbidden })},
		{name: "the count is a number, not text", plant: onCount(func(c *call) { c.edit(func(o map[string]any) { o["directMembersCount"] = 7 }) })},
		{name: "the count is empty", plant: counted("")},
		{name: "the count is a fraction", plant: counted("7.5"), loud: true},
		{name: "the count is left out", plant: onCount(func(c *call) { c.edit(func(o map[string]any) { delete(o, "directMembersCount") }) })},
	}
}
