package populationfaults

import (
	"net/http"
	"strings"
)

// ofOkta are faults of Okta's ways alone: links in headers, accounts in lists, statistics of groups.
func ofOkta() []fault {
	link := func(change func(next string) []string) func(*call) {
		return func(c *call) {
			if next := c.link(); next != "" {
				c.lead("")
				for _, l := range change(next) {
					c.header.Add("Link", l)
				}
			}
		}
	}
	return []fault{
		{name: "all links are lost", plant: onMembers(func(c *call) { c.header.Del("Link") })},
		{name: "the link's relation is in capitals", plant: onMembers(link(func(next string) []string { return []string{"<" + next + `>; REL="NEXT"`} }))},
		{name: "the link's relation has no quotes", plant: onMembers(link(func(next string) []string { return []string{"<" + next + `>; rel=next`} }))},
		{name: "the next page is called the one before", plant: onMembers(link(func(next string) []string { return []string{"<" + next + `>; rel="prev"`} }))},
		{name: "both links are in one header", plant: onMembers(func(c *call) {
			if all := c.header.Values("Link"); len(all) > 1 {
				c.header.Set("Link", strings.Join(all, ", "))
			}
		})},
		{name: "the link has no host", plant: onMembers(link(func(next string) []string {
			return []string{"<" + next[strings.Index(next, "/api/"):] + `>; rel="next"`}
		}))},
		{name: "the link is to another host", plant: onMembers(link(func(next string) []string {
			return []string{"<https://acme.example" + next[strings.Index(next, "/api/"):] + `>; rel="next"`}
		}))},
		{name: "the link lacks the cursor", plant: onMembers(link(func(next string) []string {
			return []string{"<" + next[:strings.Index(next, "?")] + `?limit=3>; rel="next"`}
		}))},
		{name: "there are two next pages", plant: onPage(1, func(c *call) {
			c.header.Add("Link", "<"+strings.Replace(c.link(), c.next(), c.cursorOf(3), 1)+`>; rel="next"`)
		})},
		{name: "a link that can't be read", plant: onMembers(link(func(string) []string { return []string{`<http://%zz>; rel="next"`} }))},
		{name: "there are no statistics", plant: onCount(func(c *call) { c.inFirst(func(g map[string]any) { delete(g, "_embedded") }) })},
		{name: "no group fits the count's filter", plant: onCount(func(c *call) { c.say(http.StatusOK, "[]") })},
		{name: "the count's filter fits every group, another one first", plant: onCount(func(c *call) {
			c.put(append(c.of(payroll).rows(), c.rows()...))
		})},
		{name: "the count's row says another group's id", plant: onCount(func(c *call) { c.inFirst(func(g map[string]any) { g["id"] = c.groups[payroll] }) }), loud: true},
		{name: "who has left is said to be active", plant: onMembers(func(c *call) { c.statusAs("DEPROVISIONED", "ACTIVE") })},
		{name: "who is active is said to have left", plant: onPage(1, func(c *call) { c.change(0, func(o map[string]any) { o["status"] = "DEPROVISIONED" }) }), who: true},
		{name: "a status that nobody knows", plant: onPage(1, func(c *call) { c.change(0, func(o map[string]any) { o["status"] = "DREAMING" }) })},
		{name: "the list is an object", plant: onPage(2, func(c *call) { c.write(map[string]any{"value": c.rows()}) })},
		{name: "profiles are lost", plant: onPage(2, func(c *call) { c.change(1, func(o map[string]any) { delete(o, "profile") }) })},
	}
}

// inFirst edits the first row.
func (c *call) inFirst(edit func(map[string]any)) { c.change(0, edit) }

func (c *call) statusAs(was, is string) {
	for i, r := range c.rows() {
		if r.(map[string]any)["status"] == was {
			c.change(i, func(o map[string]any) { o["status"] = is })
		}
	}
}
