package populationfaults

import "strings"

// entries are faults of single rows, whoever's service it is.
func entries() []fault {
	return []fault{
		{name: "one row in the middle is lost", plant: onEither(2, func(c *call) { c.put(without(c.rows(), 1)) })},
		{name: "the very first row is lost", plant: onEither(1, func(c *call) { c.put(without(c.rows(), 0)) })},
		{name: "a row is lost at every other reading", plant: func(c *call) {
			if c.asks == members && c.page == 2 && c.reading%2 == 1 {
				c.put(without(c.rows(), 1))
			}
		}},
		{name: "another row is lost at every reading", plant: func(c *call) {
			if c.asks == members && c.page == 2 {
				c.put(without(c.rows(), c.reading%3))
			}
		}},
		{name: "a row comes twice in another's place", plant: onEither(2, func(c *call) { r := c.rows(); r[1] = r[0]; c.put(r) })},
		{name: "a row of the first page comes in another's place", plant: onEither(2, func(c *call) { r := c.rows(); r[2] = c.nth(1).rows()[0]; c.put(r) })},
		{name: "a row comes twice beside the others", plant: onEither(2, func(c *call) { r := c.rows(); c.add(r[0]) })},
		{name: "a row comes again with another address", plant: onEither(3, func(c *call) { c.add(c.renamed(c.nth(1).rows()[0], "ada.lovelace@x.com")) })},
		{name: "a row comes again in capitals in another's place", plant: onEither(2, func(c *call) {
			r := c.rows()
			r[1] = copyOf(c.nth(1).rows()[0], func(o map[string]any) { o[c.id] = strings.ToUpper(o[c.id].(string)) })
			c.put(r)
		})},
		{name: "a stranger is on the list", plant: onEither(2, func(c *call) { c.add(c.of(payroll).rows()[0]) })},
		{name: "a stranger is on the list in a member's place", plant: onEither(3, func(c *call) { c.put(c.of(payroll).rows()[:1]) })},
		{name: "the middle page is another group's", plant: onEither(2, func(c *call) { c.put(c.of(payroll).rows()) })},
		{name: "the whole list is another group's of the same size", plant: func(c *call) {
			if c.asks == members || c.asks == users {
				c.answerLike(c.of(design))
			}
		}},
		{name: "the whole list is another group's once", plant: first(func(c *call) {
			if c.asks == members || c.asks == users {
				c.answerLike(c.of(design))
			}
		})},
		{name: "the list of another group is led to", plant: onEither(1, func(c *call) { c.lead(""); c.answerLike(c.leadingTo(design)) })},
		{name: "an account that is deleted is on the list in another's place", plant: onEither(2, func(c *call) {
			r := c.rows()
			r[1] = copyOf(r[1], func(o map[string]any) { o[c.id] = c.deleted })
			c.put(r)
		})},
		{name: "a row has no id", plant: onEither(2, func(c *call) { c.change(1, func(o map[string]any) { delete(o, c.id) }) })},
		{name: "a row's id is null", plant: onEither(2, func(c *call) { c.change(1, func(o map[string]any) { o[c.id] = nil }) })},
		{name: "a row's id is empty", plant: onEither(2, func(c *call) { c.change(1, func(o map[string]any) { o[c.id] = "" }) })},
		{name: "a row's id is a number", plant: onEither(2, func(c *call) { c.change(1, func(o map[string]any) { o[c.id] = 17 }) })},
		{name: "a row's id has a blank before it", plant: onEither(2, func(c *call) { c.change(1, func(o map[string]any) { o[c.id] = " " + o[c.id].(string) }) })},
		{name: "a row is null", plant: onEither(2, func(c *call) { r := c.rows(); r[1] = nil; c.put(r) })},
		{name: "a row is an empty object", plant: onEither(2, func(c *call) { r := c.rows(); r[1] = map[string]any{}; c.put(r) })},
		{name: "a row is text", plant: onEither(2, func(c *call) { r := c.rows(); r[1] = "ben@x.com"; c.put(r) })},
		{name: "two rows have each other's ids", plant: onEither(2, func(c *call) {
			r := c.rows()
			a, b := r[0].(map[string]any), r[1].(map[string]any)
			r[0], r[1] = copyOf(a, func(o map[string]any) { o[c.id] = b[c.id] }), copyOf(b, func(o map[string]any) { o[c.id] = a[c.id] })
			c.put(r)
		}), who: true},
		{name: "all rows are one", plant: onEither(2, func(c *call) { r := c.rows(); c.put([]any{r[0], r[0], r[0]}) })},
		{name: "who has left is not listed", plant: onEither(2, func(c *call) { c.put(c.lessLeavers(c.rows())) })},
		{name: "every account of the service is listed", plant: onEither(3, func(c *call) { c.add(append(c.of(payroll).rows(), c.of(design).rows()...)...) })},
	}
}

// comings are people who come and go while the list is read.
func comings() []fault {
	return []fault{
		{name: "somebody joins at the end", plant: onMembers(meanwhile(1, 1, func(c *call) { c.join(figma, hal, true) }))},
		{name: "somebody joins after the last page", plant: onMembers(meanwhile(1, 3, func(c *call) { c.join(figma, hal, true) }))},
		{name: "somebody leaves who was read", plant: onMembers(meanwhile(1, 2, func(c *call) { c.join(figma, ada, false) }))},
		{name: "one leaves who was read, and one joins who will be", plant: onMembers(meanwhile(1, 1, func(c *call) { c.join(figma, ada, false); c.join(figma, hal, true) }))},
		{name: "one leaves and one joins after the last page", plant: onMembers(meanwhile(1, 3, func(c *call) { c.join(figma, ada, false); c.join(figma, hal, true) }))},
		{name: "one leaves and one joins before the count", plant: func(c *call) {
			if c.asks == count && !c.happened("swapped") {
				c.join(figma, ada, false)
				c.join(figma, hal, true)
				*c = *c.through(c.Request)
			}
		}},
		{name: "somebody leaves and comes back", plant: onMembers(all(meanwhile(1, 1, func(c *call) { c.join(figma, gil, false) }), meanwhile(1, 3, func(c *call) { c.join(figma, gil, true) })))},
		{name: "somebody joins at every reading", plant: onMembers(func(c *call) {
			if joiners := []string{hal, ivy, jan, kim, lea}; (c.page == 3 || c.size == "") && c.reading <= len(joiners) {
				c.join(figma, joiners[c.reading-1], true)
			}
		})},
		{name: "somebody is deleted who was read", plant: onMembers(meanwhile(1, 2, func(c *call) { c.forget(ada) }))},
		{name: "a member's account is closed while the list is read", plant: onMembers(meanwhile(1, 1, func(c *call) { c.left(gil) }))},
	}
}

// meanwhile has something happen right after a page was answered.
func meanwhile(reading, page int, happens func(*call)) func(*call) {
	return func(c *call) {
		if c.reading == reading && (c.page == page || c.size == "") { // where there are no pages, the first is the last
			happens(c)
		}
	}
}
