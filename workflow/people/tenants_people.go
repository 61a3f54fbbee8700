package people

import (
	"context"
	"iter"

	"latchkey/idp"
)

// guardedPeople are everybody in an organisation, as long as it is ours.
type guardedPeople struct {
	*guarded
	inner idp.PeopleLister
}

// People implements idp.PeopleLister.
func (g guardedPeople) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		if err := g.ours(ctx); err != nil {
			yield(idp.Person{}, err)
			return
		}
		g.inner.People(ctx)(yield)
	}
}

// guardedManagers are everybody in an organisation with their managers, as long as it is ours.
type guardedManagers struct {
	*guarded
	inner idp.ManagerLister
}

// PeopleAndManagers implements idp.ManagerLister.
func (g guardedManagers) PeopleAndManagers(ctx context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		if err := g.ours(ctx); err != nil {
			yield(idp.Person{}, err)
			return
		}
		g.inner.PeopleAndManagers(ctx)(yield)
	}
}
