package entra

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// pageOf cuts one page out of items, which are in the order of seq, and tells the link to the next where more follows.
// The cursor is opaque to clients and stays good when items before it vanish.
func pageOf[T any](c *call, items []T, seq func(T) int64) ([]T, string) {
	q := c.URL.Query()
	start := 0
	if after, known := decodeCursor(q.Get("$skiptoken")); known {
		for start < len(items) && seq(items[start]) <= after {
			start++
		}
	}
	end := min(len(items), start+c.top)
	if end == len(items) {
		return items[start:end], ""
	}
	q.Set("$skiptoken", encodeCursor(seq(items[end-1])))
	return items[start:end], linkTo(c.Request, q)
}

// linkTo is a link as Graph gives it: on its own host, whatever way the call came.
func linkTo(r *http.Request, q url.Values) string {
	return graphHost + r.URL.EscapedPath() + "?" + strings.ReplaceAll(q.Encode(), "%24", "$")
}

func encodeCursor(seq int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte("RFNwdAIAAQAAAB" + strconv.FormatInt(seq, 10)))
}

func decodeCursor(cursor string) (int64, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	rest, found := strings.CutPrefix(string(raw), "RFNwdAIAAQAAAB")
	if err != nil || !found {
		return 0, false
	}
	n, err := strconv.ParseInt(rest, 10, 64)
	return n, err == nil
}
