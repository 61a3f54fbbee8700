package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
	"latchkey/workflow/query"
)

// lookAtGroups reads every governed group. One that can't be read is reported and
// doesn't hold up the others.
func (v *survey) lookAtGroups(ctx context.Context) error {
	v.groups.Pin(ctx)
	for _, ref := range v.catalog.Groups() {
		if v.groups.Lists(ref) {
			continue
		}
		if err := v.lookAtGroup(ctx, ref); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			v.problem("a group can't be compared with its grants", err, "group", ref)
		}
	}
	return nil
}

// problem notes what could not be looked at or done.
func (v *survey) problem(what string, err error, about ...any) {
	v.log.Warn(what, append(about, "error", err)...)
	said := err.Error()
	var f *access.Failure
	if errors.As(err, &f) {
		said = f.Sentence
	}
	v.Problems = append(v.Problems, said)
}

// damaged notes records that can't be read back, each once.
func (v *survey) damaged(found store.Damage) {
	for _, d := range found {
		if !v.hurt[d.ID] {
			v.hurt[d.ID] = true
			v.problem("a record can't be read back and is left out", d)
		}
	}
}

func (v *survey) lookAtGroup(ctx context.Context, ref catalog.GroupRef) error {
	seen := member{provision.Seen{Group: ref}, v.units.Now()}
	group, members, err := v.groups.Members(ctx, ref)
	if err != nil {
		return err
	}
	dir, _ := v.dirs.Get(ref.Directory) // it has just answered
	protected, err := v.groups.Protected(ctx, dir, group)
	switch {
	case err != nil:
		return people.DirectoryFailure(dir, fmt.Sprintf("Find out whether the group %s is protected", ref), err)
	case protected:
		return people.Rejected("The group %s is protected by the configuration; remove it here or there", ref)
	case !group.Governable:
		return people.Rejected("The group %s can't be governed: %s", ref, group.Why)
	}
	seen.GroupID, seen.at = group.ID, asOf(seen.at, dir)
	who, err := v.whoIsIn(ctx, seen.Group, members)
	if err != nil {
		return err
	}
	err = v.units.View(ctx, func(tx store.Tx) error { return v.compare(tx, seen, members, who) })
	if err == nil {
		v.read(ref)
		v.in.note(ref, who)
	}
	return err
}

// asOf is until when a directory's answer of a moment has every change for certain: whoever
// was taken out, or put in, after that may be shown as before.
func asOf(at time.Time, d idp.Directory) time.Time {
	return at.Add(-membership.ReadLag(d))
}

// whoIsIn are the people behind the members' accounts. An account that a grant was
// given to is its holder's, whoever it is bound to now.
func (v *survey) whoIsIn(ctx context.Context, ref catalog.GroupRef, members []idp.Membership) (map[string]access.PersonID, error) {
	holders := map[string]access.PersonID{}
	err := v.units.View(ctx, func(tx store.Tx) error {
		open, err := v.grantsOn(tx, ref)
		for _, g := range open {
			if ent, _ := g.Entitlement(ref); ent.Account != "" {
				holders[ent.Account] = g.Person
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(slices.Clone(members), func(m idp.Membership) bool { return holders[m.PersonID] != "" })
	all, err := v.people.Register(ctx, ref.Directory, others)
	if err != nil {
		return nil, err
	}
	maps.Copy(all, holders)
	return all, v.hear(ctx, ref.Directory, members, all)
}

// hear finds out of whom a closed account in a directory says that they have left.
func (v *survey) hear(ctx context.Context, directory string, members []idp.Membership, all map[string]access.PersonID) error {
	for _, m := range members {
		who := all[m.PersonID]
		if m.Status != idp.Left || who == "" || v.left[who] {
			continue
		}
		speaks, err := v.people.Speaks(ctx, directory, who)
		if err != nil {
			return err
		}
		v.left[who] = speaks
	}
	return nil
}

// compare takes down what does not agree.
func (v *survey) compare(tx store.Tx, seen member, members []idp.Membership, all map[string]access.PersonID) error {
	open, err := v.grantsOn(tx, seen.Group)
	if err != nil {
		return err
	}
	there := map[access.PersonID]bool{}
	for _, m := range members {
		who := all[m.PersonID]
		there[who] = true
		v.count(m)
		if who == "" {
			continue
		}
		switch explained, err := accounted(tx, who, seen.Group, seen.at); {
		case err != nil:
			name, _ := people.ContactIn(tx, who)
			v.problem("a membership can't be compared with its grants", fmt.Errorf("memberships of %s in %s: %w", name, seen.Group, err), "person", who)
		case !explained:
			seen.Account = m.PersonID
			v.odd[who] = append(v.odd[who], seen)
		}
	}
	v.compareGrants(open, seen, there)
	return nil
}

// count counts a membership.
func (v *survey) count(m idp.Membership) {
	v.Looked++
	switch {
	case m.Status == idp.Left:
		v.Leavers++
	case m.Status == idp.Active && !m.LastLogin.IsZero() && v.At.Sub(m.LastLogin) > v.idle:
		v.Idle++
	}
}

// accounted tells whether a grant accounts for somebody's place in a group.
func accounted(tx store.Tx, who access.PersonID, ref catalog.GroupRef, at time.Time) (bool, error) {
	grants, err := grantsOf(tx, who)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Accounts(ref, at) }), err
}

// grantsOf are all grants that somebody has or had.
func grantsOf(tx store.Tx, who access.PersonID) ([]access.Grant, error) {
	return query.All(func(after string, limit int) ([]access.Grant, error) { return store.GrantsOf(tx, who, after, limit) }, query.GrantID)
}

// grantsOn are the grants that open a group and have not ended.
func (v *survey) grantsOn(tx store.Tx, ref catalog.GroupRef) (out []access.Grant, err error) {
	for _, app := range v.catalog.Apps() {
		if !slices.ContainsFunc(app.Roles, func(r catalog.Role) bool { return slices.Contains(r.Groups, ref) }) {
			continue
		}
		grants, damage, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
			return store.OpenGrantsOn(tx, app.ID, after, limit)
		}, query.GrantID))
		if err != nil {
			return nil, err
		}
		v.damaged(damage)
		out = append(out, slices.DeleteFunc(grants, func(g access.Grant) bool { _, opens := g.Entitlement(ref); return !opens })...)
	}
	return out, nil
}

