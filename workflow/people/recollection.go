package people

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
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

	manager access.Person // as the store knows who that is; zero if it doesn't
	early   *earlyReplies // what the directories show of them by that, if they were asked; or nil
}

// recollections read what the store knows of people.
type recollections struct {
	units *engine.Units
	cache *cache
}

// recollect reads in one look at the store who somebody is.
func (s recollections) recollect(ctx context.Context, find func(store.Tx) (store.Known, error)) (r *recollection, err error) {
	r = &recollection{look: s.cache.begin()}
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		r, err = recollectIn(tx, r.look, find)
		return err
	})
	r.since = asOf(ctx, r.known.ID)
	return r, err
}

func recollectIn(tx store.Tx, l look, find func(store.Tx) (store.Known, error)) (r *recollection, err error) {
	r = &recollection{look: l}
	if r.known, err = find(tx); err != nil {
		return r, err
	}
	p := &r.known.Person
	r.asked.Account = access.AccountSnapshot{System: access.SystemSlack, ID: p.Account(access.SystemSlack), Address: p.Email}
	if r.asked.Account.ID == "" {
		return r, nil
	}
	r.asked.Bound = p
	if p.Manager != "" {
		r.manager, _ = In(tx, p.Manager) // one that can't be read is looked for where it matters
	}
	return r, namedBy(tx, &r.asked)
}

// answers tells whether a question was answered already, and answers it.
func (r *recollection) answers(q *access.IdentityQuestion) bool {
	if r == nil || r.asked.Bound == nil || r.asked.Account.ID != q.Account.ID || r.asked.Account.Address != q.Account.Address {
		return false
	}
	q.Bound, q.Holders, q.HeldBack = r.asked.Bound, slices.Clone(r.asked.Holders), r.asked.HeldBack
	return true
}

// errUnread says that something was not read when somebody was recalled.
var errUnread = errors.New("it was not read")

// AccountHolder implements access.Holdings.
func (r *recollection) AccountHolder(system, id string) (access.PersonID, error) {
	if r.known.Account(system) != id {
		return "", errUnread
	}
	return r.known.ID, nil
}

// AddressHolders implements access.Holdings.
func (r *recollection) AddressHolders(a access.Email) (all []access.PersonID, err error) {
	if r.asked.Account.Address != a {
		return nil, errUnread
	}
	for _, h := range r.asked.Holders {
		all = append(all, h.Person.ID)
	}
	return all, nil
}

// managed is managerIn by what was recalled, if that is enough.
func (r *recollection) managed(b managerEntry) (manager access.PersonID, enough bool) {
	switch {
	case b.account != "":
		if r.manager.Account(b.directory) != b.account || b.givenOn(r.manager) {
			return "", false
		}
		return r.manager.ID, true
	case b.address != "" || catalog.IsEmail(b.named):
		return "", false
	case b.known:
		return r.known.Manager, true
	}
	return "", true
}

// recalled is what the store knows of somebody by their id.
func (s recollections) recalled(ctx context.Context, who access.PersonID) (*recollection, error) {
	if l, ok := ctx.Value(liveKey{}).(live); ok {
		if r, read := l.people[who]; read {
			return r, nil
		}
	}
	return s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.Person(tx, who) })
}

// recalledBy is what the store knows of the one person whom an address names.
func (s recollections) recalledBy(ctx context.Context, a access.Email) (*recollection, error) {
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
