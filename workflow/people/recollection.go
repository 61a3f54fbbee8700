package people

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// recollection is what the store knows of somebody who is about to be looked up: all
// that it takes to tell whether what Slack and the directories show of them is news, read
// at once, after the look began.
type recollection struct {
	look
	known store.Known
	asked access.IdentityQuestion // about their account in Slack, as it was when they were seen last
}

// recollect reads in one look at the store who somebody is.
func (s *identities) recollect(ctx context.Context, find func(store.Tx) (store.Known, error)) (r recollection, err error) {
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

// recallPerson is what the store knows of somebody by their id.
func (s *identities) recallPerson(ctx context.Context, who access.PersonID) (recollection, error) {
	if l, ok := ctx.Value(liveKey{}).(live); ok {
		if r, read := l.people[who]; read {
			return r, nil
		}
	}
	return s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.Person(tx, who) })
}

// recallAddress is what the store knows of the one person whom an address names.
func (s *identities) recallAddress(ctx context.Context, a access.Email) (recollection, error) {
	if l, ok := ctx.Value(liveKey{}).(live); ok {
		if who, read := l.named[a]; read {
			return l.people[who], nil
		}
	}
	return s.recollect(ctx, func(tx store.Tx) (store.Known, error) { return store.PersonByAddress(tx, a) })
}
