package engine

import (
	"context"
	"fmt"

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
		return u.postpone(e, eff)
	}
	if err := do(u, e, eff); err != nil {
		return fmt.Errorf("%s after %s: %w", eff.Kind, e.Kind, err)
	}
	return nil
}

// effectPayload is an effect that waits for a version that knows it.
type effectPayload struct {
	Event  access.Event
	Effect access.Effect
}

// postpone makes a task of an effect that this version doesn't know. The task
// will be set aside with a sentence, and can be tried again when a version is
// there that does; what caused the effect stands.
func (u *Unit) postpone(e access.Event, eff access.Effect) error {
	body, err := Payload(effectPayload{e, eff})
	if err != nil {
		return err
	}
	id := "effect/" + e.ID + "/" + string(eff.Kind)
	if eff.Group != nil {
		id += "/" + eff.Group.String()
	}
	_, err = u.Enqueue(store.Task{
		ID: id, Queue: HouseQueue, Kind: EffectTask, Subject: e.About(),
		Priority: store.Writings, Payload: body,
	})
	return err
}

// doEffect is the handler of EffectTask: somebody asks for an effect again that
// an earlier version didn't know.
func (s *Units) doEffect(_ context.Context, t store.Task) (Outcome, error) {
	p, err := ReadPayload[effectPayload](t)
	if err != nil {
		return nil, err
	}
	if _, known := s.effects[p.Effect.Kind]; !known {
		return nil, s.unknown("the effect", string(p.Effect.Kind))
	}
	return func(u *Unit) error { return u.carryOut(p.Event, p.Effect) }, nil
}