// compareGrants takes down the grants whose people are not in the group, and those
// whose people are in it again. A grant of another group, which had the name
// before, is not looked at. Those that only explain what was found come first: whether
// it is back is told by what the others miss.
func (v *survey) compareGrants(open []access.Grant, seen member, there map[access.PersonID]bool) {
	slices.SortStableFunc(open, func(a, b access.Grant) int { return adoptedFirst(a) - adoptedFirst(b) })
	for _, g := range open {
		ent, _ := g.Entitlement(seen.Group)
		same := ent.GroupID == "" || ent.GroupID == seen.GroupID
		if same && g.Missed(seen.Group, seen.at) && (!there[g.Person] || ent.Missing) {
			v.missing = append(v.missing, access.Mismatch{Person: g.Person, Group: seen.Group, App: g.App, Role: g.Role, Missing: !there[g.Person], Grant: g.ID})
		}
	}
}

func adoptedFirst(g access.Grant) int {
	if g.Source == access.SourceAdopted {
		return 0
	}
	return 1
}

// lookForLeavers asks Slack and the directories about everybody Latchkey deals
// with at the moment and who wasn't seen to have left.
func (v *survey) lookForLeavers(ctx context.Context) error {
	err := v.units.View(ctx, func(tx store.Tx) (err error) {
		v.involved, err = v.whoIsInvolved(tx)
		return err
	})
	if err != nil {
		return err
	}
	for _, who := range v.involved {
		if v.left[who] {
			continue
		}
		gone, err := v.people.HasLeft(ctx, who)
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			v.problem("can't find out whether somebody has left", err, "person", who)
		}
		v.left[who] = gone
	}
	return nil
}

// whoIsInvolved are the people Latchkey deals with at the moment: who holds something
// or is about to, who asked, and who was asked to decide.
func (v *survey) whoIsInvolved(tx store.Tx) ([]access.PersonID, error) {
	seen := map[access.PersonID]bool{}
	for _, state := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantManual, access.GrantActive, access.GrantStuck} {
		grants, damage, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
			return store.GrantsIn(tx, state, after, limit)
		}, query.GrantID))
		if err != nil {
			return nil, err
		}
		v.damaged(damage)
		for _, g := range grants {
			if g.Live() {
				seen[g.Person] = true
			}
		}
	}
	waiting, damage, err := store.Sound(query.All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsIn(tx, access.RequestPending, after, limit)
	}, query.RequestID))
	v.damaged(damage)
	for _, r := range waiting {
		for _, who := range append([]access.PersonID{r.Requester, r.Beneficiary}, r.Stages[r.Stage].Asked...) {
			seen[who] = true
		}
	}
	return sorted(seen), err
}
