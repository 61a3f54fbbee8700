package reading

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// apart knows who has together what can't go together.
type apart struct {
	*pass
	in    map[catalog.GroupRef]map[access.PersonID]bool // who is in the groups that conflicts are about, as far as they could be read
	found map[access.PersonID][]catalog.Violation
}

// conflicting reads the groups that conflicts are about. One that can't be read is one of which it isn't known who is in it.
func (p *pass) conflicting(ctx context.Context) (*apart, error) {
	a := &apart{p, map[catalog.GroupRef]map[access.PersonID]bool{}, map[access.PersonID][]catalog.Violation{}}
	if len(p.known.Policy().Conflicts) == 0 || p.Campaign.Small() {
		return a, nil
	}
	for _, ref := range catalog.Watched(p.known, catalog.RoleRef{}) {
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
	_, members, err := a.Groups.Members(ctx, ref)
	if err != nil {
		if class := access.Classify(err).Class; ctx.Err() != nil || class == access.Limited || class == access.Transient && a.Patient {
			return err
		}
		a.Logger.Warn("a group that a conflict is about can't be read", "review", a.Campaign.ID, "group", ref, "error", err)
		return nil
	}
	who, err := a.People.Register(ctx, ref.Directory, members)
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
func (a *apart) of(ctx context.Context, f *fact) ([]string, error) {
	if !f.concerned || f.account.who == "" {
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
func (a *apart) partOf(f *fact, v catalog.Violation) bool {
	return slices.ContainsFunc(v.Between[:], f.gives)
}

// concerned tells whether memberships of a group can be part of any conflict.
func (a *apart) concerned(f *fact) bool {
	return slices.ContainsFunc(a.known.Policy().Conflicts, func(k catalog.Conflict) bool {
		return slices.ContainsFunc(k.Not[0], f.gives) || slices.ContainsFunc(k.Not[1], f.gives)
	})
}

// ofPerson are the conflicts that somebody has, by grants and by groups.
func (a *apart) ofPerson(ctx context.Context, who access.PersonID) (all []catalog.Violation, err error) {
	if known, looked := a.found[who]; looked {
		return known, nil
	}
	var grants []access.Grant
	err = a.Units.View(ctx, func(tx store.Tx) error {
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
