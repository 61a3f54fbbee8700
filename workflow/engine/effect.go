package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// EffectFunc carries out one effect of an event, within the unit that appended
// it: it moves other machines or queues tasks for the world outside.
type EffectFunc func(*Unit, access.Event, access.Effect) error

type effects map[access.EffectKind]EffectFunc

// What goes in circles is ended here: the longest chain of effects of effects
// there is has a handful of links, and a batch of due things some thousand effects.
const (
	deepest = 32
	most    = 20_000
)

type pendingEffect struct {
	event  *access.Event // shared by its effects
	effect access.Effect
	depth  int
}

func (u *Unit) queue(e access.Event, effs []access.Effect) {
	for _, eff := range effs {
		u.pending = append(u.pending, pendingEffect{&e, eff, u.depth + 1})
	}
}

// drain carries the queued effects out, first come first served, and those that
// follow from them behind.
func (u *Unit) drain() error {
	for done := 0; done < len(u.pending); done++ {
		next := u.pending[done]
		if u.depth = next.depth; u.depth > deepest || done > most {
			return fmt.Errorf("engine: effects go in circles: %s after %s", next.effect.Kind, next.event.Kind)
		}
		if err := u.carryOut(*next.event, next.effect); err != nil {
			return err
		}
	}
	u.pending = nil
	return nil
}

func (u *Unit) carryOut(e access.Event, eff access.Effect) error {
	do, known := u.units.effects[eff.Kind]
	if !known {
		return u.postpone(e, eff, e.About())
	}
	if !slices.Contains(u.units.apart, eff.Kind) {
		return effectError(e, eff, do(u, e, eff))
	}
	err := Caught(string(eff.Kind)+" of "+e.About().String(), func() error { return do(u, e, eff) })
	if err == nil || unwritable(err) {
		return effectError(e, eff, err)
	}
	u.units.log.Error("what happened can't be told; it stands all the same", "effect", eff.Kind, "event", e.Kind, "subject", e.About(), "error", err)
	return u.postpone(e, eff, access.Subject{}) // what it is about may be what can't be read
}

func effectError(e access.Event, eff access.Effect, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s after %s: %w", eff.Kind, e.Kind, err)
}

// unwritable tells errors that are the whole unit's from those of one thing in it.
func unwritable(err error) bool {
	for _, of := range []error{store.ErrConflict, store.ErrFenced, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, of) {
			return true
		}
	}
	return store.Rests(err)
}

// effectPayload is an effect that waits for a version that knows it, or for what it
// needs to be readable again.
type effectPayload struct {
	Event  access.Event
	Effect access.Effect
}

// postpone makes a task of an effect that can't be carried out now. The task will
// be set aside with a sentence, and can be tried again; what caused the effect
// stands.
func (u *Unit) postpone(e access.Event, eff access.Effect, about access.Subject) error {
	body, err := Payload(effectPayload{e, eff})
	if err != nil {
		return err
	}
	id := "effect/" + e.ID + "/" + string(eff.Kind)
	if eff.Group != nil {
		id += "/" + eff.Group.String()
	}
	_, err = u.Enqueue(store.Task{
		ID: id, Queue: HouseQueue, Kind: EffectTask, Subject: about,
		Priority: store.Writings, Payload: body,
	})
	return err
}

// doEffect is the handler of EffectTask: an effect is tried again that an earlier
// version didn't know, or for which something couldn't be read.
func (s *Units) doEffect(_ context.Context, t store.Task) (Outcome, error) {
	p, err := ReadPayload[effectPayload](t)
	if err != nil {
		return nil, err
	}
	do, known := s.effects[p.Effect.Kind]
	if !known {
		return nil, s.unknown("the effect", string(p.Effect.Kind))
	}
	return func(u *Unit) error {
		err := do(u, p.Event, p.Effect)
		if err == nil || unwritable(err) {
			return err
		}
		return &access.Failure{Class: access.Rejected, Err: err, Sentence: fmt.Sprintf(
			"What happened to %s (%s) can't be told to everybody who should know, because not all of it can be read back: restore it from a backup, then try again", p.Event.About(), p.Event.Kind)}
	}, nil
}
