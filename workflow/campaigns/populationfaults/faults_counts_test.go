package populationfaults

import "net/http"

// counts are faults of the service's own count, whoever's it is. The list is right.
func counts() []fault {
	return []fault{
		{name: "the count is one too many", plant: onCount(func(c *call) { c.countAs(8) }), loud: true},
		{name: "the count is one too few", plant: onCount(func(c *call) { c.countAs(6) }), loud: true},
		{name: "the count is nought", plant: onCount(func(c *call) { c.countAs(0) }), loud: true},
		{name: "the count is below nought", plant: onCount(func(c *call) { c.countAs(-1) }), loud: true},
		{name: "the count is huge", plant: onCount(func(c *call) { c.countAs(1e15) }), loud: true},
		{name: "the count is words", plant: onCount(func(c *call) { c.countAs("many") }), loud: true},
		{name: "the count is null", plant: onCount(func(c *call) { c.countAs(nil) })},
		{name: "the count is another group's", plant: onCount(func(c *call) { c.answerLike(c.of(payroll)) }), loud: true},
		{name: "the count can't be asked for just now", plant: onCount(func(c *call) { c.say(http.StatusInternalServerError, `{}`) })},
		{name: "the count is forbidden", plant: onCount(func(c *call) { c.say(http.StatusForbidden, `{}`) })},
		{name: "the count is an empty answer", plant: onCount(func(c *call) { c.say(http.StatusOK, "") })},
		{name: "the count and the list lack the same", plant: all(onEither(2, func(c *call) { c.put(without(c.rows(), 1)) }), onCount(func(c *call) { c.countAs(5) })), loud: true},
	}
}
