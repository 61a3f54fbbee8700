package okta

import (
	"net/http"
	"strconv"
)

// firstPage makes a call one for the first page of what it lists, as a gateway does that drops the cursor.
func firstPage(r *http.Request) {
	q := r.URL.Query()
	q.Del("after")
	r.URL.RawQuery = q.Encode()
}

// shorten makes a call one for pages of so many entries.
func shorten(r *http.Request, to int) {
	q := r.URL.Query()
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n <= to {
		return
	}
	q.Set("limit", strconv.Itoa(to))
	r.URL.RawQuery = q.Encode()
}

// spoil changes an answer that is given by the ways of a fault.
func (f *Fault) spoil(answer reply) reply {
	if f == nil || !f.Empty || answer.status != http.StatusOK {
		return answer
	}
	if _, list := answer.body.([]any); list {
		answer.body, answer.links = []any{}, nil
	}
	return answer
}
