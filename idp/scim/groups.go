package scim

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"latchkey/idp"
)

const groupsPath = "/Groups"

// groups reads groups, and says whether they may be changed.
type groups struct {
	*api
	filters *filters
	support *support
}

// named finds the group of a name. The standard doesn't mind letter case in it, Latchkey does.
func (r *groups) named(ctx context.Context, name string) (resource, error) {
	missing := fmt.Errorf("%s: there is no group %q, create it in the directory or correct the catalogue: %w", r.cfg.ID, name, idp.ErrNotFound)
	if name == "" {
		return nil, missing
	}
	forms := []func(string) string{func(v string) string { return "displayName eq " + quote(v) }}
	found, err := r.filters.search(ctx, "search for groups", "displayName", groupsPath, name, forms, func(r resource) []string {
		return []string{otherCase(r.text("displayName")), r.text("displayName")}
	})
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(g resource) bool { return g.text("displayName") != name })
	switch len(found) {
	case 0:
		return nil, missing
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("%s: %d groups are named %q, use the id of the right one, as in %s:id:%s: %w", r.cfg.ID, len(found), name, r.cfg.ID, found[0].id(), idp.ErrAmbiguous)
}

// read reads a group with its members, now.
func (r *groups) read(ctx context.Context, id string) (resource, error) {
	g, err := r.shown(ctx, id)
	return g.resource, err
}

// shownGroup is a group, by which request it was read, and what it was made of.
type shownGroup struct {
	resource
	asked url.Values
	raw   []byte
}

// UnmarshalJSON implements json.Unmarshaler.
func (g *shownGroup) UnmarshalJSON(raw []byte) error {
	g.raw = slices.Clone(raw)
	return json.Unmarshal(raw, &g.resource)
}

// shown is read, with what came.
func (r *groups) shown(ctx context.Context, id string) (shownGroup, error) {
	if noPath(id) {
		return shownGroup{}, fmt.Errorf("%s: no group has the id %q, look it up by name first: %w", r.cfg.ID, id, idp.ErrNotFound)
	}
	get := func(query url.Values) (g shownGroup, err error) {
		g.asked = query
		err = r.do(ctx, call{what: "read the group " + id, path: groupsPath + "/" + url.PathEscape(id), query: query}, &g)
		if err == nil && g.id() != id {
			err = answeredOther(r.cfg.ID, "group", id, g.id())
			if g.text("displayName") == id { // some take a name for an id
				err = fmt.Errorf("%s: no group has the id %q: %w", r.cfg.ID, id, idp.ErrNotFound)
			}
		}
		return g, err
	}
	g, err := get(nil)
	if err != nil || g.get("members") != nil {
		return g, err
	}
	// Nobody is in it, or members come only where they are asked for ("returned": "request", RFC 7643, 7).
	full, err := get(url.Values{"attributes": {"id,displayName,members,meta"}})
	if err != nil && unfiltered(err) {
		return g, nil
	}
	if err == nil && full.get("members") != nil {
		g.resource["members"], g.asked, g.raw = full.get("members"), full.asked, full.raw
	}
	return g, err
}

// startingWith lists groups by how their names begin. All are read: a list without members is short, and not every
// server knows "starts with".
func (r *groups) startingWith(ctx context.Context, prefix string) ([]idp.Group, error) {
	found, err := r.list(ctx, "list the groups", groupsPath, url.Values{"excludedAttributes": {"members"}})
	if err != nil {
		return nil, err
	}
	var out []idp.Group
	for _, g := range found {
		if !strings.HasPrefix(g.text("displayName"), prefix) {
			continue
		}
		governed, err := r.govern(ctx, g)
		if err != nil {
			return nil, err
		}
		out = append(out, governed)
	}
	slices.SortFunc(out, func(a, b idp.Group) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// govern says whether Latchkey may change who is in a group.
func (r *groups) govern(ctx context.Context, g resource) (idp.Group, error) {
	out := idp.Group{ID: g.id(), Name: g.text("displayName"), Description: g.text("description")}
	can, err := r.support.supported(ctx)
	if err != nil {
		return idp.Group{}, err
	}
	_, nested := membersOf(g)
	mark, elsewhere := g.has(r.cfg.Elsewhere)
	switch {
	case elsewhere:
		out.Why = fmt.Sprintf("Something else fills this group (%s is %q): use a group of its own.", mark.Attribute, mark.Value)
	case len(nested) > 0:
		out.Why = "There are groups in this group, and who is in those isn't seen here: use a group of people alone."
	case can.patch == no:
		out.Why = "This SCIM server says that it can't change single members (PATCH): members are changed where it has its own console."
	default:
		out.Governable = true
	}
	return out, nil
}

// mayChange is nil if the group's members may be changed.
func (r *groups) mayChange(ctx context.Context, g resource) error {
	governed, err := r.govern(ctx, g)
	if err == nil && !governed.Governable {
		err = fmt.Errorf("%s: the group %q is not changed. %s: %w", r.cfg.ID, governed.Name, strings.TrimSuffix(governed.Why, "."), idp.ErrRefused)
	}
	return err
}

// membersOf are the accounts and the groups that a group shows as its members, each once: servers keep twice whom
// somebody added twice.
func membersOf(g resource) (people, nested []string) {
	seen := map[string]bool{"": true}
	for _, m := range several(g.get("members")) {
		id := m.text("value")
		again := seen[id]
		seen[id] = true
		switch {
		case again:
		case strings.EqualFold(m.text("type"), "Group") || strings.Contains(m.text("$ref"), groupsPath+"/"):
			nested = append(nested, id)
		default:
			people = append(people, id)
		}
	}
	return people, nested
}

// contains tells whether a group shows an account as its member.
func contains(g resource, personID string) bool {
	return slices.ContainsFunc(several(g.get("members")), func(m resource) bool { return m.text("value") == personID })
}

// gone tells an error of what is not there from all others.
func gone(err error) bool { return errors.Is(err, idp.ErrNotFound) }
