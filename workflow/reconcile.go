package workflow

import (
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
)

// defaultIdle is how long without a sign-in counts as idle.
const defaultIdle = 90 * catalog.Day

// survey is one reconciliation on its way.
type survey struct {
	*Service
	access.Survey
	task    string
	last    store.Survey // of the reconciliation before; zero before the first
	odd     map[access.PersonID][]sight
	missing []access.Mismatch
	left    map[access.PersonID]bool
	active  map[access.PersonID]bool // seen with an account in use in a directory
	did     deeds
}

// deeds is what a reconciliation changed, or would.
type deeds struct{ adopted, removed, ended, told int }

// sight is a person's place in a governed group, as it was seen.
type sight struct {
	group            catalog.GroupRef
	account, groupID string // the directory's own ids
	at               time.Time
}

// reconcile compares the members of every governed group with the grants. What
// no grant explains is told, adopted or removed, as its app says; what is
// missing is told; what belongs to leavers ends. The first time ever it only
// looks and reports, whatever the apps say.
func (s *Service) reconcile(ctx context.Context, t store.Task) (outcome, error) {
	v := &survey{Service: s, task: t.ID, odd: map[access.PersonID][]sight{}, left: map[access.PersonID]bool{}, active: map[access.PersonID]bool{}}
	v.At = s.Clock.Now().UTC()
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		v.last, err = store.LastSurvey(tx)
		return err
	})
	if v.First = errors.Is(err, store.ErrNotFound); err != nil && !v.First {
		return nil, err
	}
	for _, look := range []func(context.Context) error{v.lookAtGroups, v.lookForLeavers, v.settle} {
		if err := look(ctx); err != nil {
			return nil, err
		}
	}
	return v.close, nil
}

// close remembers what was found and has IT told, if there is anything new.
func (v *survey) close(st *step) error {
	kept, err := store.LastSurvey(st.tx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	kept.Survey = v.Survey
	if err := store.PutSurvey(st.tx, &kept); err != nil {
		return err
	}
	if !v.worthTelling() {
		return nil
	}
	n := v.report()
	e := access.Event{Kind: access.EventNote, At: st.at, Actor: access.System(), Note: n.Title + ": " + n.Lines[0]}
	if err := st.carry(e, nil); err != nil {
		return err
	}
	return st.enqueue(noticeTask("survey/"+v.At.Format(time.RFC3339Nano), n))
}

// lookAtGroups reads every governed group. One that can't be read is reported
// and doesn't hold up the others.
func (v *survey) lookAtGroups(ctx context.Context) error {
	for _, ref := range v.Config.Catalog.Groups() {
		if slices.Contains(v.Protected, ref) {
			continue
		}
		if err := v.holdDuty(ctx, v.task); err != nil {
			return err
		}
		if err := v.lookAtGroup(ctx, ref); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			v.log.Warn("a group can't be compared with its grants", "group", ref, "error", err)
			v.Problems = append(v.Problems, access.Classify(err).Sentence)
		}
	}
	return nil
}

func (v *survey) lookAtGroup(ctx context.Context, ref catalog.GroupRef) error {
	dir, ok := v.directory(ref.Directory)
	if !ok {
		return rejected("The group %s belongs to a directory that is not configured", ref)
	}
	at := v.Clock.Now().UTC()
	group, err := lookUp(ctx, dir, ref)
	if err != nil {
		return directoryFailure(dir, "Read the group "+ref.String(), err)
	}
	switch {
	case !group.Governable:
		return rejected("The group %s can't be governed: %s", ref, group.Why)
	case v.protects(dir, group):
		return rejected("The group %s is protected by the configuration, under another name; remove it here or there", ref)
	}
	members, err := idp.Everybody(dir.Members(ctx, group.ID))
	if err != nil {
		return directoryFailure(dir, "Read who is in "+ref.String(), err)
	}
	return v.Store.View(ctx, func(tx store.Tx) error { return v.compare(tx, sight{group: ref, groupID: group.ID, at: at}, members) })
}

// compare takes down what does not agree.
func (v *survey) compare(tx store.Tx, seen sight, members []idp.Membership) error {
	ref, at := seen.group, seen.at
	there := map[access.PersonID]bool{}
	for _, m := range members {
		who := PersonOf(access.NewEmail(m.Email))
		there[who] = true
		v.take(m, who)
		if who == "" {
			continue
		}
		explained, err := accounted(tx, who, ref, at)
		if err != nil {
			return err
		}
		if !explained {
			seen.account = m.PersonID
			v.odd[who] = append(v.odd[who], seen)
		}
	}
	return v.compareGrants(tx, ref, at, there)
}

// take counts a membership.
func (v *survey) take(m idp.Membership, who access.PersonID) {
	v.Looked++
	switch {
	case m.Status == idp.Left:
		v.Leavers++
		v.left[who] = who != ""
	case m.Status == idp.Active:
		v.active[who] = true
		if !m.LastLogin.IsZero() && v.At.Sub(m.LastLogin) > v.idleAfter() {
			v.Idle++
		}
	}
}

func (v *survey) idleAfter() time.Duration {
	if v.Config.Idle > 0 {
		return v.Config.Idle
	}
	return defaultIdle
}

// accounted tells whether a grant accounts for somebody's place in a group.
func accounted(tx store.Tx, who access.PersonID, ref catalog.GroupRef, at time.Time) (bool, error) {
	grants, err := pages(func(after string) ([]access.Grant, error) { return store.GrantsOf(tx, who, after, batch) }, grantID)
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Accounts(ref, at) }), err
}

// compareGrants takes down the grants whose people are not in the group.
func (v *survey) compareGrants(tx store.Tx, ref catalog.GroupRef, at time.Time, there map[access.PersonID]bool) error {
	for _, app := range v.Config.Catalog.Apps() {
		if !slices.ContainsFunc(app.Roles, func(r catalog.Role) bool { return slices.Contains(r.Groups, ref) }) {
			continue
		}
		grants, err := pages(func(after string) ([]access.Grant, error) { return store.OpenGrantsOn(tx, app.ID, after, batch) }, grantID)
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
// with at the moment and who wasn't seen in a group.
func (v *survey) lookForLeavers(ctx context.Context) error {
	people, err := v.involved(ctx)
	if err != nil {
		return err
	}
	for _, who := range people {
		if v.left[who] {
			continue
		}
		if err := v.holdDuty(ctx, v.task); err != nil {
			return err
		}
		gone, err := v.hasLeft(ctx, who)
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			v.log.Warn("can't find out whether somebody has left", "person", who, "error", err)
			v.Problems = append(v.Problems, access.Classify(err).Sentence)
		}
		v.left[who] = gone
	}
	return nil
}
