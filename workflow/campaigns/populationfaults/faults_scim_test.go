package populationfaults

import (
	"net/http"
	"strings"
)

// ofSCIM are faults of a SCIM server, which shows a group's members all at once.
func ofSCIM() []fault {
	list := func(change func(c *call, rows []any) []any) func(*call) {
		return onMembers(func(c *call) { c.put(change(c, c.rows())) })
	}
	second := func(edit func(c *call, o map[string]any)) func(*call) {
		return onMembers(func(c *call) { c.change(1, func(o map[string]any) { edit(c, o) }) })
	}
	return []fault{
		{name: "one member is lost", plant: list(func(_ *call, r []any) []any { return without(r, 3) })},
		{name: "one member is lost once", plant: first(list(func(_ *call, r []any) []any { return without(r, 3) }))},
		{name: "only the first three members are shown", plant: list(func(_ *call, r []any) []any { return r[:3] })},
		{name: "no members are shown", plant: list(func(*call, []any) []any { return nil })},
		{name: "the members are left out", plant: onMembers(func(c *call) { c.edit(func(o map[string]any) { delete(o, "members") }) })},
		{name: "the members are null", plant: onMembers(func(c *call) { c.edit(func(o map[string]any) { o["members"] = nil }) })},
		{name: "the members are an object", plant: onMembers(func(c *call) { c.edit(func(o map[string]any) { o["members"] = map[string]any{"0": o["members"]} }) })},
		{name: "the members are bare ids", plant: list(func(c *call, r []any) (ids []any) {
			for _, one := range r {
				ids = append(ids, one.(map[string]any)["value"])
			}
			return ids
		})},
		{name: "a member comes twice in another's place", plant: list(func(_ *call, r []any) []any { r[1] = r[0]; return r })},
		{name: "a member comes twice beside the others", plant: list(func(_ *call, r []any) []any { return append(r, r[0]) })},
		{name: "a member comes again in capitals in another's place", plant: second(func(c *call, o map[string]any) { o["value"] = strings.ToUpper(c.ids[ada]) })},
		{name: "a stranger is listed", plant: list(func(c *call, r []any) []any { return append(r, c.of(payroll).rows()[0]) })},
		{name: "a stranger is listed in a member's place", plant: list(func(c *call, r []any) []any { r[1] = c.of(payroll).rows()[0]; return r })},
		{name: "the members are another group's", plant: list(func(c *call, _ []any) []any { return c.of(design).rows() })},
		{name: "the answer is another group's", plant: onMembers(func(c *call) { c.answerLike(c.of(design)) })},
		{name: "the answer is another group's once", plant: first(onMembers(func(c *call) { c.answerLike(c.of(design)) }))},
		{name: "an account that is deleted is listed", plant: list(func(c *call, r []any) []any {
			return append(r, map[string]any{"value": c.deleted, "type": "User"})
		}), dangles: true},
		{name: "an account that is deleted is listed in a member's place", plant: second(func(c *call, o map[string]any) { o["value"] = c.deleted })},
		{name: "a member is said to be a group", plant: second(func(_ *call, o map[string]any) { o["type"], o["$ref"] = "Group", "Groups/x" })},
		{name: "a member has no id", plant: second(func(_ *call, o map[string]any) { delete(o, "value") })},
		{name: "a member's id is null", plant: second(func(_ *call, o map[string]any) { o["value"] = nil })},
		{name: "a member's id is empty", plant: second(func(_ *call, o map[string]any) { o["value"] = "" })},
		{name: "a member is null", plant: list(func(_ *call, r []any) []any { r[1] = nil; return r })},
		{name: "old members from a cache", plant: list(func(c *call, _ []any) []any { return c.before().rows() })},
		{name: "who has left is not listed", plant: list(func(c *call, r []any) []any { return c.lessLeavers(r) })},
		{name: "another organisation's members", plant: list(func(c *call, r []any) []any { return c.foreign(r) })},
		{name: "JSON that breaks off", plant: onMembers(func(c *call) { c.body = c.body[:len(c.body)/2] })},
		{name: "the connection breaks", plant: onMembers(func(c *call) { c.cut = true })},
		{name: "an error with the status of success", plant: onMembers(func(c *call) {
			c.say(http.StatusOK, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"500"}`)
		})},
		{name: "a page for people with the status of success", plant: onMembers(func(c *call) {
			c.header.Set("Content-Type", "text/html")
			c.say(http.StatusOK, "<html><body>Sign in</body></html>")
		})},
		{name: "not modified", plant: onMembers(func(c *call) { c.say(http.StatusNotModified, "") })},
		{name: "a search for accounts answers others", plant: func(c *call) {
			if c.asks == accounts {
				c.edit(func(o map[string]any) {
					o["Resources"] = []any{map[string]any{"id": c.ids[hal], "userName": "hal@x.com", "active": true}}
				})
			}
		}},
		{name: "a search for accounts answers nobody", plant: func(c *call) {
			if c.asks == accounts {
				c.edit(func(o map[string]any) { o["Resources"], o["totalResults"] = []any{}, 0 })
			}
		}},
		{name: "a look-up of an account is answered with another one", plant: onPerson(func(c *call) { c.answerLike(c.somebodyElse()) })},
		{name: "no account of the list is there by itself", plant: onPerson(func(c *call) { c.say(http.StatusNotFound, `{}`) })},
		{name: "accounts say that they are in no group", plant: func(c *call) {
			if c.asks == person {
				c.edit(func(o map[string]any) { o["groups"] = []any{} })
			}
			if c.asks == accounts {
				c.edit(func(o map[string]any) {
					for _, r := range o["Resources"].([]any) {
						r.(map[string]any)["groups"] = []any{}
					}
				})
			}
		}},
		{name: "the count is one too many", plant: onCount(func(c *call) { c.countAs(8) }), loud: true},
		{name: "the count is one too few", plant: onCount(func(c *call) { c.countAs(6) }), loud: true},
		{name: "the count is text", plant: onCount(func(c *call) { c.countAs("seven") })},
		{name: "the count can't be asked for just now", plant: onCount(func(c *call) { c.say(http.StatusInternalServerError, `{}`) })},
		{name: "somebody joins while accounts are looked up", plant: func(c *call) {
			if (c.asks == accounts || c.asks == person) && !c.happened("joined") {
				c.join(figma, hal, true)
			}
		}},
		{name: "one leaves and one joins while accounts are looked up", plant: func(c *call) {
			if (c.asks == accounts || c.asks == person) && !c.happened("swapped") {
				c.join(figma, ada, false)
				c.join(figma, hal, true)
			}
		}},
	}
}
