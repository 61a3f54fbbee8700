package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

// Deciders are the people who may decide the request's current stage at this
// moment: never the requester or the beneficiary, and only people who may act.
// Where they come from was decided when the request was made; who that is now is
// looked up. Where it is nobody, the configured fallback decides. Where nobody has
// answered for long, others may decide as well.
func (s *Service) Deciders(ctx context.Context, r access.Request) (Found, error) {
	sources, otherwise := s.deciding(r)
	found, err := s.firstAdmitted(ctx, r, sources, otherwise)
	if err != nil {
		return found, err
	}
	also, err := escalation{s, r}.added(ctx, found.Who)
	if found.Who, found.Also = append(found.Who, also...), also; err != nil {
		return found, err
	}
	return s.withDelegates(ctx, r, found)
}

// deciding are where those come from who decide the current stage, and who stands in.
func (s *Service) deciding(r access.Request) ([]catalog.Approver, []access.Email) {
	switch {
	case r.Unlisted != "":
		return nil, slices.Concat(s.admins, s.fallback)
	case r.Stage >= len(r.Stages):
		return nil, s.fallback
	}
	return r.Stages[r.Stage].Sources, s.fallback
}

// Reviewers are the people who may say whether an emergency was one: whoever
// would have been asked for a yes, at any stage.
func (s *Service) Reviewers(ctx context.Context, r access.Request) (Found, error) {
	return s.firstAdmitted(ctx, r, r.Skipped, slices.Concat(s.fallback, s.admins))
}

// firstAdmitted are those of the sources who may decide, or else those of the rest.
func (s *Service) firstAdmitted(ctx context.Context, r access.Request, sources []catalog.Approver, otherwise []access.Email) (Found, error) {
	n, err := question{s, r}.asked(ctx, sources, false)
	if err != nil {
		return Found{}, err
	}
	found, err := s.admitted(ctx, r, n)
	if err != nil || len(found.Who) > 0 {
		return found, err
	}
	others, err := s.instead(ctx, r, otherwise)
	if len(sources) > 0 {
		others.Why = "Nobody whom the route asks can decide: " + strings.Join(n.lacks(r, found), "; ") + "."
	}
	return others, err
}

// instead are those of the people whom addresses name who may decide.
func (s *Service) instead(ctx context.Context, r access.Request, written []access.Email) (Found, error) {
	n, err := s.byAddresses(ctx, written)
	if err != nil {
		return Found{}, err
	}
	n.because(access.Basis{})
	found, err := s.admitted(ctx, r, n)
	found.Unfound = nil // nobody is missing who only stands in
	return found, err
}

// approvers finds the people one source of approvers stands for; of a group only those
// who are known, if nobody is to be met.
func (s *Service) approvers(ctx context.Context, r access.Request, a catalog.Approver, known bool) (named, error) {
	switch a.Kind {
	case catalog.Manager:
		return s.managerOf(ctx, r.Beneficiary)
	case catalog.Owner:
		n, err := s.byAddresses(ctx, question{s, r}.writtenOf(a))
		if app, _ := s.catalog().App(r.App); len(app.Owners) == 0 {
			n.vacant = []string{app.Name + " has no owner"}
		}
		return n, err
	case catalog.Named, catalog.Security:
		return s.byAddresses(ctx, question{s, r}.writtenOf(a))
	case catalog.GroupOf:
		return s.groupMembers(ctx, a.Group, known)
	default:
		return named{}, fmt.Errorf("no way to find the approver %q", a)
	}
}

// writtenOf are the addresses that are written down for a source of approvers.
func (q question) writtenOf(a catalog.Approver) []access.Email {
	switch a.Kind {
	case catalog.Owner:
		app, _ := q.s.catalog().App(q.r.App)
		return Addresses(app.Owners)
	case catalog.Named:
		return Addresses([]string{a.Person})
	case catalog.Security:
		return q.s.admins
	}
	return nil
}

// admitted keeps those who may decide at all. The person whom it is about is left
// out without a word: nobody decides for themselves.
func (s *Service) admitted(ctx context.Context, r access.Request, n named) (Found, error) {
	found := slices.DeleteFunc(distinct(n.who), func(who access.PersonID) bool { return own(r, who) })
	if err := s.gather(ctx, found, nil); err != nil {
		return Found{}, err
	}
	people, errs := make([]access.Person, len(found)), make([]error, len(found))
	sideBySide(len(found), func(i int) { people[i], errs[i] = s.Person(ctx, found[i]) })
	out := Found{Unfound: n.unfound, As: n.as}
	for i, who := range found {
		switch err := errs[i]; {
		case Softly(err) != nil:
			return Found{}, err
		case err != nil:
			out.Unfound = append(out.Unfound, s.Contact(ctx, who)+" is not known in Slack any more")
		case people[i].MayAct() != nil:
			out.Unfound = append(out.Unfound, people[i].Contact()+" may not act: "+whyNot(people[i]))
		case !r.Distinct || !saidYes(r, who):
			out.Who = append(out.Who, who)
		}
	}
	return out, nil
}
