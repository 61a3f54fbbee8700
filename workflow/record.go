package workflow

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// openIssue makes the request's issue and lets a waiting grant begin.
func (s *Service) openIssue(ctx context.Context, t store.Task) (outcome, error) {
	c, err := s.Case(ctx, t.Subject)
	if err != nil || c.Request.Issue.Key != "" {
		return nil, err
	}
	var since time.Time
	if t.Begun {
		since = t.Created
	}
	issue, err := s.ports.Ledger.Open(ctx, c, since)
	if err != nil {
		return nil, err
	}
	return func(st *step) error {
		r, err := store.Request(st.tx, t.Subject)
		if err != nil {
			return err
		}
		e := r.Event(access.EventIssueOpened, access.System(), st.at)
		e.Issue = &issue
		_, err = st.request(r, e)
		return err
	}, nil
}

// recordEvent tells the issue about one event.
func (s *Service) recordEvent(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[eventPayload](t)
	if err != nil {
		return nil, err
	}
	c, err := s.Case(ctx, t.Subject)
	if err != nil {
		return nil, err
	}
	for _, e := range c.Story {
		if e.Seq == p.Event {
			return nil, s.ports.Ledger.Record(ctx, c, e, t.Begun)
		}
	}
	return nil, rejected("Event %d is not in the log, so it can't be told to the issue", p.Event)
}

// Case gathers everything there is to tell about a request.
func (s *Service) Case(ctx context.Context, request string) (access.Case, error) {
	var c access.Case
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		c, err = s.loadCase(tx, request)
		return err
	})
	if err != nil {
		return c, notFound(err, "That request isn't known any more.")
	}
	c.Requester, c.Beneficiary = s.people.known(ctx, c.Request.Requester), s.people.known(ctx, c.Request.Beneficiary)
	c.People = s.people.recall(ctx, c.Named())
	if len(c.Request.Stages) > 0 {
		for _, a := range c.Request.Stages[c.Request.Stage].Asked {
			c.Approvers = append(c.Approvers, s.people.known(ctx, a))
		}
	}
	return c, nil
}

// loadCase reads what the store knows of a case.
func (s *Service) loadCase(tx store.Tx, request string) (access.Case, error) {
	r, err := store.Request(tx, request)
	if err != nil {
		return access.Case{}, err
	}
	return s.caseOf(tx, r)
}

// caseOf adds to a request what else the store knows of its case.
func (s *Service) caseOf(tx store.Tx, r access.Request) (c access.Case, err error) {
	c.Request = r
	g, err := store.Grant(tx, c.Request.GrantID())
	switch {
	case err == nil:
		c.Grant = &g
	case !errors.Is(err, store.ErrNotFound):
		return c, err
	}
	c.App, c.Role, _ = s.Config.Catalog.Role(c.Request.App, c.Request.Role)
	c.Fulfillers = PeopleOf(c.App.Fulfillers())
	if c.Request.Unlisted != "" {
		c.Fulfillers = nil
		c.App, c.Role = catalog.App{Name: c.Request.Unlisted}, catalog.Role{Name: "not in the catalogue"}
		c.Story, err = tx.Events(store.Filter{Request: r.ID}, 0, 1000)
		return c, err
	}
	if c.App.ID == "" {
		c.App.ID, c.App.Name = c.Request.App, c.Request.App
	}
	if c.Role.ID == "" {
		c.Role.ID, c.Role.Name = c.Request.Role, c.Request.Role
	}
	c.Story, err = tx.Events(store.Filter{Request: r.ID}, 0, 1000)
	return c, err
}
