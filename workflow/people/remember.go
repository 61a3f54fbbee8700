package people

import (
	"context"
	"errors"
	"reflect"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

func (s *Service) remembered(ctx context.Context, who access.PersonID) (k store.Known, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		k, err = store.Person(tx, who)
		return err
	})
	return k, err
}

// remember stores a person if anything but the time of looking changed, and
// unless they were forgotten since they were looked up: what was stored meanwhile,
// such as that they left, is newer.
func (s *Service) remember(ctx context.Context, m access.Person, l look) error {
	old, err := s.remembered(ctx, m.ID)
	if err == nil && sameButTimes(old.Person, m) {
		return nil
	}
	return s.units.Update(ctx, func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, m.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if !s.memory.current(m, l) {
			return nil
		}
		k.Person = m
		return store.PutPerson(u.Tx, &k)
	})
}

func sameButTimes(a, b access.Person) bool {
	a.LastLogin, b.LastLogin = time.Time{}, time.Time{}
	a.Since, b.Since = a.Since.Truncate(time.Second), b.Since.Truncate(time.Second)
	a.Bindings, b.Bindings = withoutTimes(a.Bindings), withoutTimes(b.Bindings)
	return reflect.DeepEqual(a, b)
}

func withoutTimes(in []access.Binding) []access.Binding {
	out := make([]access.Binding, len(in))
	for i, b := range in {
		b.At = time.Time{}
		out[i] = b
	}
	return out
}

// Names are the people behind ids, as far as they are known without asking
// anybody: fresh, or remembered from earlier.
func (s *Service) Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := make(map[access.PersonID]access.Person, len(who))
	var rest []access.PersonID
	for _, id := range who {
		if p, ok := s.memory.person(id); ok {
			out[id] = p
			continue
		}
		rest = append(rest, id)
	}
	if len(rest) == 0 {
		return out
	}
	err := s.units.View(ctx, func(tx store.Tx) error {
		for _, id := range rest {
			k, err := store.Person(tx, id)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if err == nil {
				out[id] = k.Person
			}
		}
		return nil
	})
	if err != nil {
		s.log.Warn("names can't be read from the store; addresses are shown instead", "error", err)
	}
	return out
}

// Recall finds people for showing, without asking anybody about those who were
// seen before. People who are known nowhere are left out.
func (s *Service) Recall(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := s.Names(ctx, who)
	for _, id := range who {
		if _, ok := out[id]; ok {
			continue
		}
		if found, err := s.Person(ctx, id); err == nil {
			out[id] = found
		}
	}
	return out
}
