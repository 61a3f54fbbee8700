package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// fillBatch is how many records one transaction of the loader writes.
const fillBatch = 5_000

// batches calls fn with every number below n, many to a transaction.
func batches(ctx context.Context, s store.Store, n int, fn func(tx store.Tx, n int) error) error {
	for from := 0; from < n; from += fillBatch {
		err := s.Update(ctx, func(tx store.Tx) error {
			for i := from; i < min(from+fillBatch, n); i++ {
				if err := fn(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fillPeople makes so many people known who ask, and the approver, unless they are.
func fillPeople(ctx context.Context, s store.Store, people int) error {
	known := false
	err := s.View(ctx, func(tx store.Tx) error {
		_, err := store.Person(tx, idOf(approver))
		if known = err == nil; errors.Is(err, store.ErrNotFound) {
			return nil
		}
		return err
	})
	if err != nil || known {
		return err
	}
	now := time.Now().UTC()
	return batches(ctx, s, people+1, func(tx store.Tx, n int) error {
		who := userID(people - n) // the approver last
		p := access.Person{ID: idOf(who), Kind: access.Employee, Standing: access.Active}
		for system, account := range map[string]string{access.SystemSlack: who, "okta": string(mailOf(who))} {
			var err error
			if p, err = p.Bind(access.Binding{System: system, ID: account, Level: access.AssuranceChecked, Since: now}, ""); err != nil {
				return err
			}
		}
		p = p.Rename(access.ShownAddress(access.SystemSlack, mailOf(who), access.AssuranceChecked, now))
		return store.PutPerson(tx, &store.Known{Person: p.Rename(access.ShownName(access.SystemSlack, "Person "+who, now))})
	})
}

// fillRequests makes requests that wait for the approver, with their story.
func (h *house) fillRequests(ctx context.Context, count int) error {
	if err := fillPeople(ctx, h.store, h.people); err != nil {
		return err
	}
	now := time.Now().UTC()
	return batches(ctx, h.store, count, func(tx store.Tx, n int) error {
		r, err := h.ask(tx, n, now)
		if err != nil {
			return err
		}
		return h.move(tx, &r, asked(r, now), now)
	})
}

// ask submits request n, without the tasks that follow.
func (h *house) ask(tx store.Tx, n int, at time.Time) (access.Request, error) {
	user := userID(1 + n%crowd)
	who, err := roster{}.Member(context.Background(), user)
	if err != nil {
		return access.Request{}, err
	}
	who.ID = idOf(userID(1 + n%crowd))
	ask := access.Ask{
		ID: requestID(n), Origin: fmt.Sprintf("origin-%d", n), Requester: who, Beneficiary: who, App: appID(n / crowd % appCount), Role: "editor",
		Wanted: 6 * time.Hour, Reason: "Launch assets for the spring campaign", Via: access.ViaSlack, LapseAfter: 30 * 24 * time.Hour,
	}
	r, e, _, err := access.Submit(h.catalog, ask, access.Standings{}, at)
	if err != nil {
		return r, err
	}
	if err := store.PutRequest(tx, &r); err != nil {
		return r, err
	}
	_, err = store.Append(tx, e)
	return r, err
}

// move applies an event to a request and stores both.
func (h *house) move(tx store.Tx, r *access.Request, e access.Event, at time.Time) error {
	next, _, err := r.Apply(e, at)
	if err != nil {
		return err
	}
	*r = next
	if err := store.PutRequest(tx, r); err != nil {
		return err
	}
	_, err = store.Append(tx, e)
	return err
}

func asked(r access.Request, at time.Time) access.Event {
	e := r.Event(access.EventApproversAsked, access.System(), at)
	e.Approvers = []access.PersonID{idOf(approver)}
	return e
}
