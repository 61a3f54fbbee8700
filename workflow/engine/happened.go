package engine

import "latchkey/access"

// Grant is one that the unit has moved.
func (h Happened) Grant(id string) (g access.Grant, ok bool) {
	g, ok = h.known[identityKey{Grants().Kind, id}].(access.Grant)
	return g, ok
}

// Request is one that the unit has moved.
func (h Happened) Request(id string) (r access.Request, ok bool) {
	r, ok = h.known[identityKey{Requests().Kind, id}].(access.Request)
	return r, ok
}
