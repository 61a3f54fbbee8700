package campaigns

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people"
)

// apart knows who has together what can't go together.
type apart struct {
	*reading
	in    map[catalog.GroupRef]map[access.PersonID]bool // who is in the groups that conflicts are about, as far as they could be read
	found map[access.PersonID][]catalog.Violation
}

// conflicting reads the groups that conflicts are about. One that can't be read is one of which it isn't known who is in it.
func (r *reading) conflicting(ctx context.Context) (*apart, error) {
	a := &apart{r, map[catalog.GroupRef]map[access.PersonID]bool{}, map[access.PersonID][]catalog.Violation{}}
	if len(r.known.Policy().Conflicts) == 0 || r.campaign.Small() {
		return a, nil
	}
	for _, ref := range catalog.Watched(r.known, catalog.RoleRef{}) {
		if a.in[ref] != nil {
			continue
		}
		if err := a.lookInto(ctx, ref); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *apart) lookInto(ctx context.Context, ref catalog.GroupRef) error {
	_, members, err := a.groups.Members(ctx, ref)
	if err != nil {
		if class := access.Classify(err).Class; ctx.Err() != nil || class == access.Limited || class == access.Transient && a.patient {
			return err
		}
		a.log.Warn("a group that a conflict is about can't be read", "review", a.campaign.ID, "group", ref, "error", err)
		return nil
	}
	who, err := a.people.Register(ctx, ref.Directory, members)
	if err != nil {
		return err
	}
	in := make(map[access.PersonID]bool, len(who))
	for _, id := range who {
		in[id] = true
	}
	a.in[ref] = in
	return nil
}

// of are the conflicts that a membership is part of, by their ids. What isn't known for certain is none.
func (a *apart) of(ctx context.Context, f fact) ([]string, error) {
	if f.account.who == "" || !a.concerned(f) {
		return nil, nil
	}
	all, err := a.ofPerson(ctx, f.account.who)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, v := range all {
		if v.Known && a.partOf(f, v) && !slices.Contains(out, v.Conflict.ID) {
			out = append(out, v.Conflict.ID)
		}
	}
	return out, nil
}

// partOf tells whether a membership is a reason for a violation.
func (a *apart) partOf(f fact, v catalog.Violation) bool {
	return slices.ContainsFunc(v.Between[:], f.gives)
}

// concerned tells whether a membership can be part of any conflict.
func (a *apart) concerned(f fact) bool {
	return slices.ContainsFunc(a.known.Policy().Conflicts, func(k catalog.Conflict) bool {
		return slices.ContainsFunc(k.Not[0], f.gives) || slices.ContainsFunc(k.Not[1], f.gives)
	})
}

// gives tells whether a membership gives something, or a part of it.
func (f fact) gives(h catalog.Holding) bool {
	if h.OfGroup() {
		return h.Group == f.ref
	}
	return slices.ContainsFunc(f.roles, func(role catalog.Role) bool {
		return h.App == f.app.ID && (h.Role == "" || h.Role == role.ID)
	})
}

// ofPerson are the conflicts that somebody has, by grants and by groups.
func (a *apart) ofPerson(ctx context.Context, who access.PersonID) (all []catalog.Violation, err error) {
	if known, looked := a.found[who]; looked {
		return known, nil
	}
	var grants []access.Grant
	err = a.units.View(ctx, func(tx store.Tx) error {
		grants, _, err = store.Sound(store.OpenGrantsOf(tx, who))
		return err
	})
	if err != nil {
		return nil, err
	}
	there := map[catalog.GroupRef]catalog.Truth{}
	for ref, in := range a.in {
		there[ref] = catalog.Told(in[who])
	}
	all = access.Conflicts(a.known, grants, there)
	a.found[who] = all
	return all, nil
}

// scope is what a review is about, with the people whom its addresses mean.
type scope struct {
	catalog.ReviewScope
	managers, people map[access.PersonID]bool
	left             map[access.PersonID]catalog.ReviewExclude
}

// meant finds out whom the addresses of a review mean. One that means nobody is a fault: it would leave out, or let in, others than are meant.
func (r *reading) meant(ctx context.Context) (scope, error) {
	is := r.campaign.Review.Scope
	s := scope{is, map[access.PersonID]bool{}, map[access.PersonID]bool{}, map[access.PersonID]catalog.ReviewExclude{}}
	var fault error
	find := func(address string) access.PersonID {
		p, err := r.people.Meant(ctx, access.NewEmail(address))
		if err != nil && fault == nil {
			if fault = people.Softly(err); fault == nil {
				fault = people.Rejected("The review %s names %s, who is nobody that is known: correct the address, or take it out", r.campaign.Review.ID, address)
			}
		}
		return p.ID
	}
	for _, a := range is.Managers {
		s.managers[find(a)] = true
	}
	for _, a := range is.People {
		s.people[find(a)] = true
	}
	for _, e := range is.Exclude {
		if e.Person != "" {
			s.left[find(e.Person)] = e
		}
	}
	return s, fault
}
