package scim

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"latchkey/idp"
)

// together is how many accounts are read with one filter.
const together = 20

// Members implements idp.Directory. A group shows who is in it, but not what is the matter with them: that is read
// of the accounts, some at a time, as the listing is gone through.
func (d *Directory) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	g, err := d.readGroup(ctx, groupID)
	if err != nil {
		return idp.Listing{}, err
	}
	ids, nested := membersOf(g)
	if len(nested) > 0 {
		return idp.Listing{}, fmt.Errorf("%s: who is in the group %q can't be told, because there are %d groups in it: use a group of people alone: %w", d.cfg.ID, g.text("displayName"), len(nested), idp.ErrRefused)
	}
	var count idp.Count
	if len(ids) == 0 {
		if ids, count, err = d.otherwise(ctx, g); err != nil {
			return idp.Listing{}, err
		}
	}
	return idp.Listing{Count: count, All: func(yield func(idp.Membership, error) bool) {
		for some := range slices.Chunk(ids, together) {
			accounts, err := d.accounts(ctx, some)
			if err != nil {
				yield(idp.Membership{}, err)
				return
			}
			for _, id := range some {
				if !yield(d.membership(id, accounts[id]), nil) {
					return
				}
			}
		}
	}}, nil
}

// membership is a member's place. Of one whose account is deleted nothing is left but the id.
func (d *Directory) membership(id string, account resource) idp.Membership {
	if account == nil {
		return idp.Membership{PersonID: id, Status: idp.Left}
	}
	return idp.Membership{PersonID: id, Email: account.address(), Status: account.status(d.cfg.OnHold)}
}

// accounts reads accounts by their ids, at once where the server can; whom that doesn't show is read alone. Nothing
// is said of those that are no more.
func (d *Directory) accounts(ctx context.Context, ids []string) (map[string]resource, error) {
	known := map[string]resource{}
	if len(ids) > 1 {
		clauses := make([]string, len(ids))
		for i, id := range ids {
			clauses[i] = "id eq " + quote(id)
		}
		page, err := d.page(ctx, "read some accounts", users, url.Values{"filter": {strings.Join(clauses, " or ")}}, 1, len(ids))
		if err != nil && !unfiltered(err) {
			return nil, err
		}
		for _, u := range page.Resources {
			if slices.Contains(ids, u.id()) {
				known[u.id()] = u
			}
		}
	}
	for _, id := range ids {
		if known[id] != nil {
			continue
		}
		u, err := d.byID(ctx, id)
		if err != nil && !gone(err) {
			return nil, err
		}
		if err == nil {
			known[id] = u
		}
	}
	return known, nil
}

// otherwise looks, of a group that shows nobody, whether the accounts say that they are in it; and whether this server
// shows members at all.
func (d *Directory) otherwise(ctx context.Context, g resource) (ids []string, count idp.Count, err error) {
	found, err := d.list(ctx, "look who is in the group "+g.id(), users, url.Values{"filter": {"groups.value eq " + quote(g.id())}})
	if err != nil && !unfiltered(err) {
		return nil, count, err
	}
	for _, u := range found { // some answer a filter that they don't know with everybody
		if slices.ContainsFunc(several(u.get("groups")), func(in resource) bool {
			return in.text("value") == g.id() && !strings.EqualFold(in.text("type"), "indirect")
		}) {
			ids = append(ids, u.id())
		}
	}
	if len(ids) > 0 {
		return ids, idp.Counted(len(ids)), nil
	}
	return nil, count, d.showsMembers(ctx)
}

// showsMembers fails if the group that is never empty shows nobody: then an empty list proves nothing of others.
func (d *Directory) showsMembers(ctx context.Context) error {
	if d.cfg.ProbeGroup == "" {
		return nil
	}
	g, err := d.groupNamed(ctx, d.cfg.ProbeGroup)
	if err == nil {
		g, err = d.readGroup(ctx, g.id())
	}
	if err != nil {
		return fmt.Errorf("whether members are shown at all can't be told by probe_group: %w", err)
	}
	if people, nested := membersOf(g); len(people)+len(nested) == 0 {
		return fmt.Errorf("%s: the group %q, which is never empty, shows nobody: the SCIM server hides who is in a group, or probe_group is the wrong one; nothing is known of other groups", d.cfg.ID, d.cfg.ProbeGroup)
	}
	return nil
}

// IsMember implements idp.MemberChecker.
func (d *Directory) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	g, err := d.readGroup(ctx, groupID)
	if err != nil {
		return false, err
	}
	if contains(g, personID) {
		return true, nil
	}
	if _, err := d.byID(ctx, personID); err != nil {
		if gone(err) {
			return false, fmt.Errorf("%s: no account has the id %q: %w", d.cfg.ID, personID, idp.ErrNoAccount)
		}
		return false, err
	}
	if len(several(g.get("members"))) > 0 {
		return false, nil
	}
	ids, _, err := d.otherwise(ctx, g)
	return slices.Contains(ids, personID), err
}
