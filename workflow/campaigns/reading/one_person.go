package reading

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/imported"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/people"
)

// onePerson reads the memberships of the one person whom a small review is about, under every account of theirs, also those of
// apps without a directory that a list shows which was imported lately.
func (r *reading) onePerson(ctx context.Context) error {
	if err := r.listed(ctx); err != nil {
		return err
	}
	var p access.Person
	err := r.Units.View(ctx, func(tx store.Tx) (err error) {
		p, err = people.In(tx, r.Campaign.About)
		return err
	})
	if err != nil {
		return err
	}
	written := r.to.Groups()
	for _, t := range targets.Of(r.known, r.Campaign.Review.Scope, r.fresh) {
		d, configured := r.directory(t.Ref.Directory)
		if !configured || slices.ContainsFunc(written, func(g snapshot.Group) bool { return g.Ref == t.Ref }) {
			continue
		}
		if t.Ref.Directory == access.ImportedDirectory {
			err = r.onList(ctx, d, t)
		} else if id := p.Account(t.Ref.Directory); id != "" {
			err = r.membership(ctx, d, t, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// onList writes what an imported list says that they have of a role, under as many accounts as it names. Where none was imported
// lately nothing is known.
func (r *reading) onList(ctx context.Context, d idp.Directory, t targets.Target) error {
	app, role := imported.RoleOf(t.Ref.Group)
	if r.fresh == nil || !r.fresh(app) {
		return nil
	}
	whose, err := r.whoseOf(ctx, app)
	if err != nil {
		return err
	}
	theirs, err := r.Imported.Of(ctx, whose.Whose, whose.list, role, r.Campaign.About)
	if err != nil || len(theirs) == 0 {
		return err
	}
	g, err := d.Group(ctx, t.Ref.Group)
	if err != nil {
		return people.DirectoryFailure(d, "Find "+t.Ref.String(), err)
	}
	return r.writeOf(ctx, d, t, g, theirs)
}

// membership reads whether an account is in a group, and writes that if it is.
func (r *reading) membership(ctx context.Context, d idp.Directory, t targets.Target, account string) error {
	g, err := r.Groups.Find(ctx, d, t.Ref)
	var there []idp.Membership
	if err == nil {
		there, err = isIn(ctx, d, g.ID, account)
	}
	if err != nil {
		proof, err := r.unread(ctx, t, access.Population{}, people.DirectoryFailure(d, "Read who is in "+t.Ref.String(), err))
		if err != nil {
			return err
		}
		k, all, err := r.about(ctx, t, g, listing{})
		if err != nil {
			return err
		}
		return r.proven(ctx, k, all, proof)
	}
	if len(there) == 0 {
		return nil
	}
	return r.writeOf(ctx, d, t, g, there)
}

// writeOf writes the memberships of the one person in a group, unless the review isn't about any of them.
func (r *reading) writeOf(ctx context.Context, d idp.Directory, t targets.Target, g idp.Group, there []idp.Membership) error {
	members, err := r.gathering(ctx, d.ID(), there)
	if err != nil {
		return err
	}
	k, all, err := r.about(ctx, t, g, members)
	if err != nil {
		return err
	}
	meant := slices.ContainsFunc(all, func(m *member) bool {
		k.is(m, r.accounts.account(int(m.number)))
		return r.scope.includes(&k.fact, r.to.Begun())
	})
	if !meant {
		return nil
	}
	return r.write(ctx, k, all, nil)
}

// isIn reads a membership, the cheapest way the directory has; none where the account isn't there.
func isIn(ctx context.Context, d idp.Directory, group, account string) ([]idp.Membership, error) {
	if c, able := idp.As[idp.MemberChecker](d); able {
		in, err := c.IsMember(ctx, group, account)
		if errors.Is(err, idp.ErrNoAccount) {
			return nil, nil
		}
		if err != nil || !in {
			return nil, err
		}
		p, _, err := readAccount(ctx, d, account, false)
		return []idp.Membership{{PersonID: account, Email: p.Email, Status: p.Status, LastLogin: p.LastLogin}}, err
	}
	all, err := idp.Everybody(d.Members(ctx, group))
	return slices.DeleteFunc(all, func(m idp.Membership) bool { return m.PersonID != account }), err
}
