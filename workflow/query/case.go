package query

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Case gathers everything there is to tell about a request.
func (s *Service) Case(ctx context.Context, request string) (access.Case, error) {
	c, err := s.stored(ctx, request)
	if err != nil {
		return c, err
	}
	s.addPeople(ctx, &c)
	return c, nil
}

// Remembered is a case with its people as they were last seen: nobody outside is
// asked, so it takes no longer than the store does.
func (s *Service) Remembered(ctx context.Context, request string) (access.Case, error) {
	c, err := s.stored(ctx, request)
	if err != nil {
		return c, err
	}
	c.People = s.people.Names(ctx, append(c.Named(), c.Request.Requester, c.Request.Beneficiary))
	known := func(who access.PersonID) access.Person {
		if p, ok := c.People[who]; ok {
			return p
		}
		return people.Stranger(who)
	}
	c.Requester, c.Beneficiary = known(c.Request.Requester), known(c.Request.Beneficiary)
	return c, nil
}

func (s *Service) stored(ctx context.Context, request string) (c access.Case, err error) {
	known := s.catalog()
	err = s.units.View(ctx, func(tx store.Tx) error {
		r, err := store.Request(tx, request)
		if err != nil {
			return err
		}
		c, err = CaseIn(tx, known, r)
		return err
	})
	return c, NotFound(err, UnknownRequest)
}

// addPeople adds the people a case names.
func (s *Service) addPeople(ctx context.Context, c *access.Case) {
	c.Requester, c.Beneficiary = s.people.Known(ctx, c.Request.Requester), s.people.Known(ctx, c.Request.Beneficiary)
	if manual(*c) {
		if found, err := s.people.Fulfillers(ctx, c.App); err == nil {
			c.Fulfillers = found
		}
	}
	if manager, err := s.people.Manager(ctx, c.Request.Beneficiary); err == nil {
		c.Beneficiary.Manager = manager
	}
	c.People = s.people.Names(ctx, append(c.Named(), c.Beneficiary.Manager))
	if len(c.Request.Stages) == 0 {
		return
	}
	asked := c.Request.Stages[c.Request.Stage].Asked
	names := s.people.Names(ctx, asked) // there may be hundreds, and each of their cards names them all
	for _, who := range asked {
		p, known := names[who]
		if !known {
			p = people.Stranger(who)
		}
		c.Approvers = append(c.Approvers, p)
	}
}

// CaseIn adds to a request what else the store and the catalogue know of its
// case: everything but who people are. Events that can't be read back are left out.
func CaseIn(tx store.Tx, known *catalog.Catalog, r access.Request) (access.Case, error) {
	c := access.Case{Request: r}
	g, err := store.Grant(tx, r.GrantID())
	switch {
	case err == nil:
		c.Grant = &g
		if c.Reopened, err = reopened(tx, g.ID, r.Issue); err != nil {
			return c, err
		}
		if c.Tried, err = Tried(tx, g); err != nil {
			return c, err
		}
	case !errors.Is(err, store.ErrNotFound):
		return c, err
	}
	describe(&c, known)
	if manual(c) {
		if c.Fulfillers, err = people.FulfillersIn(tx, c.App); err != nil {
			return c, err
		}
	}
	var damage store.Damage
	c.Story, damage, err = store.Sound(store.Story(tx, store.Filter{Subject: access.RequestSubject(r.ID)}))
	for _, d := range damage {
		c.Lost = append(c.Lost, d.ID)
	}
	return c, err
}

// reopened tells whether an issue was opened again because of a question about the seat that a grant holds.
func reopened(tx store.Tx, grant string, issue access.Issue) (bool, error) {
	all, _, err := store.Sound(store.ReclaimsOfGrant(tx, grant))
	return slices.ContainsFunc(all, func(c access.Reclaim) bool { return c.Reopens(issue) }), err
}

// manual tells whether fulfillers make the change.
func manual(c access.Case) bool {
	return c.App.Provisioning == catalog.Manual || c.Grant != nil && c.Grant.Manual
}

// describe adds what a request is for. What left the catalogue is called by its id.
func describe(c *access.Case, known *catalog.Catalog) {
	r := c.Request
	if r.Unlisted != "" {
		c.App, c.Role = catalog.App{Name: r.Unlisted}, catalog.Role{Name: "not in the catalogue"}
		return
	}
	c.App, c.Role, _ = known.Role(r.App, r.Role)
	if c.App.ID == "" {
		c.App.ID, c.App.Name = r.App, cmp.Or(c.App.Name, r.App)
	}
	if c.Role.ID == "" {
		c.Role.ID, c.Role.Name = r.Role, cmp.Or(c.Role.Name, r.Role)
	}
}
