package workflow

import "latchkey/access"

// whatIsDue is the end of a grant, or else a reminder of it.
func (st *step) whatIsDue(g access.Grant) access.Event {
	if g.Over(st.at) {
		return end(g, access.EndExpired, access.System(), "", st.at)
	}
	return g.Event(access.EventReminded, access.System(), st.at)
}
