// Package rehearsal finds out what would be different if another catalogue were in force: for everybody who is
// known, for what waits, and for what was asked for lately. It has two of everything that judges, one for each
// catalogue, and writes nothing.
package rehearsal

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/catalog/plan"
	"latchkey/store"
	"latchkey/workflow/people"
	"latchkey/workflow/requests"
)

// lately is how far back requests are judged again.
const lately = 30 * catalog.Day

// page is how much is read of the store at once.
const page = 200

// Side is everything that judges by one of the two catalogues.
type Side struct {
	File     string
	Catalog  *catalog.Catalog
	Admins   []string
	Fallback []string
	People   *people.Service
	Requests *requests.Service
}

// Config is what the room is made of.
type Config struct {
	View          func(context.Context, func(store.Tx) error) error
	Now           time.Time
	Before, After Side
}

// Service compares.
type Service struct {
	Config
	compared      *plan.Comparison
	before, after side
}

// Run compares what would come of everything that is known.
func Run(ctx context.Context, c Config) (plan.Plan, error) {
	s := &Service{Config: c, before: newSide(ctx, c, c.Before), after: newSide(ctx, c, c.After)}
	s.compared = plan.Compare(s.before.file(), s.after.file())
	for _, step := range []func(context.Context) error{s.everybody, s.waiting, s.lately, s.reviews} {
		if err := step(ctx); err != nil {
			return plan.Plan{}, err
		}
	}
	return s.compared.Plan().By("what the store knows", c.Now.Add(-lately)), nil
}

// everybody judges all who can ask.
func (s *Service) everybody(ctx context.Context) error {
	return pages(ctx, s.View, store.AllPeople, func(k store.Known) string { return string(k.ID) }, func(k store.Known) error {
		if k.Same != "" || k.MayAct() != nil {
			return nil
		}
		if len(s.compared.Affected()) == 0 {
			s.compared.Person(k.Display(), nil, nil)
			return nil
		}
		before, err := s.before.answers(ctx, k.Person)
		if err != nil {
			return err
		}
		after, err := s.after.answers(ctx, k.Person)
		if err != nil {
			return err
		}
		s.compared.Person(k.Display(), before, after)
		return nil
	})
}

// reviews compares with what the reviews that go on began.
func (s *Service) reviews(ctx context.Context) error {
	return pages(ctx, s.View, store.Campaigns, func(c access.Campaign) string { return c.ID }, func(c access.Campaign) error {
		if c.Running() {
			s.compared.Run(c.ID+" ("+string(c.State)+")", c.Review)
		}
		return nil
	})
}

// pages goes through a listing of the store, a page at a time, outside of its transactions. What can't be read
// back is left out.
func pages[T any](ctx context.Context, view func(context.Context, func(store.Tx) error) error, list func(store.Tx, string, int) ([]T, error), id func(T) string, do func(T) error) error {
	for after := ""; ; {
		var some []T
		var damage store.Damage
		err := view(ctx, func(tx store.Tx) (err error) {
			some, damage, err = store.Sound(list(tx, after, page))
			return err
		})
		if err != nil {
			return err
		}
		for _, one := range some {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := do(one); err != nil {
				return err
			}
			after = id(one)
		}
		if len(some)+len(damage) < page || len(some) == 0 {
			return nil
		}
	}
}

// display is what people call somebody who is known.
func display(ctx context.Context, view func(context.Context, func(store.Tx) error) error, who access.PersonID) (name string) {
	name = access.Unnamed
	_ = view(ctx, func(tx store.Tx) error { // one that can't be read has no name
		p, err := people.In(tx, who)
		if err == nil {
			name = p.Display()
		}
		return err
	})
	return name
}
