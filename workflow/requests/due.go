package requests

import (
	"latchkey/access"
	"latchkey/workflow/engine"
)

// dueGrant ends a grant whose time is up, or else reminds its holder that it will be.
func dueGrant(u *engine.Unit, id string) error {
	g, err := u.Grant(id)
	if err != nil {
		return err
	}
	e := g.Event(access.EventReminded, access.System(), u.At)
	if g.Over(u.At) {
		e = end(g, access.EndExpired, access.System(), "", u.At)
	}
	_, err = u.MoveGrant(g, e)
	return err
}

// dueRequest lets a request lapse that nobody has answered in time, has it looked
// again who may decide one that waits, or has the review of an emergency asked for
// again.
func dueRequest(u *engine.Unit, id string) error {
	r, err := u.Request(id)
	if err != nil {
		return err
	}
	if r.LooksAgain(u.At) {
		return lookForOthers(u, r)
	}
	kind := access.EventLapsed
	if r.UnderReview() {
		kind = access.EventReviewDue
	}
	_, err = u.MoveRequest(r, r.Event(kind, access.System(), u.At))
	return err
}

// lookForOthers has it looked again who may decide.
func lookForOthers(u *engine.Unit, r access.Request) error {
	r.Look = u.At.Add(access.LookEvery)
	if err := engine.Save(u, engine.Requests(), &r); err != nil {
		return err
	}
	_, err := u.Enqueue(lookAgainTask(r))
	return err
}
