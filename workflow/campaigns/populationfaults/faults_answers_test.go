package populationfaults

import (
	"bytes"
	"compress/gzip"
	"net/http"
)

// answers are faults of whole answers, whoever's service it is.
func answers() []fault {
	return []fault{
		{name: "too many requests, with a page as body", plant: onPage(2, func(c *call) { c.status = http.StatusTooManyRequests; c.header.Set("Retry-After", "0") })},
		{name: "too many requests once", plant: first(onPage(2, func(c *call) {
			if !c.happened("refused") {
				c.status = http.StatusTooManyRequests
				c.header.Set("Retry-After", "0")
			}
		}))},
		{name: "an outage in the middle", plant: onPage(2, func(c *call) { c.status = http.StatusBadGateway })},
		{name: "an error with the status of success", plant: onPage(2, func(c *call) { c.say(http.StatusOK, `{"error":{"code":"InternalServerError","message":"try again"}}`) })},
		{name: "a page for people with the status of success", plant: onPage(2, func(c *call) {
			c.header.Set("Content-Type", "text/html")
			c.say(http.StatusOK, "<html><body>Sign in</body></html>")
		})},
		{name: "JSON that breaks off", plant: onPage(2, func(c *call) { c.body = c.body[:len(c.body)/2] })},
		{name: "JSON that breaks off at the end of a row", plant: onPage(2, func(c *call) { at := bytes.LastIndex(c.body, []byte("},{")); c.body = c.body[:at+1] })},
		{name: "nothing, with the status of success", plant: onPage(2, func(c *call) { c.say(http.StatusOK, ""); c.header.Del("Link") })},
		{name: "null", plant: onPage(2, func(c *call) { c.say(http.StatusOK, "null"); c.header.Del("Link") })},
		{name: "an empty list that leads nowhere", plant: onEither(2, func(c *call) { c.lead(""); c.put(nil) })},
		{name: "the connection breaks", plant: onPage(2, func(c *call) { c.cut = true })},
		{name: "compressed and cut", plant: onPage(2, func(c *call) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(c.body) // a buffer takes it all
			_ = z.Close()
			c.header.Set("Content-Encoding", "gzip")
			c.body = b.Bytes()[:b.Len()*2/3]
		})},
		{name: "the page is not there", plant: onPage(2, func(c *call) { c.say(http.StatusNotFound, `{}`) })},
		{name: "no content", plant: onPage(2, func(c *call) { c.say(http.StatusNoContent, "") })},
		{name: "part of the content", plant: onPage(2, func(c *call) { c.status = http.StatusPartialContent; c.put(c.rows()[:1]) })},
		{name: "redirected to the first page", plant: onPage(2, func(c *call) { c.redirect(again) })},
		{name: "redirected to the page after", plant: onPage(2, func(c *call) { c.redirect(c.cursorOf(3)) })},
		{name: "an old answer from a cache", plant: func(c *call) {
			if c.asks == members || c.asks == users {
				c.answerLike(c.before()) // before gil and fay joined
			}
		}},
		{name: "an old first page from a cache", plant: onMembers(func(c *call) {
			if c.page == 1 {
				c.put(c.lessFirst(c.rows()))
			}
		})},
		{name: "another organisation's answer", plant: func(c *call) {
			if c.asks == members || c.asks == users {
				c.put(c.foreign(c.rows()))
			}
		}},
		{name: "the cursor is no longer good", plant: onPage(2, func(c *call) { c.say(http.StatusBadRequest, `{"error":{"code":"Directory_ExpiredPageToken"}}`) })},
		{name: "the cursor is no longer good once", plant: first(onPage(2, func(c *call) { c.say(http.StatusBadRequest, `{"error":{"code":"Directory_ExpiredPageToken"}}`) }))},
		{name: "a look-up of the group is answered with another one", plant: onGroup(func(c *call) { c.answerLike(c.of(payroll)) })},
		{name: "a look-up of an account is answered with another one", plant: onPerson(func(c *call) { c.answerLike(c.somebodyElse()) })},
		{name: "no account of the list is there by itself", plant: onPerson(func(c *call) { c.say(http.StatusNotFound, `{}`) })},
	}
}
