package scim

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"latchkey/idp"
)

// members reads who is in a group.
type members struct {
	*api
	accounts *accounts
	groups   *groups
}

// of lists who is in a group. A group shows who is in it, but not what is the matter with them: that is read
// of the accounts, some at a time, as the listing is gone through.
func (m *members) of(ctx context.Context, groupID string) (idp.Listing, error) {
	g, err := m.groups.shown(ctx, groupID)
	if err != nil {
		return idp.Listing{}, err
	}
	ids, nested := membersOf(g.resource)
	if len(nested) > 0 {
		return idp.Listing{}, fmt.Errorf("%s: who is in the group %q can't be told, because there are %d groups in it: use a group of people alone: %w", m.cfg.ID, g.text("displayName"), len(nested), idp.ErrRefused)
	}
	reading := idp.NewReading(service, m.cfg.Clock)
	list := m.groupList(reading, groupID, g.asked)
	if err := noteMembers(list, g); err != nil {
		return idp.Listing{}, fmt.Errorf("%s: cannot list the members of group %s: %w", m.cfg.ID, groupID, err)
	}
	if len(ids) == 0 {
		by, err := m.accountList(ctx, groupID)
		if err != nil {
			return idp.Listing{}, err
		}
		if ids, err = m.byAccounts(ctx, g.resource, by); err != nil {
			return idp.Listing{}, err
		}
		if len(ids) > 0 {
			reading, list = by.reading, by.list
		}
	}
	return reading.Listing(idp.Count{}, m.memberships(ctx, groupID, ids, list)), nil
}

// memberships are the members with these ids.
func (m *members) memberships(ctx context.Context, groupID string, ids []string, list *idp.ListReading) iter.Seq2[idp.Membership, error] {
	return func(yield func(idp.Membership, error) bool) {
		for some := range slices.Chunk(ids, together) {
			accounts, err := m.accounts.byIDs(ctx, some)
			if err != nil {
				yield(idp.Membership{}, err)
				return
			}
			for _, id := range some {
				switch u := accounts[id]; {
				case u == nil:
					list.Apart("accounts that aren't there any more", false, true)
				case len(several(u.get("groups"))) > 0:
					list.Says(inGroup(u, groupID))
				}
				if !yield(m.membership(id, accounts[id]), nil) {
					return
				}
			}
		}
	}
}

// membership is a member's place. Of one whose account is deleted nothing is left but the id.
func (m *members) membership(id string, account resource) idp.Membership {
	if account == nil {
		return idp.Membership{PersonID: id, Status: idp.Left}
	}
	return idp.Membership{PersonID: id, Email: account.address(), Status: account.status(m.cfg.OnHold)}
}

// byAccounts looks, of a group that shows nobody, whether the accounts say that they are in it; and whether this server
// shows members at all.
func (m *members) byAccounts(ctx context.Context, g resource, by *accountList) (ids []string, err error) {
	found, err := m.noted(ctx, "look who is in the group "+g.id(), usersPath, by.query(), by.begin)
	if err != nil && !unfiltered(err) {
		return nil, err
	}
	for _, u := range found {
		if inGroup(u, g.id()) {
			ids = append(ids, u.id())
		}
	}
	if len(ids) > 0 {
		return ids, nil
	}
	return nil, m.shown(ctx)
}

// inGroup tells whether an account says that it is in a group itself. Some servers answer a filter that they don't know
// with everybody.
func inGroup(account resource, groupID string) bool {
	return slices.ContainsFunc(several(account.get("groups")), func(in resource) bool {
		return in.text("value") == groupID && !strings.EqualFold(in.text("type"), "indirect")
	})
}

// shown fails if the test group, which is never empty, shows nobody: then an empty list proves nothing of others.
func (m *members) shown(ctx context.Context) error {
	if m.cfg.ProbeGroup == "" {
		return nil
	}
	g, err := m.groups.named(ctx, m.cfg.ProbeGroup)
	if err == nil {
		g, err = m.groups.read(ctx, g.id())
	}
	if err != nil {
		return fmt.Errorf("whether members are shown at all can't be told by probe_group: %w", err)
	}
	if people, nested := membersOf(g); len(people)+len(nested) == 0 {
		return fmt.Errorf("%s: the group %q, which is never empty, shows nobody: the SCIM server hides who is in a group, or probe_group is the wrong one; nothing is known of other groups", m.cfg.ID, m.cfg.ProbeGroup)
	}
	return nil
}

// includes tells whether an account is in a group.
func (m *members) includes(ctx context.Context, groupID, personID string) (bool, error) {
	g, err := m.groups.read(ctx, groupID)
	if err != nil {
		return false, err
	}
	if contains(g, personID) {
		return true, nil
	}
	if _, err := m.accounts.byID(ctx, personID); err != nil {
		if gone(err) {
			return false, fmt.Errorf("%s: no account has the id %q: %w", m.cfg.ID, personID, idp.ErrNoAccount)
		}
		return false, err
	}
	if len(several(g.get("members"))) > 0 {
		return false, nil
	}
	by, err := m.accountList(ctx, groupID)
	if err != nil {
		return false, err
	}
	ids, err := m.byAccounts(ctx, g, by)
	return slices.Contains(ids, personID), err
}
