package people

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// Deciders are the people who may decide the request's current stage at this
// moment: never the requester or the beneficiary, and only people who may act.
// Where they come from was settled when the request was made; who that is now is
// looked up. Where it is nobody, the configured fallback decides.
func (s *Service) Deciders(ctx context.Context, r access.Request) ([]access.PersonID, error) {
	if r.Unlisted != "" {
		return s.admitted(ctx, r, slices.Concat(s.admins, s.fallback))
	}
	if r.Stage >= len(r.Stages) {
		return s.admitted(ctx, r, s.fallback)
	}
	return s.firstAdmitted(ctx, r, r.Stages[r.Stage].Sources, s.fallback)
}

// Reviewers are the people who may say whether an emergency was one: whoever
// would have been asked for a yes, at any stage.
func (s *Service) Reviewers(ctx context.Context, r access.Request) ([]access.PersonID, error) {
	return s.firstAdmitted(ctx, r, r.Skipped, slices.Concat(s.fallback, s.admins))
}

// firstAdmitted are those of the sources who may decide, or else those of the rest.
func (s *Service) firstAdmitted(ctx context.Context, r access.Request, sources []catalog.Approver, otherwise []access.PersonID) ([]access.PersonID, error) {
	var found []access.PersonID
	for _, source := range sources {
		some, err := s.approvers(ctx, r, source)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	admitted, err := s.admitted(ctx, r, found)
	if err != nil || len(admitted) > 0 {
		return admitted, err
	}
	return s.admitted(ctx, r, otherwise)
}

// approvers finds the people one source of approvers stands for.
func (s *Service) approvers(ctx context.Context, r access.Request, a catalog.Approver) ([]access.PersonID, error) {
	switch a.Kind {
	case catalog.Manager:
		p, err := s.Person(ctx, r.Beneficiary)
		if err != nil || p.Manager == "" {
			return nil, Softly(err)
		}
		return []access.PersonID{p.Manager}, nil
	case catalog.Owner:
		app, _ := s.catalog().App(r.App)
		return IDsOf(app.Owners), nil
	case catalog.Named:
		return IDsOf([]string{a.Person}), nil
	case catalog.Security:
		return s.Admins(), nil
	case catalog.GroupOf:
		return s.groupMembers(ctx, a.Group)
	default:
		return nil, fmt.Errorf("no way to find the approver %q", a)
	}
}

func (s *Service) groupMembers(ctx context.Context, ref catalog.GroupRef) ([]access.PersonID, error) {
	_, members, err := s.dirs.Members(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("find the approvers in %s: %w", ref, err)
	}
	var out []access.PersonID
	for _, m := range members {
		if m.Status == idp.Active && m.Email != "" {
			out = append(out, IDOf(access.NewEmail(m.Email)))
		}
	}
	return out, nil
}

// admitted keeps those who may decide at all.
func (s *Service) admitted(ctx context.Context, r access.Request, found []access.PersonID) ([]access.PersonID, error) {
	var out []access.PersonID
	for _, who := range found {
		if who == r.Requester || who == r.Beneficiary || slices.Contains(out, who) {
			continue
		}
		p, err := s.Person(ctx, who)
		if err := Softly(err); err != nil {
			return nil, err
		}
		if err == nil && p.MayAct() == nil {
			out = append(out, who)
		}
	}
	return out, nil
}
