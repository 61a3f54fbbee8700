package okta

import "net/http"

// firstPage makes a call one for the first page of what it lists, as a gateway does that drops the cursor.
func firstPage(r *http.Request) {
	q := r.URL.Query()
	q.Del("after")
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
