package populationfaults

import (
	"slices"
	"strconv"
	"strings"
)

// pages are faults of how a list is cut into pages, whoever's service it is. A list has seven members on three pages: three,
// three and one.
func pages() []fault {
	return []fault{
		{name: "the middle page is passed over", plant: onEither(1, func(c *call) { c.lead(c.cursorOf(3)) })},
		{name: "the middle page is passed over once", plant: first(onEither(1, func(c *call) { c.lead(c.cursorOf(3)) }))},
		{name: "the last page is not led to", plant: onEither(2, func(c *call) { c.lead("") })},
		{name: "only the first page is there", plant: onEither(1, func(c *call) { c.lead("") })},
		{name: "the first page has no rows", plant: onEither(1, func(c *call) { c.put(nil) })},
		{name: "the middle page has no rows", plant: onEither(2, func(c *call) { c.put(nil) })},
		{name: "the last page has no rows", plant: onEither(3, func(c *call) { c.put(nil) })},
		{name: "the first page comes in the middle page's place", plant: onEither(2, func(c *call) { c.put(c.nth(1).rows()) })},
		{name: "the middle page comes in the last page's place", plant: onEither(3, func(c *call) { c.put(c.nth(2).rows()) })},
		{name: "every page is the first one", plant: all(onEither(2, func(c *call) { c.put(c.nth(1).rows()) }), onEither(3, func(c *call) { c.put(c.nth(1).rows()) }))},
		{name: "the middle page leads to itself", plant: func(c *call) {
			if (c.asks == members || c.asks == users) && c.page > 1 {
				c.lead(c.cursorOf(2))
			}
		}, loud: true},
		{name: "the last page leads to the first", plant: func(c *call) {
			if (c.asks == members || c.asks == users) && c.next() == "" {
				c.lead(again)
			}
		}, loud: true},
		{name: "the last page leads to the first once", plant: first(onEither(3, func(c *call) { c.lead(again) }))},
		{name: "the last page wraps around to the first rows", plant: onEither(3, func(c *call) { c.add(c.nth(1).rows()...) })},
		{name: "the first page is served twice", plant: onEither(1, func(c *call) { c.lead(again) })},
		{name: "the cursor points one member too far", plant: onEither(2, func(c *call) { c.put(without(c.rows(), 0)) })},
		{name: "the cursor points one member too near", plant: onEither(2, func(c *call) { c.put(append([]any{c.nth(1).rows()[2]}, c.rows()...)) })},
		{name: "half a page comes", plant: onEither(2, func(c *call) { c.put(c.rows()[:1]) })},
		{name: "every page lacks its last row", plant: func(c *call) {
			if rows := c.rows(); (c.asks == members || c.asks == users) && len(rows) > 0 {
				c.put(rows[:len(rows)-1])
			}
		}},
		{name: "the pages come in another order, the first one last and left out", plant: all(onEither(1, func(c *call) { c.put(c.nth(2).rows()) }), onEither(2, func(c *call) { c.put(c.nth(3).rows()) }))},
		{name: "rows are in another order at each page, which is cut by position", plant: unsteady},
		{name: "pages are cut by position and somebody leaves meanwhile", plant: byPosition(func(c *call) { c.join(figma, ada, false) })},
		{name: "pages are cut by position and somebody joins in front meanwhile", plant: byPosition(func(c *call) { c.join(figma, aaron, true) })},
	}
}

// byPosition cuts pages by position of what is there at that moment, in the order of the accounts' ids, and has something
// happen after the first page of the first reading.
func byPosition(meanwhile func(*call)) func(*call) {
	return positions(func(c *call) []any {
		rows := c.whole()
		slices.SortFunc(rows, func(a, b any) int { return strings.Compare(c.handle(a), c.handle(b)) })
		return rows
	}, meanwhile)
}

// unsteady shuffles the list between two pages.
func unsteady(c *call) {
	positions(func(c *call) []any {
		rows := c.whole()
		if c.page%2 == 0 {
			slices.Reverse(rows)
		}
		return rows
	}, func(*call) {})(c)
}

func positions(rows func(*call) []any, meanwhile func(*call)) func(*call) {
	return func(c *call) {
		if c.asks != members && c.asks != users {
			return
		}
		from, _ := strconv.Atoi(strings.TrimPrefix(c.URL.Query().Get(c.cursor), "at-"))
		all := rows(c)
		c.answerLike(c.at(again))
		from = min(from, len(all))
		to := min(from+3, len(all))
		c.put(all[from:to])
		c.lead("")
		if to < len(all) {
			c.lead("at-" + strconv.Itoa(to))
		}
		if c.asks == members && c.reading == 1 && c.page == 1 {
			meanwhile(c)
		}
	}
}
