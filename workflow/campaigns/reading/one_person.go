package reading

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/people"
)

// onePerson reads the memberships of the one person whom a small review is about, under every account of theirs.
func (r *reading) onePerson(ctx context.Context) error {
	var p access.Person
	err := r.Units.View(ctx, func(tx store.Tx) (err error) {
		p, err = people.In(tx, r.Campaign.About)
		return err
	})
	if err != nil {
		return err
	}
	written := r.to.Groups()
	for _, t := range targets.Of(r.known, r.Campaign.Review.Scope, nil) {
		id := p.Account(t.Ref.Directory)
		d, configured := r.directory(t.Ref.Directory)
		if id == "" || !configured || slices.ContainsFunc(written, func(g snapshot.Group) bool { return g.Ref == t.Ref }) {
			continue
		}
		if err := r.membership(ctx, d, t, id); err != nil {
			return err
		}
	}
	return nil
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
	members, err := r.gathering(ctx, d.ID(), there)
	if err != nil {
		return err
	}
	k, all, err := r.about(ctx, t, g, members)
	if err != nil {
		return err
	}
	if k.is(all[0], r.accounts.account(int(all[0].number))); !r.scope.includes(&k.fact, r.to.Begun()) {
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
