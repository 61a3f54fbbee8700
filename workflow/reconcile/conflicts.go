package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// toldAgain is how often IT hears of conflicts that nobody solves.
const toldAgain = catalog.Week

// together is the part of a run that looks for what people have together: what can't go together, and what is held
// without what it needs.
type together struct{ *survey }

// lookForConflicts finds who has together what can't go together, by grants and by groups, and isn't allowed to.
// It takes nothing away: which of both somebody should lose is for people to say.
func (v together) lookForConflicts(ctx context.Context) error {
	watched := v.watched()
	if len(v.catalog.Policy().Conflicts) == 0 && len(watched) == 0 {
		return nil
	}
	for _, ref := range watched {
		if _, read := v.in[ref]; read {
			continue
		}
		if err := v.lookInto(ctx, ref); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			v.problem("a group that a conflict is about can't be read", err, "group", ref)
		}
	}
	grants, err := v.grantsInConflicts(ctx)
	if err != nil {
		return err
	}
	v.lookForLost(grants)
	for _, who := range v.perhaps(grants) {
		v.conflicting(who, access.Conflicts(v.catalog, grants[who], v.in.of(who, watched)))
	}
	return nil
}

// watched are the groups that conflicts and prerequisites are about, each once.
func (v together) watched() []catalog.GroupRef {
	all := catalog.Watched(v.catalog, catalog.RoleRef{})
	slices.SortFunc(all, func(a, b catalog.GroupRef) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(all)
}

// lookInto reads a group that no role opens, or that is protected: it is only looked at.
func (v together) lookInto(ctx context.Context, ref catalog.GroupRef) error {
	_, members, err := v.groups.Members(ctx, ref)
	if err != nil {
		return err
	}
	who, err := v.whoIsIn(ctx, ref, members)
	if err == nil {
		v.in.note(ref, who)
	}
	return err
}

// grantsInConflicts are the grants that have not ended of apps that conflicts are about, or of which a role needs a
// group, by who has them.
func (v together) grantsInConflicts(ctx context.Context) (map[access.PersonID][]access.Grant, error) {
	out := map[access.PersonID][]access.Grant{}
	err := v.units.View(ctx, func(tx store.Tx) error {
		clear(out)
		for _, app := range v.catalog.Apps() {
			if !slices.ContainsFunc(app.Roles, func(r catalog.Role) bool {
				return len(r.NeededGroups()) > 0 || v.catalog.Conflicting(catalog.RoleRef{App: app.ID, Role: r.ID})
			}) {
				continue
			}
			open, damage, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
				return store.OpenGrantsOn(tx, app.ID, after, limit)
			}, query.GrantID))
			if err != nil {
				return err
			}
			v.damaged(damage)
			for _, g := range open {
				out[g.Person] = append(out[g.Person], g)
			}
		}
		return nil
	})
	return out, err
}

// perhaps are those who have anything that conflicts are about.
func (v together) perhaps(grants map[access.PersonID][]access.Grant) []access.PersonID {
	all := map[access.PersonID]bool{}
	for who := range grants {
		all[who] = true
	}
	for _, in := range v.in {
		maps.Copy(all, in)
	}
	delete(all, "")
	return sorted(all)
}

// conflicting notes somebody's conflicts. One that was found before, and of which it can't be told now, is still one.
func (v together) conflicting(who access.PersonID, found []catalog.Violation) {
	for _, f := range found {
		m := access.Mismatch{Person: who, Conflict: f.Conflict.ID, Both: v.catalog.Names(f.Between[0]) + " and " + v.catalog.Names(f.Between[1])}
		if ref, one := f.Between[0].Ref(); one {
			m.App, m.Role = ref.App, ref.Role
		}
		if f.Known || v.known(m) {
			v.conflicts = append(v.conflicts, m)
		}
	}
}

// noteConflicts has the survey remember what was found, and writes down what was not known before.
func (v together) noteConflicts(ctx context.Context) error {
	for _, m := range v.conflicts {
		v.Note(m)
	}
	fresh := slices.DeleteFunc(slices.Clone(v.conflicts), v.known)
	for some := range slices.Chunk(fresh, batch) {
		err := v.units.Update(ctx, func(u *engine.Unit) error {
			for _, m := range some {
				if err := errors.Join(v.write(u, m), v.lapsed(u, m)); err != nil {
					return err
				}
			}
			return nil
		})
		switch {
		case err == nil:
		case broken(ctx, err):
			return err
		default:
			v.problem("a conflict can't be written down", err)
		}
	}
	return nil
}

// write writes a conflict down where both things are traced.
func (v together) write(u *engine.Unit, m access.Mismatch) error {
	k, _ := v.catalog.Policy().Conflict(m.Conflict)
	for _, app := range v.appsOf(k, m) {
		e := access.Event{Kind: access.EventNote, At: u.At, Person: m.Person, App: app, Actor: access.System()}
		e.Note = fmt.Sprintf("Had together what can't go together (conflict %s): %s. Found by reconciliation; no exception that lasts allows it.", m.Conflict, m.Both)
		if _, err := u.Append(e); err != nil {
			return err
		}
	}
	return nil
}

// lapsed has what somebody has looked at, where they have a conflict that an exception allowed until lately.
func (v together) lapsed(u *engine.Unit, m access.Mismatch) error {
	all, _, err := store.Sound(grantsOf(u.Tx, m.Person))
	if err != nil {
		return err
	}
	allowed := func(g access.Grant) bool {
		return slices.ContainsFunc(g.Exceptions, func(e catalog.Exception) bool { return e.Conflict == m.Conflict })
	}
	if !slices.ContainsFunc(all, allowed) {
		return nil
	}
	return v.occurs(u, m.Person, access.OnExceptionLapsed)
}

// appsOf are the apps that a conflict is about; none, where it is about groups alone.
func (v together) appsOf(k catalog.Conflict, m access.Mismatch) []string {
	apps := map[string]bool{m.App: true}
	for _, h := range slices.Concat(k.Not[0], k.Not[1]) {
		if !h.OfGroup() && strings.Contains(m.Both, v.catalog.Names(h)) {
			apps[h.App] = true
		}
	}
	if len(apps) > 1 {
		delete(apps, "")
	}
	return slices.Sorted(maps.Keys(apps))
}

// overdue tells whether IT hears again of conflicts that nobody has solved.
func (v together) overdue() bool {
	return len(v.conflicts) > 0 && !v.last.ConflictsTold.IsZero() && v.At.Sub(v.last.ConflictsTold) >= toldAgain
}

// conflictLines tell IT of conflicts.
func (v together) conflictLines() (lines []string) {
	if len(v.conflicts) == 0 {
		return nil
	}
	lines = append(lines, several(len(v.conflicts), "conflict")+": somebody has together what can't go together, and no exception allows it. Take one of both away, or let an exception be asked for.")
	for i, m := range v.conflicts {
		if i == listed {
			return append(lines, fmt.Sprintf("… and %d more.", len(v.conflicts)-i))
		}
		k, _ := v.catalog.Policy().Conflict(m.Conflict)
		lines = append(lines, fmt.Sprintf("• %s has %s (%s): %s", v.names[m.Person], m.Both, m.Conflict, k.Why))
	}
	return lines
}

// lookAtRights sees which of the groups make administrators by now.
func (v together) lookAtRights(ctx context.Context) error {
	return v.rights.look(ctx, v.catalog, 0)
}
