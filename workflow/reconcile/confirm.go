package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/people"
)

// confirmMissing asks once more about everybody whom a list did not show: a list can
// trail behind, or come empty from a gateway. Who can't be asked about is not said
// to be missing.
func (v *survey) confirmMissing(ctx context.Context) error {
	lists := map[catalog.GroupRef][]idp.Membership{}
	var sure []access.Mismatch
	for _, m := range v.missing {
		missing := true
		if m.Missing {
			var err error
			missing, err = v.stillMissing(ctx, m, lists)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				v.problem("whether somebody is missing from a group can't be confirmed", err, "grant", m.Grant)
				continue
			}
		}
		if missing {
			sure = append(sure, m)
		}
	}
	v.missing = sure
	return nil
}

// stillMissing reads one membership by the ids of account and group; where there is
// no way to, the group once more.
func (v *survey) stillMissing(ctx context.Context, m access.Mismatch, lists map[catalog.GroupRef][]idp.Membership) (bool, error) {
	var ent access.Entitlement
	err := v.units.View(ctx, func(tx store.Tx) error {
		g, err := store.Grant(tx, m.Grant)
		ent, _ = g.Entitlement(m.Group)
		return err
	})
	if err != nil {
		return false, err
	}
	dir, ok := v.dirs.Get(m.Group.Directory)
	if !ok {
		return false, people.Rejected("The directory %q is not configured any more; add it under idp or change the role's groups", m.Group.Directory)
	}
	if c, able := idp.As[idp.MemberChecker](dir); able && ent.Account != "" && ent.GroupID != "" {
		there, err := c.IsMember(ctx, ent.GroupID, ent.Account)
		switch {
		case errors.Is(err, idp.ErrNoAccount):
			return true, nil
		case err != nil:
			return false, people.DirectoryFailure(dir, fmt.Sprintf("Read who is in %s", m.Group), err)
		}
		return !there, nil
	}
	again, read := lists[m.Group]
	if !read {
		if _, again, err = v.dirs.Members(ctx, m.Group); err != nil {
			return false, err
		}
		lists[m.Group] = again
	}
	return !slices.ContainsFunc(again, func(one idp.Membership) bool { return ent.Account != "" && one.PersonID == ent.Account }), nil
}
