package requests

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// noAccess is what is said where a request has given nothing yet.
const noAccess = "There is no access for that request yet."

// source is where requests and grants are read: a unit of work, or a look at
// what is stored.
type source interface {
	Request(id string) (access.Request, error)
	Grant(id string) (access.Grant, error)
}

// stored reads without a unit.
type stored struct{ tx store.Tx }

func (s stored) Request(id string) (access.Request, error) { return store.Request(s.tx, id) }
func (s stored) Grant(id string) (access.Grant, error)     { return store.Grant(s.tx, id) }

// requestIn finds a request; the refusal says that there is none.
func requestIn(from source, id string) (access.Request, error) {
	r, err := from.Request(id)
	return r, query.NotFound(err, query.UnknownRequest)
}

// grantOf finds what a request gave; a refusal says that there is nothing.
func grantOf(from source, request string) (access.Grant, error) {
	r, err := requestIn(from, request)
	if err != nil {
		return access.Grant{}, err
	}
	g, err := from.Grant(r.GrantID())
	return g, query.NotFound(err, noAccess)
}

// requestNow is how a request stands now.
func requestNow(ctx context.Context, units *engine.Units, id string) (r access.Request, err error) {
	err = units.View(ctx, func(tx store.Tx) error {
		r, err = requestIn(stored{tx}, id)
		return err
	})
	return r, err
}

// asItStands names something that is done to a request where it stands now: when it
// has moved on, another answer may follow.
func asItStands(what string, r access.Request) string {
	return fmt.Sprintf("%s, %s at stage %d", what, r.State, r.Stage)
}

// moveIn moves a request by an event. What may be delivered twice has an origin, and does
// nothing the second time.
func moveIn(u *engine.Unit, id string, event func(*engine.Unit, access.Request) (access.Event, error)) error {
	r, err := requestIn(u, id)
	if err != nil {
		return err
	}
	e, err := event(u, r)
	if err != nil {
		return err
	}
	if done, err := query.Happened(u.Tx, e); err != nil || done {
		return err
	}
	_, err = u.MoveRequest(r, e)
	return err
}
