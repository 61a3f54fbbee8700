package entra

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
)

// groups are the tenant's groups.
type groups struct {
	*api

	mu   sync.Mutex
	seen map[string]groupSeen // guarded by mu
}

// group is a group as Graph shows it. What is not so is null in an ordinary group.
type group struct {
	ID          string   `json:"id"`
	Name        string   `json:"displayName"`
	Description string   `json:"description"`
	Types       []string `json:"groupTypes"`
	MailEnabled bool     `json:"mailEnabled"`
	Rule        string   `json:"membershipRule"`
	Assignable  bool     `json:"isAssignableToRole"`
	Synced      bool     `json:"onPremisesSyncEnabled"`
	Restricted  bool     `json:"isManagementRestricted"`
	Visibility  string   `json:"visibility"`
}

const (
	groupSelect = "id,displayName,description,groupTypes,mailEnabled,membershipRule,isAssignableToRole,onPremisesSyncEnabled,isManagementRestricted,visibility"
	// mostInPage is the most that Graph puts on a page of the directory.
	mostInPage = "999"
	// seenFor is how long it is believed what sort a group is of.
	seenFor = time.Minute
)

// groupSeen is a group as it was read, and until when that is believed.
type groupSeen struct {
	group group
	until time.Time
}

// govern says whether Latchkey may change a group's members. Graph refuses what it refuses in words that name no
// reason, and the same ones as for a missing permission, so the reason is looked for here.
func govern(g group) idp.Group {
	out := idp.Group{ID: g.ID, Name: g.Name, Description: g.Description}
	switch {
	case slices.Contains(g.Types, "DynamicMembership"):
		out.Why = fmt.Sprintf("It is filled by the rule %q: change the rule, or use a group with assigned membership.", g.Rule)
	case g.Synced:
		out.Why = "It comes from Active Directory: change its members there, or use a group that is made in Entra."
	case g.Assignable:
		out.Why = "Administrator roles can be assigned to it: use an ordinary group, and give administrator roles through Privileged Identity Management."
	case g.Restricted:
		out.Why = "It is in a restricted management administrative unit: take it out of there, or use another group."
	case g.MailEnabled && !slices.Contains(g.Types, "Unified"):
		out.Why = "It is a distribution list or a mail-enabled security group, which only Exchange changes: use a security group or a Microsoft 365 group."
	default:
		out.Governable = true
	}
	return out
}

// FindGroup implements idp.Directory. The filter does not mind letter case, so what it answers is looked at.
func (d *groups) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	var found []group
	if name != "" {
		var err error
		if found, err = d.searchGroups(ctx, "displayName eq "+quote(name)); err != nil {
			return idp.Group{}, err
		}
	}
	found = slices.DeleteFunc(found, func(g group) bool { return g.Name != name || !isID(g.ID) })
	switch len(found) {
	case 0:
		return idp.Group{}, fmt.Errorf("%s: there is no group %q, %s: %w", d.cfg.ID, name, remedyForName(d.cfg.ID, name), idp.ErrNotFound)
	case 1:
		return d.unlessNested(ctx, govern(found[0]), d.innerOf(ctx, found[0].ID))
	}
	ids := make([]string, len(found))
	for i, g := range found {
		ids[i] = d.cfg.ID + ":id:" + g.ID
	}
	slices.Sort(ids)
	return idp.Group{}, fmt.Errorf("%s: %d groups are named %q, use the id of the right one: %s: %w", d.cfg.ID, len(found), name, strings.Join(ids, " or "), idp.ErrAmbiguous)
}

// remedyForName says what to do about a name that no group has: it may be an id.
func remedyForName(directory, name string) string {
	if isID(name) {
		return "if that is its id, write " + directory + ":id:" + name
	}
	return "create it in Entra or correct the catalogue"
}

// Group implements idp.Directory. The group and whether there are groups in it are asked for at the same time.
func (d *groups) Group(ctx context.Context, id string) (idp.Group, error) {
	inner := func() (string, error) { return "", nil }
	if isID(id) {
		inner = d.innerOf(ctx, id)
	}
	g, err := d.readGroup(ctx, id)
	if err != nil {
		_, _ = inner() // nothing goes on after this
		return idp.Group{}, err
	}
	return d.unlessNested(ctx, govern(g), inner)
}

// Groups implements idp.Lister. Whether there are groups in one is not looked at here, but where it is to be used.
func (d *groups) Groups(ctx context.Context, prefix string) ([]idp.Group, error) {
	filter := ""
	if prefix != "" {
		filter = "startsWith(displayName," + quote(prefix) + ")"
	}
	found, err := d.searchGroups(ctx, filter)
	if err != nil {
		return nil, err
	}
	var out []idp.Group
	for _, g := range found {
		if strings.HasPrefix(g.Name, prefix) {
			out = append(out, govern(g))
		}
	}
	slices.SortFunc(out, func(a, b idp.Group) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

func (d *groups) searchGroups(ctx context.Context, filter string) ([]group, error) {
	q := options("$select", groupSelect, "$top", mostInPage)
	if filter != "" {
		q.Set("$filter", filter)
	}
	return list[group](ctx, d.api, "search for groups", exchange{path: "/groups", query: q})
}

func (d *groups) readGroup(ctx context.Context, id string) (group, error) {
	if !isID(id) {
		return group{}, fmt.Errorf("%s: no group has the id %q, an id of Entra's is a GUID: %w", d.cfg.ID, id, idp.ErrNotFound)
	}
	until := d.cfg.Clock.Now().Add(seenFor)
	g, err := idp.Once(ctx, d.cfg.ID+"/groups/"+id, func() (g group, err error) {
		err = d.call(ctx, "read group "+id, exchange{path: "/groups/" + id, query: options("$select", groupSelect)}, &g)
		if err == nil && !strings.EqualFold(g.ID, id) {
			err = answeredOther(d.cfg.ID, "group", id, g.ID)
		}
		return g, err
	})
	if err != nil {
		return g, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen[id] = groupSeen{g, until}
	return g, nil
}

// knownGroup is a group as it was read a moment ago, or else as it is now.
func (d *groups) knownGroup(ctx context.Context, id string) (group, error) {
	d.mu.Lock()
	seen, known := d.seen[id]
	d.mu.Unlock()
	if known && d.cfg.Clock.Now().Before(seen.until) {
		return seen.group, nil
	}
	return d.readGroup(ctx, id)
}

// mayChange is nil if the group's members may be changed.
func (d *groups) mayChange(g group) error {
	if governed := govern(g); !governed.Governable {
		return d.notGovernable(governed)
	}
	return nil
}

func (d *groups) notGovernable(g idp.Group) error {
	return fmt.Errorf("%s: the group %q is not changed. %s: %w", d.cfg.ID, g.Name, g.Why, idp.ErrRefused)
}
