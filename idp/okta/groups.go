package okta

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// memberPage is the page size Okta recommends for listings.
const memberPage = 200

// FindGroup implements idp.Directory. The search does not mind letter case, so what it answers is looked at.
func (d *Directory) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	found, err := d.searchGroups(ctx, "profile.name eq "+quote(name))
	if err != nil {
		return idp.Group{}, err
	}
	found = slices.DeleteFunc(found, func(g *sdk.Group) bool { return groupName(g) != name })
	switch len(found) {
	case 0:
		return idp.Group{}, fmt.Errorf("%s: there is no group %q, %s: %w", d.cfg.ID, name, remedyForName(d.cfg.ID, name), idp.ErrNotFound)
	case 1:
		return govern(found[0], d.rules.whenAsked(ctx))
	}
	return idp.Group{}, fmt.Errorf("%s: %d groups are named %q, use the id of the right one, as in %s:id:%s: %w", d.cfg.ID, len(found), name, d.cfg.ID, found[0].Id, idp.ErrAmbiguous)
}

// remedyForName says what to do about a name that no group of the directory has: it may be an id, which has twenty characters.
func remedyForName(directory, name string) string {
	if len(name) == 20 && strings.HasPrefix(name, "00g") {
		return "if that is its id, write " + directory + ":id:" + name
	}
	return "create it in Okta or correct the catalogue"
}

// Group implements idp.Directory.
func (d *Directory) Group(ctx context.Context, id string) (idp.Group, error) {
	feeding := d.rules.beside(ctx)
	defer func() { _, _ = feeding() }() // nothing goes on after this
	g, err := d.readGroup(ctx, id)
	if err != nil {
		return idp.Group{}, err
	}
	return govern(g, feeding)
}

// Groups implements idp.Lister.
func (d *Directory) Groups(ctx context.Context, prefix string) ([]idp.Group, error) {
	expression := ""
	if prefix != "" {
		expression = "profile.name sw " + quote(prefix)
	}
	found, err := d.searchGroups(ctx, expression)
	if err != nil {
		return nil, err
	}
	var out []idp.Group
	for _, g := range found {
		if !strings.HasPrefix(groupName(g), prefix) { // the search does not mind letter case
			continue
		}
		governed, err := govern(g, d.rules.whenAsked(ctx))
		if err != nil {
			return nil, err
		}
		out = append(out, governed)
	}
	slices.SortFunc(out, func(a, b idp.Group) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

func (a *api) searchGroups(ctx context.Context, expression string) ([]*sdk.Group, error) {
	return list(ctx, a, "search for groups", func(ctx context.Context, c *sdk.Client) ([]*sdk.Group, *sdk.Response, error) {
		return c.Group.ListGroups(ctx, query.NewQueryParams(query.WithSearch(expression), query.WithLimit(memberPage)))
	})
}

func (d *Directory) readGroup(ctx context.Context, id string) (*sdk.Group, error) {
	if id == "" {
		return nil, fmt.Errorf("%s: a group without an id, look it up by name first: %w", d.cfg.ID, idp.ErrNotFound)
	}
	until := d.cfg.Clock.Now().Add(seenFor)
	group, err := idp.Once(ctx, d.cfg.ID+"/groups/"+id, func() (group *sdk.Group, err error) {
		err = d.call(ctx, "read group "+id, func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
			group, resp, err = c.Group.GetGroup(ctx, url.PathEscape(id))
			return resp, err
		})
		return group, err
	})
	if err == nil && group.Id != id {
		err = answeredOther(d.cfg.ID, "group", id, group.Id)
	}
	if err != nil {
		return group, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.groups[id] = groupSeen{group, until}
	return group, nil
}

// usersIn reads what Okta says of a group's size.
func usersIn(g *sdk.Group) (int, bool) {
	n, said := statistic(g).(float64)
	return int(n), said
}

// statistic is what is in the place of a group's size; nil where nothing is.
func statistic(g *sdk.Group) any {
	embedded, _ := g.Embedded.(map[string]any)
	stats, _ := embedded["stats"].(map[string]any)
	return stats["usersCount"]
}

// IsMember implements idp.MemberChecker: a person is in fewer groups than a group has people.
func (d *Directory) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	groups, absent := d.groupsOf(ctx, personID)
	if absent != nil && !errors.Is(absent, idp.ErrNotFound) {
		return false, absent
	}
	if slices.ContainsFunc(groups, func(g *sdk.Group) bool { return g.Id == groupID }) {
		return true, nil
	}
	if _, err := d.knownGroup(ctx, groupID); err != nil { // "not in it" must not hide that it is not there
		return false, err
	}
	if absent != nil {
		return false, fmt.Errorf("%s: no account has the id %q: %w", d.cfg.ID, personID, idp.ErrNoAccount)
	}
	if len(groups) == 0 { // every account is in Everyone, so this is no answer: the group is asked
		return d.listed(ctx, groupID, personID)
	}
	return false, nil
}

// groupsOf are the groups an account is in.
func (a *api) groupsOf(ctx context.Context, personID string) ([]*sdk.Group, error) {
	if personID == "" {
		return nil, idp.ErrNoAccount
	}
	return list(ctx, a, "list the groups of account "+personID, func(ctx context.Context, c *sdk.Client) ([]*sdk.Group, *sdk.Response, error) {
		return c.User.ListUserGroups(ctx, url.PathEscape(personID))
	})
}

// listed tells whether an account is on the list of a group's members.
func (d *Directory) listed(ctx context.Context, groupID, personID string) (bool, error) {
	members, err := idp.Everybody(d.Members(ctx, groupID))
	return slices.ContainsFunc(members, func(m idp.Membership) bool { return m.PersonID == personID }), err
}

// ReadLag implements idp.Lagging. Okta promises nothing; a list of members was seen to trail by four seconds.
func (d *Directory) ReadLag() time.Duration { return 5 * time.Second }

// Add implements idp.Directory.
func (d *Directory) Add(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Addition)
	if err := d.mayChange(ctx, groupID); err != nil {
		return err
	}
	if personID == "" {
		return fmt.Errorf("%s: an account without an id, look the person up first: %w", d.cfg.ID, idp.ErrNotFound)
	}
	return d.call(ctx, fmt.Sprintf("add account %s to group %s", personID, groupID), func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
		return c.Group.AddUserToGroup(ctx, url.PathEscape(groupID), url.PathEscape(personID))
	})
}

// Remove implements idp.Directory.
func (d *Directory) Remove(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Removal)
	if err := d.mayChange(ctx, groupID); err != nil {
		return err
	}
	if personID == "" {
		return nil // nobody is not a member
	}
	err := d.call(ctx, fmt.Sprintf("remove account %s from group %s", personID, groupID), func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
		return c.Group.RemoveUserFromGroup(ctx, url.PathEscape(groupID), url.PathEscape(personID))
	})
	if errors.Is(err, idp.ErrNotFound) { // the account may be gone, or the group
		_, err = d.readGroup(ctx, groupID)
	}
	return err
}

func groupName(g *sdk.Group) string {
	if g.Profile == nil {
		return ""
	}
	return g.Profile.Name
}
