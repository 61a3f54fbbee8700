package people

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// recollection is what the store knows of somebody who is about to be looked up: all
// that it takes to tell whether what Slack and the directories show of them is news, read
// at once, after the look began.
type recollection struct {
	look
	known store.Known
	asked access.IdentityQuestion // about their account in Slack, as it was when they were seen last
}

// recollections read what the store knows of people.
type recollections struct {
	units *engine.Units
	cache *cache
}

// recollect reads in one look at the store who somebody is.
func (s recollections) recollect(ctx context.Context, find func(store.Tx) (store.Known, error)) (r recollection, err error) {
	l := s.cache.begin()
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		r, err = recollectIn(tx, l, find)
		return err
	})
	r.since = asOf(ctx, r.known.ID)
	return r, err
}

func recollectIn(tx store.Tx, l look, find func(store.Tx) (store.Known, error)) (r recollection, err error) {
	r.look = l
	if r.known, err = find(tx); err != nil {
		return r, err
	}
	p := r.known.Person
	r.asked.Account = access.AccountSnapshot{System: access.SystemSlack, ID: p.Account(access.SystemSlack), Address: p.Email}
	if r.asked.Account.ID == "" {
		return r, nil
	}
	r.asked.Bound = &p
	return r, namedBy(tx, &r.asked)
}

// recalled is what the store knows of somebody by their id.
func (s recollections) recalled(ctx context.Context, who access.PersonID) (recollection, error) {
	if l, ok := ctx.Value(liveKey{}).(live); ok {
		if r, read := l.people[who]; read {
			return r, nil
		}
	}
	return s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.Person(tx, who) })
}

// recalledBy is what the store knows of the one person whom an address names.
func (s recollections) recalledBy(ctx context.Context, a access.Email) (recollection, error) {
	if l, ok := ctx.Value(liveKey{}).(live); ok {
		if who, read := l.named[a]; read {
			return l.people[who], nil
		}
	}
	return s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.PersonByAddress(tx, a) })
}

// known finds to whom an account is bound and whom its address names.
func known(tx store.Tx, q *access.IdentityQuestion) error {
	q.Bound, q.Holders = nil, nil
	k, err := store.PersonByAccount(tx, q.Account.System, q.Account.ID)
	switch {
	case err == nil:
		q.Bound = &k.Person
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	return namedBy(tx, q)
}

// namedBy finds whom the address of an account names.
func namedBy(tx store.Tx, q *access.IdentityQuestion) (err error) {
	if q.Account.Address == "" {
		return nil
	}
	if q.HeldBack, err = heldBack(tx, q.Account.Address); err != nil {
		return err
	}
	found, err := store.HoldingsOf(tx).AddressHolders(q.Account.Address)
	for _, id := range found {
		p := q.Bound
		if p == nil || p.ID != id {
			k, err := store.Person(tx, id)
			if err != nil {
				return err
			}
			p = &k.Person
		}
		holder := access.Holder{Person: *p}
		if p.Account(q.Account.System) == "" && p.Standing == access.Left {
			holder.Standing = access.Left
		}
		q.Holders = append(q.Holders, holder)
	}
	return err
}
