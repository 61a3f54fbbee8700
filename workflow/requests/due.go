package requests

import (
	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
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
	if tells := e.Kind == access.EventFollowedUp || e.Kind == access.EventGrantEscalated; tells && g.Manual {
		if e.Approvers, err = people.Hands(u, g); err != nil {
			return err
		}
	}
	_, err = u.MoveGrant(g, e)
	return err
}

// dueRequest lets a request lapse that nobody has answered in time, tells those again
// who are waited for, or has it looked again who may decide.
func dueRequest(u *engine.Unit, id string) error {
	r, err := u.Request(id)
	if err != nil {
		return err
	}
	passes, err := passesOn(u, r)
	if err != nil {
		return err
	}
	if r.LooksAgain(u.At) {
		if r, err = lookForOthers(u, r); err != nil || !passes && r.Due().After(u.At) {
			return err
		}
	}
	e := r.Event(r.NextTold(u.At), access.System(), u.At)
	if passes && e.Kind == access.EventAskedAgain {
		e.Kind = access.EventEscalated
	}
	if e.Kind == access.EventAskedAgain || e.Kind == access.EventReviewDue {
		e.Approvers = r.Remindable()
	}
	if e.Kind == access.EventEscalated {
		if e.Note, err = people.Absent(u, r.WaitsFor()); err != nil {
			return err
		}
	}
	_, err = u.MoveRequest(r, e)
	return err
}

// lookForOthers has it looked again who may decide.
func lookForOthers(u *engine.Unit, r access.Request) (access.Request, error) {
	r.Look = u.At.Add(access.LookEvery)
	if err := engine.Save(u, engine.Requests(), &r); err != nil {
		return r, err
	}
	_, err := u.Enqueue(lookAgainTask(r))
	return r, err
}

// passesOn tells whether a request goes on to others at once, since all who were asked have
// gone on leave.
func passesOn(u *engine.Unit, r access.Request) (bool, error) {
	if !r.PassesOn() {
		return false, nil
	}
	return people.AllAbsent(u, r)
}
