package okta

import (
	"encoding/base64"
	"net/url"
	"strconv"
)

// pageOf cuts one page out of items, which are in the order of seq, and names its links: self, and next
// where more follows. Each link becomes a header of its own, as Okta sends them. The cursor is opaque to
// clients and stays good when items before it vanish.
func pageOf[T any](c *call, items []T, seq func(T) int64, standard, most int) ([]T, []string) {
	q := c.URL.Query()
	start := 0
	if after, known := decodeCursor(q.Get("after")); known {
		for start < len(items) && seq(items[start]) <= after {
			start++
		}
	}
	end := min(len(items), start+limitOf(q, standard, most))
	links := []string{linkTo(c, q, "self")}
	if end < len(items) {
		q.Set("after", encodeCursor(seq(items[end-1])))
		links = append(links, linkTo(c, q, "next"))
	}
	return items[start:end], links
}

func limitOf(q url.Values, standard, most int) int {
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 {
		return standard
	}
	return min(n, most)
}

func linkTo(c *call, q url.Values, rel string) string {
	target := c.base + c.URL.EscapedPath()
	if encoded := q.Encode(); encoded != "" {
		target += "?" + encoded
	}
	return "<" + target + `>; rel="` + rel + `"`
}

func encodeCursor(seq int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("after:" + strconv.FormatInt(seq, 10)))
}

func decodeCursor(cursor string) (int64, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) < len("after:") {
		return 0, false
	}
	n, err := strconv.ParseInt(string(raw[len("after:"):]), 10, 64)
	return n, err == nil
}
