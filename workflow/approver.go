package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
)

// findApprovers resolves who may decide the current stage and has them told.
func (s *Service) findApprovers(ctx context.Context, t store.Task) (outcome, error) {
	c, err := s.Case(ctx, t.Subject)
	if err == nil && c.Request.Emergency && c.Request.State == access.RequestApproved {
		return s.findReviewers(ctx, c)
	}
	if err != nil || c.Request.State != access.RequestPending {
		return nil, err
	}
	eligible, err := s.eligible(ctx, c)
	if err != nil {
		return nil, err
	}
	return func(st *step) error { return st.asked(c.Request, eligible) }, nil
}

func (st *step) asked(seen access.Request, eligible []access.PersonID) error {
	r, err := store.Request(st.tx, seen.ID)
	if err != nil || r.State != access.RequestPending || r.Stage != seen.Stage {
		return err
	}
	kind, note := access.EventApproversAsked, ""
	if len(eligible) == 0 {
		kind, note = access.EventUnroutable, "Nobody can be found who may decide this. Add a manager in the directory, an owner in the catalogue, or people.fallback, then retry."
	}
	e := r.Event(kind, access.System(), st.at)
	e.Approvers, e.Note = eligible, note
	_, err = st.request(r, e)
	return err
}

// eligible are the people who may decide the request's current stage at this
// moment: never the requester or the beneficiary, and only people who may act.
// Where the route finds nobody, the configured fallback decides.
func (s *Service) eligible(ctx context.Context, c access.Case) ([]access.PersonID, error) {
	if c.Request.Unlisted != "" {
		return s.admitted(ctx, c.Request, slices.Concat(s.admins(), s.fallback()))
	}
	route, ok := s.Config.Catalog.Route(c.Request.Route)
	if !ok || c.Request.Stage >= len(route.Stages) {
		return s.admitted(ctx, c.Request, s.fallback())
	}
	var found []access.PersonID
	for _, a := range route.Stages[c.Request.Stage].Approvers {
		some, err := s.approvers(ctx, c, a)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	admitted, err := s.admitted(ctx, c.Request, found)
	if err != nil || len(admitted) > 0 {
		return admitted, err
	}
	return s.admitted(ctx, c.Request, s.fallback())
}

// approvers finds the people one source of approvers stands for.
func (s *Service) approvers(ctx context.Context, c access.Case, a catalog.Approver) ([]access.PersonID, error) {
	switch a.Kind {
	case catalog.Manager:
		p, err := s.people.byEmail(ctx, c.Request.Beneficiary)
		if err != nil || p.Manager == "" {
			return nil, softly(err)
		}
		return []access.PersonID{p.Manager}, nil
	case catalog.Owner:
		return PeopleOf(c.App.Owners), nil
	case catalog.Named:
		return PeopleOf([]string{a.Person}), nil
	case catalog.Security:
		return s.admins(), nil
	case catalog.GroupOf:
		return s.groupMembers(ctx, a.Group)
	default:
		return nil, fmt.Errorf("workflow: no way to find the approver %q", a)
	}
}

func (s *Service) groupMembers(ctx context.Context, ref catalog.GroupRef) ([]access.PersonID, error) {
	dir, ok := s.directory(ref.Directory)
	if !ok {
		return nil, rejected("The directory %q is not configured any more; correct the approval route", ref.Directory)
	}
	what := fmt.Sprintf("Read the approvers in %s", ref)
	group, err := lookUp(ctx, dir, ref)
	if err != nil {
		return nil, directoryFailure(dir, what, err)
	}
	members, err := idp.Everybody(dir.Members(ctx, group.ID))
	if err != nil {
		return nil, directoryFailure(dir, what, err)
	}
	var out []access.PersonID
	for _, m := range members {
		if m.Status == idp.Active && m.Email != "" {
			out = append(out, PersonOf(access.NewEmail(m.Email)))
		}
	}
	return out, nil
}

// admitted keeps those who may decide at all.
func (s *Service) admitted(ctx context.Context, r access.Request, found []access.PersonID) ([]access.PersonID, error) {
	var out []access.PersonID
	for _, e := range found {
		if e == r.Requester || e == r.Beneficiary || slices.Contains(out, e) {
			continue
		}
		p, err := s.people.byEmail(ctx, e)
		if err := softly(err); err != nil {
			return nil, err
		}
		if err == nil && p.MayAct() == nil {
			out = append(out, e)
		}
	}
	return out, nil
}

// softly lets a person who doesn't exist pass as nobody; other errors stand.
func softly(err error) error {
	if _, refused := access.AsRefusal(err); refused || errors.Is(err, idp.ErrNotFound) {
		return nil
	}
	return err
}
