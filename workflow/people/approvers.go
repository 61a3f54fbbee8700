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
// Where they come from was decided when the request was made; who that is now is
// looked up. Where it is nobody, the configured fallback decides.
func (s *Service) Deciders(ctx context.Context, r access.Request) ([]access.PersonID, error) {
	if r.Unlisted != "" {
		return s.admittedOf(ctx, r, slices.Concat(s.admins, s.fallback))
	}
	if r.Stage >= len(r.Stages) {
		return s.admittedOf(ctx, r, s.fallback)
	}
	return s.firstAdmitted(ctx, r, r.Stages[r.Stage].Sources, s.fallback)
}

// Reviewers are the people who may say whether an emergency was one: whoever
// would have been asked for a yes, at any stage.
func (s *Service) Reviewers(ctx context.Context, r access.Request) ([]access.PersonID, error) {
	return s.firstAdmitted(ctx, r, r.Skipped, slices.Concat(s.fallback, s.admins))
}

// firstAdmitted are those of the sources who may decide, or else those of the rest.
func (s *Service) firstAdmitted(ctx context.Context, r access.Request, sources []catalog.Approver, otherwise []access.Email) ([]access.PersonID, error) {
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
	return s.admittedOf(ctx, r, otherwise)
}

// admittedOf are those of the people whom addresses name who may decide.
func (s *Service) admittedOf(ctx context.Context, r access.Request, written []access.Email) ([]access.PersonID, error) {
	found, err := s.byAddresses(ctx, written)
	if err != nil {
		return nil, err
	}
	return s.admitted(ctx, r, found)
}

// approvers finds the people one source of approvers stands for.
func (s *Service) approvers(ctx context.Context, r access.Request, a catalog.Approver) ([]access.PersonID, error) {
	switch a.Kind {
	case catalog.Manager:
		who, err := s.Manager(ctx, r.Beneficiary)
		if err != nil || who == "" {
			return nil, err
		}
		return []access.PersonID{who}, nil
	case catalog.Owner:
		app, _ := s.catalog().App(r.App)
		return s.byAddresses(ctx, Addresses(app.Owners))
	case catalog.Named:
		return s.byAddresses(ctx, Addresses([]string{a.Person}))
	case catalog.Security:
		return s.Admins(ctx)
	case catalog.GroupOf:
		return s.groupMembers(ctx, a.Group)
	default:
		return nil, fmt.Errorf("no way to find the approver %q", a)
	}
}

// groupMembers are the people behind the accounts in a group.
func (s *Service) groupMembers(ctx context.Context, ref catalog.GroupRef) ([]access.PersonID, error) {
	_, members, err := s.dirs.Members(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("find the approvers in %s: %w", ref, err)
	}
	members = slices.DeleteFunc(members, func(m idp.Membership) bool { return m.Status != idp.Active })
	borne := map[string]access.PersonID{}
	rest, err := s.borne(ctx, ref.Directory, members, borne)
	if err != nil {
		return nil, err
	}
	if err := s.meet(ctx, ref.Directory, rest, borne); err != nil {
		return nil, err
	}
	var out []access.PersonID
	for _, m := range members {
		if who := borne[m.PersonID]; who != "" {
			out = append(out, who)
		}
	}
	return out, nil
}

// meet looks in Slack for members who are not known yet, by their address. Theirs
// is the account only if it is bound to them by then.
func (s *Service) meet(ctx context.Context, directory string, members []idp.Membership, out map[string]access.PersonID) error {
	addresses := make([]access.Email, len(members))
	for i, m := range members {
		addresses[i] = access.NewEmail(m.Email)
	}
	if err := s.gather(ctx, nil, addresses); err != nil {
		return err
	}
	found, errs := make([]access.Person, len(members)), make([]error, len(members))
	sideBySide(len(members), func(i int) {
		if a := addresses[i]; a != "" {
			found[i], errs[i] = s.ByAddress(ctx, a)
		}
	})
	for i, m := range members {
		if err := Softly(errs[i]); err != nil {
			return err
		}
		if errs[i] == nil && found[i].Account(directory) == m.PersonID {
			out[m.PersonID] = found[i].ID
			continue
		}
		s.log.Warn("a member of a group of approvers is not known in Slack", "directory", directory, "account", m.PersonID, "error", errs[i])
	}
	return nil
}

// admitted keeps those who may decide at all.
func (s *Service) admitted(ctx context.Context, r access.Request, found []access.PersonID) ([]access.PersonID, error) {
	found = slices.DeleteFunc(distinct(found), func(who access.PersonID) bool { return who == r.Requester || who == r.Beneficiary })
	if err := s.gather(ctx, found, nil); err != nil {
		return nil, err
	}
	people, errs := make([]access.Person, len(found)), make([]error, len(found))
	sideBySide(len(found), func(i int) { people[i], errs[i] = s.Person(ctx, found[i]) })
	var out []access.PersonID
	for i, who := range found {
		if err := Softly(errs[i]); err != nil {
			return nil, err
		}
		if errs[i] == nil && people[i].MayAct() == nil {
			out = append(out, who)
		}
	}
	return out, nil
}
