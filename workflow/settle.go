package workflow

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// settle does what the apps' policies say about what was found. Each person is
// one transaction, in which it is looked once more whether it still holds.
func (v *survey) settle(ctx context.Context) error {
	if err := v.settleLeavers(ctx); err != nil {
		return err
	}
	people := map[access.PersonID]bool{}
	for who := range v.odd {
		people[who] = true
	}
	for _, who := range sorted(people) {
		for _, f := range access.Explain(v.Config.Catalog, groupsOf(v.odd[who])) {
			if err := v.settleFound(ctx, who, f); err != nil {
				return err
			}
		}
	}
	for _, m := range v.missing {
		if err := v.settleMissing(ctx, m); err != nil {
			return err
		}
	}
	return nil
}

func groupsOf(seen []sight) []catalog.GroupRef {
	out := make([]catalog.GroupRef, len(seen))
	for i, s := range seen {
		out[i] = s.group
	}
	return out
}

// settleLeavers ends what people who have left still hold.
func (v *survey) settleLeavers(ctx context.Context) error {
	involved, err := v.involved(ctx)
	if err != nil {
		return err
	}
	for _, who := range involved {
		if !v.left[who] {
			continue
		}
		v.did.ended++
		if v.First {
			continue
		}
		if err := v.Left(ctx, who); err != nil {
			return err
		}
	}
	return nil
}

// settleFound deals with memberships of one role that nothing explains.
func (v *survey) settleFound(ctx context.Context, who access.PersonID, f access.Found) error {
	for _, ref := range f.Groups {
		v.Note(access.Mismatch{Person: who, Group: ref, App: f.App, Role: f.Role, Left: v.left[who]})
	}
	app, _ := v.Config.Catalog.App(f.App)
	policy, n := app.Unrequested, len(f.Groups)
	switch {
	case policy == catalog.Remove, policy == catalog.Adopt && v.left[who]:
		v.did.removed += n
	case policy == catalog.Adopt:
		v.did.adopted += n
	default:
		v.did.told += n
	}
	if v.First {
		return nil
	}
	return v.update(ctx, func(st *step) error {
		still, err := st.unaccounted(who, f, v.odd[who])
		if err != nil || len(still.Groups) == 0 {
			return err
		}
		if policy == catalog.Adopt || policy == catalog.Remove {
			return st.resolve(who, v.odd[who], still, app, v.left[who])
		}
		return v.alert(st, who, still)
	})
}

// unaccounted keeps the groups that still nothing accounts for.
func (st *step) unaccounted(who access.PersonID, f access.Found, seen []sight) (access.Found, error) {
	still := access.Found{App: f.App, Role: f.Role}
	for _, s := range seen {
		if !slices.Contains(f.Groups, s.group) {
			continue
		}
		explained, err := accounted(st.tx, who, s.group, s.at)
		if err != nil {
			return still, err
		}
		if !explained {
			still.Groups = append(still.Groups, s.group)
		}
	}
	return still, nil
}

// resolve explains memberships by a grant, which ends at once where they are
// to be removed: so they are removed, read back and, if need be, stuck like any
// other.
func (st *step) resolve(who access.PersonID, seen []sight, f access.Found, app catalog.App, left bool) error {
	remove := left || app.Unrequested == catalog.Remove
	a := access.Adoption{Person: who, Found: f, For: app.AdoptFor, By: access.System(), Why: "Found by reconciliation: nobody had asked for it."}
	if remove {
		a.For = catalog.Forever
	}
	g, err := st.adopt(seen, a)
	if err != nil || !remove {
		return err
	}
	why := access.EndUnexplained
	if left {
		why = access.EndLeft
	}
	_, err = st.grant(g, end(g, why, access.System(), "", st.at))
	return err
}

// alert writes down memberships that were not known before.
func (v *survey) alert(st *step, who access.PersonID, f access.Found) error {
	for _, ref := range f.Groups {
		if v.last.Knows(access.Mismatch{Person: who, Group: ref, App: f.App, Role: f.Role, Left: v.left[who]}) {
			continue
		}
		e := access.Event{Kind: access.EventNote, At: st.at, Person: who, App: f.App, Role: f.Role, Group: &ref, Actor: access.System()}
		e.Note = fmt.Sprintf("%s is in the group %s, and there is no request for it.", who, ref)
		if err := st.carry(e, nil); err != nil {
			return err
		}
	}
	return nil
}

// settleMissing writes down that a held group was changed by somebody else, or
// changed back. Nobody is put into a group again: whoever took them out may
// have had a reason.
func (v *survey) settleMissing(ctx context.Context, m access.Mismatch) error {
	if m.Missing {
		v.Note(m)
	}
	if v.First {
		return nil
	}
	return v.update(ctx, func(st *step) error {
		g, err := store.Grant(st.tx, m.Grant)
		if err != nil {
			return err
		}
		e := g.Event(access.EventMemberBack, access.System(), st.at)
		if m.Missing {
			e = g.Event(access.EventMemberMissing, access.System(), st.at)
			e.Note = "The access stays active; it can be given back and asked for again."
		}
		e.Group = &m.Group
		_, err = st.grant(g, e)
		if _, refused := access.AsRefusal(err); refused {
			return nil // it is known, or the grant has moved on
		}
		return err
	})
}
