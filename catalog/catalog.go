package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Catalog is the whole of what may be asked for. It is read-only once made and
// safe for concurrent use.
type Catalog struct {
	apps        []App
	routes      map[string]Route
	bundles     []Bundle
	policy      Policy
	birthrights Birthrights
	reviews     []Review
	reclaiming  Reclaiming
	byID        map[string]int
	folded      []string // per app: what a search looks at, lower case
	offered     []int    // places of the apps people may ask for, by name
	categories  []string // the categories of those
	version     string   // "" until it is reckoned: see Versioned
	signsIn     bool     // people can sign in to a directory: see WithSignIn
}

// New makes a catalogue. It does not judge: call Check for the faults.
func New(apps []App, routes []Route, bundles ...Bundle) *Catalog {
	c := &Catalog{apps: apps, bundles: bundles, routes: make(map[string]Route, len(routes)), byID: make(map[string]int, len(apps))}
	for _, r := range routes {
		c.routes[r.Name] = r
	}
	for i, a := range apps {
		if _, twice := c.byID[a.ID]; !twice { // Check says so; the first one is meant
			c.byID[a.ID] = i
		}
		c.folded = append(c.folded, foldedLines(a.Name, a.ID, a.Category, strings.Join(a.Tags, " ")))
	}
	c.arrange()
	return c
}

// arrange sorts what is offered once, because every look at it comes by name.
func (c *Catalog) arrange() {
	for i, a := range c.apps {
		if !a.Offered() {
			continue
		}
		c.offered = append(c.offered, i)
		if a.Category != "" {
			c.categories = append(c.categories, a.Category)
		}
	}
	name := func(i int) string { n, _, _ := strings.Cut(c.folded[i], "\n"); return n }
	slices.SortStableFunc(c.offered, func(a, b int) int { return cmp.Compare(name(a), name(b)) })
	slices.Sort(c.categories)
	c.categories = slices.Compact(c.categories)
}

// Bundles are the bundles in configured order.
func (c *Catalog) Bundles() []Bundle { return c.bundles }

// Bundle finds a bundle by id.
func (c *Catalog) Bundle(id string) (Bundle, bool) {
	i := slices.IndexFunc(c.bundles, func(b Bundle) bool { return b.ID == id })
	if i < 0 {
		return Bundle{}, false
	}
	return c.bundles[i], true
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

// Under is the catalogue with a policy. The receiver isn't changed.
func (c *Catalog) Under(p Policy) *Catalog {
	out := *c
	out.policy = p
	out.version = ""
	return &out
}

// Policy is what holds beside what each role says of itself.
func (c *Catalog) Policy() Policy { return c.policy }

// Routes are all approval routes, by name.
func (c *Catalog) Routes() []Route {
	return slices.SortedFunc(maps.Values(c.routes), func(a, b Route) int { return cmp.Compare(a.Name, b.Name) })
}

// Sources are all sources of approvers, of routes and of roles, each once.
func (c *Catalog) Sources() (out []Approver) {
	for _, r := range c.Routes() {
		out = append(out, r.Deciders()...)
	}
	for _, a := range c.apps {
		for _, r := range a.Roles {
			out = append(out, r.Approvers...)
		}
	}
	slices.SortFunc(out, func(a, b Approver) int { return cmp.Compare(a.String(), b.String()) })
	return slices.Compact(out)
}

// WithReviews is the catalogue with the reviews that are held of it. The receiver isn't changed.
func (c *Catalog) WithReviews(reviews []Review) *Catalog {
	out := *c
	out.reviews = slices.Clone(reviews)
	out.version = ""
	return &out
}

// Reviews are the access reviews that are configured, in configured order.
func (c *Catalog) Reviews() []Review { return slices.Clone(c.reviews) }

// Offered are the apps people may ask for, by name.
func (c *Catalog) Offered() []App {
	out := make([]App, len(c.offered))
	for n, i := range c.offered {
		out[n] = c.apps[i]
	}
	return out
}

// Search finds offered apps whose name, id, category or tags contain every word
// of the query; apps whose name starts with the query come first. At most limit
// are returned.
func (c *Catalog) Search(query string, limit int) []App {
	q := Fold(query)
	words := strings.Fields(q)
	var first, rest []App
	for _, i := range c.offered {
		switch {
		case len(first) >= limit:
			return first
		case !containsAll(c.folded[i], words):
		case strings.HasPrefix(c.folded[i], q):
			first = append(first, c.apps[i])
		case len(rest) < limit:
			rest = append(rest, c.apps[i])
		}
	}
	out := append(first, rest...)
	return out[:max(0, min(limit, len(out)))]
}

// foldedLines are texts as a search compares them, each on a line.
func foldedLines(texts ...string) string {
	for i, t := range texts {
		texts[i] = Fold(t)
	}
	return strings.Join(texts, "\n")
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
func (c *Catalog) Categories() []string { return slices.Clone(c.categories) }

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
