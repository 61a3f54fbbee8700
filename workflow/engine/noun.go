package engine

import (
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Noun says how one sort of thing is kept. Whoever owns the noun declares it;
// requests, grants and cards are declared here because every room needs them.
type Noun[T any] struct {
	Kind string // the kind of its records
	ID   func(T) string
	Load func(store.Tx, string) (T, error)
	Put  func(store.Tx, *T) error // at its version, which it raises
}

// Requests are what people ask for.
func Requests() Noun[access.Request] {
	return Noun[access.Request]{"request", func(r access.Request) string { return r.ID }, store.Request, store.PutRequest}
}

// Grants are the changes that come of requests.
func Grants() Noun[access.Grant] {
	return Noun[access.Grant]{"grant", func(g access.Grant) string { return g.ID }, store.Grant, store.PutGrant}
}

// Cards are the messages that show how a request stands.
func Cards() Noun[store.Card] {
	return Noun[store.Card]{"card", func(c store.Card) string { return c.ID }, store.LoadCard, store.PutCard}
}

// Machine is a noun that moves by events.
type Machine[T any] interface {
	Apply(e access.Event, at time.Time) (T, []access.Effect, error)
}

// identity is what a unit has loaded and stored, by kind and id.
type identity map[identityKey]any

type identityKey struct{ kind, id string }

// Load gives a thing as this unit sees it: as the unit stored it last, or else as
// it is in the store. Absent: store.ErrNotFound. What it holds in slices is
// shared with later loads, so whoever changes one clones it first.
func Load[T any](u *Unit, n Noun[T], id string) (T, error) {
	key := identityKey{n.Kind, id}
	if v, known := u.known[key].(T); known {
		return v, nil
	}
	v, err := n.Load(u.Tx, id)
	if err != nil {
		return v, err
	}
	put(&u.known, key, any(v))
	return v, nil
}

// Save stores a thing at its version, which it raises.
func Save[T any](u *Unit, n Noun[T], v *T) error {
	if err := n.Put(u.Tx, v); err != nil {
		return err
	}
	put(&u.known, identityKey{n.Kind, n.ID(*v)}, any(*v))
	return nil
}

// Move moves a thing by an event: it is stored as it stands then, the event is
// appended, and what the machine asks for is done behind what was asked for
// before. A move the machine refuses is an access.Refusal and changes nothing.
func Move[T Machine[T]](u *Unit, n Noun[T], v T, e access.Event) (T, error) {
	next, effs, err := v.Apply(e, u.At)
	if err != nil {
		return v, err
	}
	if err := Begin(u, n, &next, e, effs...); err != nil {
		return v, err
	}
	return next, nil
}

// Begin stores a thing together with the event that made it what it is: a new
// one with its first event, or one that moved by other rules than Apply.
func Begin[T any](u *Unit, n Noun[T], v *T, e access.Event, effs ...access.Effect) error {
	if err := Save(u, n, v); err != nil {
		return err
	}
	if _, err := u.Append(e, effs...); err != nil {
		return fmt.Errorf("%s %s: %w", n.Kind, n.ID(*v), err)
	}
	return nil
}

// Request loads a request; see Load.
func (u *Unit) Request(id string) (access.Request, error) { return Load(u, Requests(), id) }

// RequestSince loads a request that was seen just before this unit began; what has not
// changed since need not be read back.
func (u *Unit) RequestSince(seen access.Request) (access.Request, error) {
	n := Requests()
	n.Load = func(tx store.Tx, _ string) (access.Request, error) { return store.RequestSince(tx, seen) }
	return Load(u, n, seen.ID)
}

// Grant loads a grant; see Load.
func (u *Unit) Grant(id string) (access.Grant, error) { return Load(u, Grants(), id) }

// MoveRequest moves a request by an event; see Move.
func (u *Unit) MoveRequest(r access.Request, e access.Event) (_ access.Request, err error) {
	if c := u.units.chaser; c != nil {
		if e.Chase, err = c.OfRequest(u, r, e); err != nil {
			return r, fmt.Errorf("find when to tell again of request %s: %w", r.ID, err)
		}
	}
	next, effs, err := r.Apply(e, u.At)
	if err != nil {
		return r, err
	}
	if err := Begin(u, Requests(), &next, e.Noting(access.Waits(next)), effs...); err != nil {
		return r, err
	}
	return next, nil
}

// MoveGrant moves a grant by an event; see Move.
func (u *Unit) MoveGrant(g access.Grant, e access.Event) (_ access.Grant, err error) {
	if c := u.units.chaser; c != nil {
		if e.Chase, err = c.OfGrant(u, g, e); err != nil {
			return g, fmt.Errorf("find when to tell again of grant %s: %w", g.ID, err)
		}
	}
	next, effs, err := g.Apply(e, u.At)
	if err != nil {
		return g, err
	}
	if err := Begin(u, Grants(), &next, e.Noting(next.FollowUp), effs...); err != nil {
		return g, err
	}
	return next, nil
}
