package reconcile

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// lookAtGroups reads every governed group. One that can't be read is reported and
// doesn't hold up the others.
func (v *survey) lookAtGroups(ctx context.Context) error {
	for _, ref := range v.catalog.Groups() {
		if slices.Contains(v.protected, ref) {
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
	v.Problems = append(v.Problems, access.Classify(err).Sentence)
}

func (v *survey) lookAtGroup(ctx context.Context, ref catalog.GroupRef) error {
	at := v.units.Now()
	group, members, err := v.dirs.Members(ctx, ref)
	if err != nil {
		return err
	}
	if !group.Governable {
		return people.Rejected("The group %s can't be governed: %s", ref, group.Why)
	}
	return v.units.View(ctx, func(tx store.Tx) error { return v.compare(tx, ref, at, members) })
}

// compare takes down what does not agree.
func (v *survey) compare(tx store.Tx, ref catalog.GroupRef, at time.Time, members []idp.Membership) error {
	there := map[access.PersonID]bool{}
	for _, m := range members {
		who := people.IDOf(access.NewEmail(m.Email))
		there[who] = true
		v.count(m, who)
		if who == "" {
			continue
		}
		explained, err := accounted(tx, who, ref, at)
		if err != nil {
			return err
		}
		if !explained {
			v.odd[who] = append(v.odd[who], sight{ref, at})
		}
	}
	return v.compareGrants(tx, ref, at, there)
}

// count counts a membership.
func (v *survey) count(m idp.Membership, who access.PersonID) {
	v.Looked++
	switch {
	case m.Status == idp.Left:
		v.Leavers++
		v.left[who] = who != ""
	case m.Status == idp.Active && !m.LastLogin.IsZero() && v.At.Sub(m.LastLogin) > v.idle:
		v.Idle++
	}
}

// accounted tells whether a grant accounts for somebody's place in a group.
func accounted(tx store.Tx, who access.PersonID, ref catalog.GroupRef, at time.Time) (bool, error) {
	grants, err := query.All(func(after string, limit int) ([]access.Grant, error) { return store.GrantsOf(tx, who, after, limit) }, query.GrantID)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Accounts(ref, at) }), err
}

// compareGrants takes down the grants whose people are not in the group, and those
// whose people are in it again.
func (v *survey) compareGrants(tx store.Tx, ref catalog.GroupRef, at time.Time, there map[access.PersonID]bool) error {
	for _, app := range v.catalog.Apps() {
		if !slices.ContainsFunc(app.Roles, func(r catalog.Role) bool { return slices.Contains(r.Groups, ref) }) {
			continue
		}
		grants, err := query.All(func(after string, limit int) ([]access.Grant, error) {
			return store.OpenGrantsOn(tx, app.ID, after, limit)
		}, query.GrantID)
		if err != nil {
			return err
		}
		for _, g := range grants {
			ent, _ := g.Entitlement(ref)
			if g.Missed(ref, at) && (!there[g.Person] || ent.Missing) {
				v.missing = append(v.missing, access.Mismatch{Person: g.Person, Group: ref, App: g.App, Role: g.Role, Missing: !there[g.Person], Grant: g.ID})
			}
		}
	}
	return nil
}

// lookForLeavers asks Slack and the directories about everybody Latchkey deals
// with at the moment and who wasn't seen to have left.
func (v *survey) lookForLeavers(ctx context.Context) error {
	err := v.units.View(ctx, func(tx store.Tx) (err error) {
		v.involved, err = involved(tx)
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

// involved are the people Latchkey deals with at the moment: who holds something
// or is about to, who asked, and who was asked to decide.
func involved(tx store.Tx) ([]access.PersonID, error) {
	seen := map[access.PersonID]bool{}
	for _, state := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantManual, access.GrantActive, access.GrantStuck} {
		grants, err := query.All(func(after string, limit int) ([]access.Grant, error) { return store.GrantsIn(tx, state, after, limit) }, query.GrantID)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			if g.Live() {
				seen[g.Person] = true
			}
		}
	}
	waiting, err := query.All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsIn(tx, access.RequestPending, after, limit)
	}, query.RequestID)
	for _, r := range waiting {
		for _, who := range append([]access.PersonID{r.Requester, r.Beneficiary}, r.Stages[r.Stage].Asked...) {
			seen[who] = true
		}
	}
	return sorted(seen), err
}
