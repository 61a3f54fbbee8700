package reading

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/query"
)

// explanations are those of one group.
type explanations struct {
	people   map[access.PersonID]explanation
	accounts map[string]explanation
}

// of is what explains an account's membership. What was given to an account is its owner's, whoever it is bound to now.
func (e explanations) of(a *account) explanation {
	if len(e.accounts) > 0 {
		if given, known := e.accounts[a.id]; known {
			return given
		}
	}
	if len(e.people) == 0 {
		return explanation{}
	}
	return e.people[a.who]
}

// grantsRead are the open grants of the app that was looked at last: the groups of an app follow one another.
type grantsRead struct {
	*pass
	app string
	all []access.Grant
}

// explained finds what explains the memberships of a group.
func (r *grantsRead) explained(ctx context.Context, t targets.Target, g idp.Group) (explanations, error) {
	out := explanations{map[access.PersonID]explanation{}, map[string]explanation{}}
	if t.Ref.Directory == access.ImportedDirectory {
		open, err := r.openOn(ctx, t.App.ID)
		for _, grant := range open {
			out.noteManual(grant, catalog.RoleRef{App: t.App.ID, Role: t.Roles[0].ID})
		}
		return out, err
	}
	for _, app := range r.known.Apps() {
		if !slices.ContainsFunc(app.Roles, func(role catalog.Role) bool { return slices.Contains(role.Groups, t.Ref) }) {
			continue
		}
		open, err := r.openOn(ctx, app.ID)
		if err != nil {
			return out, err
		}
		for _, grant := range open {
			out.note(grant, t.Ref, g.ID)
		}
	}
	return out, nil
}

// note notes what a grant explains of a group. One of a group that had the name before explains nothing.
func (e explanations) note(g access.Grant, ref catalog.GroupRef, groupID string) {
	ent, opens := g.Entitlement(ref)
	if !opens || !g.Explains(ref) || ent.GroupID != "" && groupID != "" && ent.GroupID != groupID {
		return
	}
	is := explanation{source: g.Source, id: g.ID, request: g.Request, since: g.Started, until: g.Ends}
	if g.Source == access.SourceAdopted {
		is.since = time.Time{} // it was found then; since when it had been there isn't known
	}
	if ent.Account == "" { // it isn't known yet which of their accounts it is
		if was, known := e.people[g.Person]; !known || is.before(was) {
			e.people[g.Person] = is
		}
		return
	}
	if was, known := e.accounts[ent.Account]; !known || is.before(was) {
		e.accounts[ent.Account] = is
	}
}

// before tells whether one explanation says more than another: what was given more than what was found, and what lasts
// longer more than what ends first.
func (e explanation) before(o explanation) bool {
	if (e.source == access.SourceAdopted) != (o.source == access.SourceAdopted) {
		return o.source == access.SourceAdopted
	}
	if e.until.IsZero() != o.until.IsZero() {
		return e.until.IsZero()
	}
	return e.until.After(o.until) || e.until.Equal(o.until) && e.id < o.id
}

// openOn are the grants on an app that have not ended.
func (r *grantsRead) openOn(ctx context.Context, app string) ([]access.Grant, error) {
	if r.app == app && app != "" {
		return r.all, nil
	}
	var open []access.Grant
	err := r.Units.View(ctx, func(tx store.Tx) (err error) {
		open, _, err = store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
			return store.OpenGrantsOn(tx, app, after, limit)
		}, query.GrantID))
		return err
	})
	if err == nil {
		r.app, r.all = app, open
	}
	return open, err
}

// noteManual notes what a grant explains of a role that is given by hand.
func (e explanations) noteManual(g access.Grant, role catalog.RoleRef) {
	if !g.Manual || g.App != role.App || g.Role != role.Role || !g.Live() && !g.Revoking {
		return
	}
	is := explanation{source: g.Source, id: g.ID, request: g.Request, since: g.Started, until: g.Ends}
	if was, known := e.people[g.Person]; !known || is.before(was) {
		e.people[g.Person] = is
	}
}
