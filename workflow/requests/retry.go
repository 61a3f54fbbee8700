package requests

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// retries have what is stuck tried again.
type retries struct {
	units     *engine.Units
	authority Callers
	stuck     StuckWork
}

// Unstick tries stuck work again. It is named by its number, its own id, or by the request,
// the grant or the issue it belongs to; whatever else of the same request is
// stuck is tried again with it. Only IT and the command line can.
func (s retries) Unstick(ctx context.Context, id string, by access.Actor) (query.Stuck, error) {
	w, err := s.stuck.FindStuck(ctx, id)
	if err != nil {
		return w, err
	}
	return w, s.unstick(ctx, w, by)
}

func (s retries) unstick(ctx context.Context, w query.Stuck, by access.Actor) error {
	if w.Request != "" {
		return s.Retry(ctx, w.Request, by)
	}
	err := s.mayRetry(ctx, by)
	if err == nil && w.Service != "" {
		s.stuck.Look(w.Service)
		return nil
	}
	if err == nil {
		err = s.units.Update(ctx, func(u *engine.Unit) error { return retryAlone(u, w, by) })
	}
	return s.units.LogRefusal(ctx, "", by, "retry", err)
}

// Retried is what came of having one stuck thing tried again.
type Retried struct {
	query.Stuck
	Err error // why it isn't; nil: it is
}

// UnstickAll tries everything again that is stuck, one by one: that one of them can't be
// tried keeps none of the others from it. Only IT and the command line can.
func (s retries) UnstickAll(ctx context.Context, by access.Actor) ([]Retried, error) {
	if err := s.units.LogRefusal(ctx, "", by, "retry", s.mayRetry(ctx, by)); err != nil {
		return nil, err
	}
	all, err := s.stuck.Stuck(ctx, by, 0, 0)
	if err != nil {
		return nil, err
	}
	out, ofRequest := make([]Retried, len(all.Items)), map[string]error{}
	for i, w := range all.Items {
		err, known := ofRequest[w.Request]
		if !known || w.Request == "" { // what else of a request is stuck is tried with it
			err = s.unstick(ctx, w, by)
			ofRequest[w.Request] = err
		}
		out[i] = Retried{w, err}
	}
	return out, nil
}

// Retry tries everything of a request that is stuck again: a change to a group,
// and records and notices that could not be written. Only IT can.
func (s retries) Retry(ctx context.Context, request string, by access.Actor) error {
	return s.units.LogRefusal(ctx, request, by, "retry", s.retry(ctx, request, by))
}

func (s retries) retry(ctx context.Context, request string, by access.Actor) error {
	if err := s.mayRetry(ctx, by); err != nil {
		return err
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		r, err := requestIn(u, request)
		if err != nil {
			return err
		}
		note, err := retriesAgain(u, access.RequestSubject(r.ID), "", by)
		if err != nil {
			return err
		}
		tasks, err := retryTasks(u, r, by, note)
		if err != nil {
			return err
		}
		grant, err := retryGrant(u, r.GrantID(), by, note)
		if err == nil && !tasks && !grant {
			err = access.Refuse(access.TooLate, "", "Nothing is stuck here any more.")
		}
		return err
	})
}

func (s retries) mayRetry(ctx context.Context, by access.Actor) error {
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return err
	}
	return s.authority.May(caller, people.ActRetry, people.Matter{})
}

// retryGrant lets a grant go on that is stuck or disputed, and reports whether it was.
func retryGrant(u *engine.Unit, id string, by access.Actor, note string) (bool, error) {
	g, err := u.Grant(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && g.State != access.GrantStuck && !g.Disputed {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	kind := access.EventRetried
	if g.Disputed {
		kind = access.EventDisputeResolved
	}
	e := g.Event(kind, by, u.At)
	e.Note = note
	_, err = u.MoveGrant(g, e)
	return err == nil, err
}

// retryTasks puts a request's stuck tasks back to work, and looks again for those
// who are to answer where none were found. It reports whether there was anything.
func retryTasks(u *engine.Unit, r access.Request, by access.Actor, note string) (bool, error) {
	stuck, err := query.StuckTasks(u.Tx)
	if err != nil {
		return false, err
	}
	stuck = slices.DeleteFunc(stuck, func(t store.Task) bool { return t.Subject.Request() != r.ID })
	for _, t := range stuck {
		if err := u.Expedite(t.ID); err != nil {
			return false, err
		}
	}
	effs := []access.Effect{{Kind: access.EffectShowCards}, {Kind: access.EffectRecord}}
	if unrouted(r) {
		effs = append(effs, access.Effect{Kind: access.EffectFindApprovers})
	} else if len(stuck) == 0 {
		return false, nil
	}
	e := r.Event(access.EventTaskResumed, by, u.At)
	e.Note = note
	_, err = u.Append(e, effs...)
	return true, err
}

// unrouted tells whether a request waits for an answer that nobody is asked for.
func unrouted(r access.Request) bool {
	return r.State == access.RequestPending && len(r.Stages[r.Stage].Asked) == 0 || r.UnderReview() && len(r.Review.Asked) == 0
}

// retryAlone tries again what belongs to no request.
func retryAlone(u *engine.Unit, w query.Stuck, by access.Actor) error {
	note, err := retriesAgain(u, access.LogSubject(), cmp.Or(w.ID, w.Grant), by)
	switch {
	case err != nil:
		return err
	case w.Task:
		return u.Expedite(w.ID)
	}
	_, err = retryGrant(u, w.Grant, by, note)
	return err
}
