package catalog

import (
	"cmp"
	"slices"
	"strings"
)

// Catalog is the whole of what may be asked for. It is read-only once made and
// safe for concurrent use.
type Catalog struct {
	apps    []App
	routes  map[string]Route
	bundles []Bundle
	byID    map[string]int
	folded  []string // per app: what a search looks at, lower case
}

// New makes a catalogue. It does not judge: call Check for the faults.
func New(apps []App, routes []Route, bundles ...Bundle) *Catalog {
	c := &Catalog{apps: apps, bundles: bundles, routes: make(map[string]Route, len(routes)), byID: make(map[string]int, len(apps))}
	for _, r := range routes {
		c.routes[r.Name] = r
	}
	for i, a := range apps {
		c.byID[a.ID] = i
		c.folded = append(c.folded, strings.ToLower(strings.Join([]string{a.Name, a.ID, a.Category, strings.Join(a.Tags, " ")}, "\n")))
	}
	return c
}

// Apps are all apps in configured order, offered or not.
func (c *Catalog) Apps() []App { return c.apps }

// App finds an app by id.
func (c *Catalog) App(id string) (App, bool) {
	i, ok := c.byID[id]
	if !ok {
		return App{}, false
	}
	return c.apps[i], true
}

// Role finds an app and one of its roles.
func (c *Catalog) Role(app, role string) (App, Role, bool) {
	a, ok := c.App(app)
	if !ok {
		return App{}, Role{}, false
	}
	r, ok := a.Role(role)
	return a, r, ok
}

// Route finds an approval route by name.
func (c *Catalog) Route(name string) (Route, bool) {
	r, ok := c.routes[name]
	return r, ok
}

// Offered are the apps people may ask for, by name.
func (c *Catalog) Offered() []App {
	var out []App
	for _, a := range c.apps {
		if a.Offered() {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b App) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return out
}

// Channel is where the approvers of a role are asked; empty: in direct messages.
func (c *Catalog) Channel(app, role string) string {
	_, r, _ := c.Role(app, role)
	if r.Channel != "" {
		return r.Channel
	}
	return c.routes[r.Route].Channel
}

// Channels are all channels in which approvers are asked, sorted.
func (c *Catalog) Channels() []string {
	var out []string
	for _, a := range c.apps {
		for _, r := range a.Roles {
			if name := c.Channel(a.ID, r.ID); name != "" {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Search finds offered apps whose name, id, category or tags contain every word
// of the query; apps whose name starts with the query come first. At most limit
// are returned.
func (c *Catalog) Search(query string, limit int) []App {
	q := strings.ToLower(strings.TrimSpace(query))
	words := strings.Fields(q)
	var first, rest []App
	for i, a := range c.apps {
		if !a.Offered() || !containsAll(c.folded[i], words) {
			continue
		}
		if strings.HasPrefix(c.folded[i], q) {
			first = append(first, a)
		} else {
			rest = append(rest, a)
		}
	}
	byName := func(a, b App) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) }
	slices.SortFunc(first, byName)
	slices.SortFunc(rest, byName)
	out := append(first, rest...)
	return out[:max(0, min(limit, len(out)))]
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// Categories are the categories of offered apps, sorted.
func (c *Catalog) Categories() []string {
	var out []string
	for _, a := range c.apps {
		if a.Offered() && a.Category != "" {
			out = append(out, a.Category)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Groups are all groups that any role opens: the groups Latchkey governs.
func (c *Catalog) Groups() []GroupRef {
	var out []GroupRef
	for _, a := range c.apps {
		for _, r := range a.Roles {
			out = append(out, r.Groups...)
		}
	}
	slices.SortFunc(out, func(a, b GroupRef) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(out)
}
