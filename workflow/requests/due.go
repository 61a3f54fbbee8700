package requests

import (
	"latchkey/access"
	"latchkey/workflow/engine"
)

// dueGrant ends a grant whose time is up. It reminds its holder that it will be, or
// tells again whoever has to act for it.
func dueGrant(u *engine.Unit, id string) error {
	g, err := u.Grant(id)
	if err != nil {
		return err
	}
	e := g.Event(g.NextTold(), access.System(), u.At)
	if g.Over(u.At) {
		e = end(g, access.EndExpired, access.System(), "", u.At)
	}
	_, err = u.MoveGrant(g, e)
	return err
}

// dueRequest lets a request lapse that nobody has answered in time, and tells those
// again who are waited for.
func dueRequest(u *engine.Unit, id string) error {
	r, err := u.Request(id)
	if err != nil {
		return err
	}
	e := r.Event(r.NextTold(u.At), access.System(), u.At)
	if e.Kind == access.EventAskedAgain {
		e.Approvers = r.Awaited()
	}
	_, err = u.MoveRequest(r, e)
	return err
}
