package rehearsal

import (
	"context"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/catalog/plan"
	"latchkey/store"
	"latchkey/workflow/people"
)

// waiting says what becomes different for requests that wait: they keep their stages, but not always those who
// answer them.
func (s *Service) waiting(ctx context.Context) error {
	list := func(tx store.Tx, after string, limit int) ([]access.Request, error) {
		return store.RequestsIn(tx, access.RequestPending, after, limit)
	}
	return pages(ctx, s.View, list, func(r access.Request) string { return r.ID }, func(r access.Request) error {
		if r.Unlisted != "" {
			return nil
		}
		s.decidersOf(r)
		return s.stillGiven(ctx, r)
	})
}

// decidersOf compares who may answer a waiting request.
func (s *Service) decidersOf(r access.Request) {
	before, after := s.before.resolve(r), s.after.resolve(r)
	about, name := s.label(r), r.Label()
	for key, who := range after.Who {
		if _, had := before.Who[key]; !had {
			s.compared.Note(plan.Line{Section: plan.Waiting, Sign: plan.Gain, About: about, Says: who + " is asked besides"}, name)
		}
	}
	for key, who := range before.Who {
		if _, has := after.Who[key]; !has {
			s.compared.Note(plan.Line{Section: plan.Waiting, Sign: plan.Loss, About: about, Says: who + " isn't asked any more, and hears that"}, name)
		}
	}
}

// stillGiven says of which waiting requests a yes can't count any more.
func (s *Service) stillGiven(ctx context.Context, r access.Request) error {
	requester, holder, err := s.peopleIn(ctx, r)
	if err != nil {
		return err
	}
	var has access.Standings
	err = s.View(ctx, func(tx store.Tx) (err error) {
		has.Grants, err = store.OpenGrantsOf(tx, r.Beneficiary)
		return err
	})
	if err != nil {
		return err
	}
	ref := catalog.RoleRef{App: r.App, Role: r.Role}
	refused := func(of *side) *access.Refusal {
		around := people.AttributesOf(of.People).Around(ctx, requester, holder, ref)
		refusal, _ := access.AsRefusal(r.Objection(of.Catalog, requester, holder, around, has))
		return refusal
	}
	if now := refused(&s.after); now != nil && refused(&s.before) == nil {
		s.compared.Note(plan.Line{Section: plan.Waiting, Sign: plan.Loss, About: s.label(r), Says: "can't be given any more; who asked hears that with the first yes: " + strings.TrimSuffix(now.Sentence, ".")}, r.Label())
	}
	return nil
}

func (s *Service) label(r access.Request) string {
	for _, of := range []Side{s.After, s.Before} {
		if app, role, ok := of.Catalog.Role(r.App, r.Role); ok {
			return app.Name + " · " + role.Name
		}
	}
	return r.App + "/" + r.Role
}

// peopleIn are who asked and who gets it, as they were seen last.
func (s *Service) peopleIn(ctx context.Context, r access.Request) (requester, holder access.Person, err error) {
	err = s.View(ctx, func(tx store.Tx) (err error) {
		if requester, err = people.In(tx, r.Requester); err == nil {
			holder, err = people.In(tx, r.Beneficiary)
		}
		return err
	})
	return requester, holder, err
}

// lately judges again what was asked for in the last month.
func (s *Service) lately(ctx context.Context) error {
	since := s.Now.Add(-lately)
	return pages(ctx, s.View, store.AllRequests, func(r access.Request) string { return r.ID }, func(r access.Request) error {
		switch {
		case r.Created.Before(since) || r.Unlisted != "":
			return nil
		case r.BreakGlass:
			s.compared.Unknown("what emergencies would have come to: nobody is asked about those")
			return nil
		}
		requester, holder, err := s.peopleIn(ctx, r)
		if err != nil {
			return err
		}
		if requester.MayAct() != nil || holder.Standing != access.Active {
			s.compared.Unknown("what requests would have come to of people who have left since, or can't ask any more")
			return nil
		}
		past := plan.Past{Label: r.Label(), Made: r, Before: s.before.again(ctx, r, requester, holder), After: s.after.again(ctx, r, requester, holder)}
		s.compared.Request(past)
		return nil
	})
}

// again judges a request as if it were made today.
func (s *side) again(ctx context.Context, r access.Request, requester, holder access.Person) plan.Judged {
	if requester.ID == holder.ID {
		requester = holder
	}
	all, err := s.Requests.Prospects(ctx, requester, holder)
	if err != nil {
		return plan.Judged{Err: err}
	}
	made, err := all.Of(ctx, catalog.RoleRef{App: r.App, Role: r.Role}, r.Extends, s.now)(r.Wanted)
	return plan.Judged{Request: made, Err: err}
}
