package requests

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// consequence is one of the things that follow when somebody has left.
type consequence struct {
	// page lists some records that may be concerned, after the given id, and tells
	// which is the last of the page; "" when it was the last page.
	page func(tx store.Tx, after string) (ids []string, damage store.Damage, last string, err error)
	// do is done to each of them. Where nothing is to be done any more it does nothing.
	do func(u *engine.Unit, id string) error
}

// consequences are all of them. What somebody holds is looked through once more after
// their requests: one may have been approved in between.
func consequences(l leaver, t store.Task) []consequence {
	who := l.Person
	held := consequence{pages(func(tx store.Tx, after string) ([]access.Grant, error) {
		return store.OpenGrantsFrom(tx, who, after, leavePage)
	}, query.GrantID),
		func(u *engine.Unit, id string) error { return endLeft(u, id, l) }}
	asked := consequence{pages(func(tx store.Tx, after string) ([]access.Request, error) {
		return store.RequestsOf(tx, who, after, leavePage)
	}, query.RequestID),
		func(u *engine.Unit, id string) error { return cancelLeft(u, id, l) }}
	waitsFor := consequence{pages(func(tx store.Tx, after string) ([]access.Request, error) {
		return store.RequestsAsking(tx, who, after, leavePage)
	}, query.RequestID),
		func(u *engine.Unit, id string) error { return rerouteLeft(u, id, l, t) }}
	return []consequence{held, asked, held, waitsFor}
}

// pages makes pages of ids from a listing.
func pages[T any](read func(tx store.Tx, after string) ([]T, error), id func(T) string) func(store.Tx, string) ([]string, store.Damage, string, error) {
	return func(tx store.Tx, after string) (ids []string, damage store.Damage, last string, err error) {
		some, damage, err := store.Sound(read(tx, after))
		for _, v := range some {
			ids = append(ids, id(v))
		}
		if len(some)+len(damage) == leavePage {
			last = query.Last(some, damage, id)
		}
		return ids, damage, last, err
	}
}

// part does one of the things that follow, a page at a time. It returns what
// could not be read or done.
func (s *Service) part(ctx context.Context, p consequence) (faults []error, err error) {
	for after := ""; ; {
		var ids []string
		var damage store.Damage
		last := ""
		err := s.units.View(ctx, func(tx store.Tx) (err error) {
			ids, damage, last, err = p.page(tx, after)
			return err
		})
		if err != nil {
			return faults, err
		}
		failed, err := s.units.Each(ctx, ids, p.do)
		faults = append(append(faults, damage.Unwrap()...), failed...)
		if err != nil || last == "" {
			return faults, err
		}
		after = last
	}
}

// endLeft ends what somebody holds or is about to get.
func endLeft(u *engine.Unit, id string, l leaver) error {
	g, err := u.Grant(id)
	if err != nil {
		return err
	}
	e := end(g, access.EndLeft, access.System(), "", u.At)
	if l.Offboard {
		e = end(g, access.EndOffboarded, l.By, l.Reason, u.At)
	}
	_, err = u.MoveGrant(g, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // it is ending already
	}
	return err
}

// cancelLeft cancels a waiting request that somebody made or would have benefited
// from.
func cancelLeft(u *engine.Unit, id string, l leaver) error {
	r, err := u.Request(id)
	if err != nil || r.State != access.RequestPending {
		return err
	}
	name, err := people.ContactIn(u.Tx, l.Person)
	if err != nil {
		return err
	}
	e := r.Event(access.EventCancelled, access.System(), u.At)
	e.Note = name + " has left."
	if l.Offboard {
		e.Note = "Everything of " + name + " was ended by IT."
	}
	_, err = u.MoveRequest(r, e)
	return err
}

// rerouteLeft looks anew for who may decide where somebody was asked, once for
// each time that they left.
func rerouteLeft(u *engine.Unit, id string, l leaver, t store.Task) error {
	who := l.Person
	r, err := u.Request(id)
	if err != nil || r.State != access.RequestPending || !slices.Contains(r.Stages[r.Stage].Asked, who) {
		return err
	}
	name, err := people.ContactIn(u.Tx, who)
	if err != nil {
		return err
	}
	e := r.Event(access.EventNote, access.System(), u.At)
	e.Origin = fmt.Sprintf("%s/%s/%d", t.ID, strconv.FormatInt(t.Created.UnixNano(), 36), r.Stage)
	e.Note = name + ", who was asked to decide, has left. Somebody else is looked for."
	if l.Offboard {
		e.Note = name + ", who was asked to decide, can't any more: IT ended everything they have. Somebody else is looked for."
	}
	if done, err := query.Happened(u.Tx, e); err != nil || done {
		return err
	}
	_, err = u.Append(e, access.Effect{Kind: access.EffectRecord}, access.Effect{Kind: access.EffectFindApprovers})
	return err
}
