package people

import (
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
)

// live is how an answer is judged that somebody gives: of some people nothing counts that
// was asked for before the answer was there.
type live struct {
	look // by which they are looked up; its since is the number of the last one before the answer
	who  []access.PersonID

	people map[access.PersonID]*recollection // as far as they are known
	named  map[access.Email]access.PersonID  // addresses that name one of them

	delegations []access.Delegation // by which the first of who decides for others now
}

type (
	liveKey    struct{}
	arrivedKey struct{}
)

// Arrived notes the moment at which somebody does something. What Slack and the directories say of
// them from then on, to find out who they are, need not be asked again to find out what they may do. What they do
// goes by the catalogue of that moment.
func (s recollections) Arrived(ctx context.Context) context.Context {
	return context.WithValue(s.units.Holding(idp.Together(ctx)), arrivedKey{}, s.cache.begin().number)
}

// Joining has look-ups that go on by themselves belong to what somebody does, of which a context
// tells.
func (s recollections) Joining(ctx, arrived context.Context) context.Context {
	if since, known := arrived.Value(arrivedKey{}).(uint64); known {
		ctx = context.WithValue(ctx, arrivedKey{}, since)
	}
	return idp.Joining(ctx, arrived)
}

// living has nothing count of some people that was asked for before the moment that
// ctx tells of, or before now. What the store knows of them, and of those whom addresses
// name, is read at once.
func (s recollections) living(ctx context.Context, who []access.PersonID, addresses []access.Email) (context.Context, error) {
	since, arrived := ctx.Value(arrivedKey{}).(uint64)
	if !arrived {
		since = s.cache.begin().number
	}
	n := live{look: s.cache.begin(), who: who}
	n.since = since
	err := s.units.View(ctx, func(tx store.Tx) error {
		if err := n.standing(tx, who, s.units.Now()); err != nil {
			return err
		}
		n.people, n.named = make(map[access.PersonID]*recollection, len(who)+len(addresses)), make(map[access.Email]access.PersonID, len(addresses))
		for _, id := range n.who {
			if err := n.read(tx, func(tx store.Tx) (store.Known, error) { return store.Person(tx, id) }); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		for _, a := range addresses {
			if err := n.readAddress(tx, a); err != nil && !unnamed(err) {
				return err
			}
		}
		return nil
	})
	return context.WithValue(ctx, liveKey{}, n), err
}

// standing notes for whom the first of some people decides at a moment. They are looked up anew
// as well: whoever may not decide themselves has nobody who does.
func (n *live) standing(tx store.Tx, who []access.PersonID, at time.Time) (err error) {
	n.who = slices.Clone(who)
	all, _, err := store.Sound(store.DelegationsTo(tx, who[0]))
	n.delegations = store.Counting(all, at)
	for _, d := range n.delegations {
		n.who = append(n.who, d.Delegator)
	}
	return err
}

// decidesFor are the delegations by which whoever gives the answer decides for others.
func decidesFor(ctx context.Context) []access.Delegation {
	l, _ := ctx.Value(liveKey{}).(live)
	return l.delegations
}

// read notes what the store knows of somebody.
func (n live) read(tx store.Tx, find func(store.Tx) (store.Known, error)) error {
	r, err := recollectIn(tx, n.look, find)
	if err != nil {
		return err
	}
	if !slices.Contains(n.who, r.known.ID) {
		r.since = 0
	}
	n.people[r.known.ID] = r
	return nil
}

// readAddress notes whom an address names.
func (n live) readAddress(tx store.Tx, a access.Email) error {
	held, err := store.HoldingsOf(tx).AddressHolders(a)
	if err != nil || len(held) != 1 {
		return err
	}
	if _, read := n.people[held[0]]; !read {
		err = n.read(tx, func(tx store.Tx) (store.Known, error) { return store.Person(tx, held[0]) })
	}
	if err == nil {
		n.named[a] = held[0]
	}
	return err
}

// asOf is the number of the look that has to be behind whatever counts of somebody; 0, if it
// may be any that is fresh.
func asOf(ctx context.Context, who access.PersonID) uint64 {
	if l, ok := ctx.Value(liveKey{}).(live); ok && slices.Contains(l.who, who) {
		return l.since
	}
	return 0
}

// livingNow tells whether an answer is judged, so that nothing counts that was known before.
func livingNow(ctx context.Context) bool {
	_, judged := ctx.Value(liveKey{}).(live)
	return judged
}

// begin begins a look at somebody, or is the one that has begun.
func (s recollections) begin(ctx context.Context, who access.PersonID) look {
	if l, ok := ctx.Value(liveKey{}).(live); ok && slices.Contains(l.who, who) {
		return l.look
	}
	return s.cache.begin()
}
