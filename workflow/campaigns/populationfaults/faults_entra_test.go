package populationfaults

import (
	"net/http"
	"strings"
)

// ofEntra are faults of Graph's ways alone: a list of members of all kinds and one of those that are users, links in the
// body, counts that need a header.
func ofEntra() []fault {
	const next = "@odata.nextLink"
	link := func(v func(string) any) func(*call) {
		return func(c *call) {
			c.edit(func(o map[string]any) {
				if l, _ := o[next].(string); l != "" {
					o[next] = v(l)
				}
			})
		}
	}
	typed := func(kind any) func(*call) {
		return onPage(2, func(c *call) { c.change(1, func(o map[string]any) { o["@odata.type"] = kind }) })
	}
	return []fault{
		{name: "the users' middle page is passed over", plant: onUsers(1, func(c *call) { c.lead(c.cursorOf(3)) })},
		{name: "the users' last page is not led to", plant: onUsers(2, func(c *call) { c.lead("") })},
		{name: "one of the users is lost", plant: onUsers(2, func(c *call) { c.put(without(c.rows(), 1)) })},
		{name: "there are no users", plant: func(c *call) {
			if c.asks == users {
				c.lead("")
				c.put(nil)
			}
		}},
		{name: "the users' middle page is another group's", plant: onUsers(2, func(c *call) { c.put(c.of(payroll).rows()) })},
		{name: "the members lack a page that the users have", plant: onPage(1, func(c *call) { c.lead(c.cursorOf(3)) })},
		{name: "the members lack one whom the users have", plant: onPage(2, func(c *call) { c.put(without(c.rows(), 1)) })},
		{name: "members and users each lack another one", plant: all(onPage(2, func(c *call) { c.put(without(c.rows(), 1)) }), onUsers(2, func(c *call) { c.put(without(c.rows(), 2)) }))},
		{name: "the users' cursor is no longer good", plant: onUsers(2, func(c *call) { c.say(http.StatusBadRequest, `{"error":{"code":"Directory_ExpiredPageToken"}}`) })},
		{name: "the link is null", plant: onPage(1, link(func(string) any { return nil }))},
		{name: "the link is empty", plant: onPage(1, link(func(string) any { return "" }))},
		{name: "the link lacks the cursor", plant: onMembers(link(func(l string) any { return l[:strings.Index(l, "?")] }))},
		{name: "the link is to another cloud", plant: onMembers(link(func(l string) any { return strings.Replace(l, "graph.microsoft.com", "graph.microsoft.us", 1) }))},
		{name: "the link is a number", plant: onPage(1, link(func(string) any { return 3 }))},
		{name: "the link is in the older spelling", plant: onMembers(func(c *call) {
			c.edit(func(o map[string]any) {
				if l := o[next]; l != nil {
					delete(o, next)
					o["odata.nextLink"] = l
				}
			})
		})},
		{name: "the first page is empty, and the link leads to the first rows", plant: all(onPage(1, func(c *call) { c.put(nil); c.lead(again) }))},
		{name: "the list's attribute is lost", plant: onPage(2, func(c *call) { c.edit(func(o map[string]any) { delete(o, "value") }) })},
		{name: "the list is null", plant: onPage(2, func(c *call) { c.edit(func(o map[string]any) { o["value"] = nil }) })},
		{name: "the list is an object", plant: onPage(2, func(c *call) { c.edit(func(o map[string]any) { o["value"] = map[string]any{"0": o["value"]} }) })},
		{name: "a user is said to be a device", plant: typed("#microsoft.graph.device")},
		{name: "a user is said to be a service principal", plant: typed("#microsoft.graph.servicePrincipal")},
		{name: "a user is said to be a group", plant: typed("#microsoft.graph.group")},
		{name: "a user is said to be a contact", plant: typed("#microsoft.graph.orgContact")},
		{name: "a user is said to be what nobody knows", plant: typed("#microsoft.graph.agent")},
		{name: "a row doesn't say what it is", plant: onPage(2, func(c *call) { c.change(1, func(o map[string]any) { delete(o, "@odata.type") }) })},
		{name: "users are stubs", plant: func(c *call) {
			if c.asks == users {
				for i := range c.rows() {
					c.change(i, func(o map[string]any) {
						for name := range o {
							if name != c.id {
								o[name] = nil
							}
						}
					})
				}
			}
		}},
		{name: "who has left is said to be active", plant: func(c *call) {
			if c.asks == users {
				for i := range c.rows() {
					c.change(i, func(o map[string]any) { o["accountEnabled"] = true })
				}
			}
		}},
		{name: "the count is not told, as without its header", plant: onCount(func(c *call) { c.edit(func(o map[string]any) { delete(o, "@odata.count") }) })},
		{name: "the count is that of the page", plant: onCount(func(c *call) { c.countAs(len(c.rows())) }), loud: true},
	}
}
