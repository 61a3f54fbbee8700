package catalog

import (
	"slices"
	"strings"
	"time"
)

// Condition says whom, what and how long something applies to. All that is set has to hold;
// of a list, one entry. An empty condition always holds.
type Condition struct {
	// What is asked for.
	Apps  []string
	Roles []RoleRef
	Tags  []string
	Kinds []Kind
	Risks []Risk

	// Who gets it.
	Departments []string // as the directory names them, like the next three; case doesn't matter
	Titles      []string
	Types       []string
	Locations   []string
	Groups      []GroupRef
	Managers    []string // addresses
	People      []string // addresses

	// For how long: longer than Over, UpTo at most. Zero: no bound.
	Over time.Duration
	UpTo time.Duration

	When Expression // besides
}

// Expression is a condition in an expression language. The zero value always holds.
type Expression struct {
	Text string // as it was written
	// Holds judges it, and names what it would have to know, in words. It has no side effects
	// and is safe for concurrent use.
	Holds   func(Attributes) (t Truth, missing []string) `json:"-"`
	Groups  []GroupRef                                   `json:"-"` // those that it asks about
	Apps    []string                                     `json:"-"` // whose ids it compares with
	Tags    []string                                     `json:"-"` // that it asks apps for
	Manager bool                                         `json:"-"` // it asks who somebody's manager is
	Peers   bool                                         `json:"-"` // it asks about the person's colleagues
	Length  bool                                         `json:"-"` // it asks for how long
}

// Always reports whether the condition holds whatever is asked for.
func (c Condition) Always() bool {
	return !c.OfWhat() && !c.OfWhom() && c.Over == 0 && c.UpTo == 0 && c.When.Text == ""
}

// OfWhat reports whether it asks what somebody wants.
func (c Condition) OfWhat() bool {
	return len(c.Apps)+len(c.Roles)+len(c.Tags)+len(c.Kinds)+len(c.Risks) > 0
}

// OfWhom reports whether it asks who somebody is.
func (c Condition) OfWhom() bool {
	return len(c.Departments)+len(c.Titles)+len(c.Types)+len(c.Locations)+len(c.Groups)+len(c.Managers)+len(c.People) > 0
}

// Holds judges the condition. Where it can't be told, missing says in words what would have to
// be known of whoever gets the access, as in "department". It names nobody.
func (c Condition) Holds(a Attributes) (t Truth, missing []string) {
	t = c.what(a).And(c.length(a.Wanted))
	for _, m := range c.matchers(a.Person) {
		if t == No {
			return No, nil
		}
		if m.truth == Unknown {
			missing = append(missing, m.about)
		}
		t = t.And(m.truth)
	}
	if t == No || c.When.Text == "" {
		return t, unlessNo(t, missing)
	}
	said, more := c.When.holds(a)
	if said == Unknown {
		missing = append(missing, more...)
	}
	return t.And(said), unlessNo(t.And(said), missing)
}

func unlessNo(t Truth, missing []string) []string {
	if t == No {
		return nil
	}
	return missing
}

// holds is Holds. An expression that nobody compiled is not known.
func (e Expression) holds(a Attributes) (Truth, []string) {
	if e.Holds == nil {
		return Unknown, []string{"what its expression comes to"}
	}
	return e.Holds(a)
}

// what is asked for is always known.
func (c Condition) what(a Attributes) Truth {
	return Told(among(c.Apps, a.App.ID) && among(c.Roles, RoleRef{a.App.ID, a.Role.ID}) &&
		among(c.Kinds, a.Role.Kind) && among(c.Risks, a.Role.Risk) &&
		(len(c.Tags) == 0 || slices.ContainsFunc(a.App.Tags, func(t string) bool { return listed(c.Tags, t) })))
}

func (c Condition) length(wanted time.Duration) Truth {
	over := c.Over == 0 || wanted == Forever || wanted > c.Over
	upTo := c.UpTo == 0 || wanted != Forever && wanted <= c.UpTo
	return Told(over && upTo)
}

// matcher is the truth of one thing that is asked about a person.
type matcher struct {
	truth Truth
	about string // what that is, in words
}

func (c Condition) matchers(p PersonAttributes) []matcher {
	return []matcher{
		named(c.Departments, p.Department, "department"),
		named(c.Titles, p.Title, "title"),
		named(c.Types, p.Type, "kind of employment"),
		named(c.Locations, p.Location, "location"),
		inGroup(c.Groups, p),
		meant(c.Managers, p.ManagedBy, "manager"),
		meant(c.People, p.Addresses, "address"),
	}
}

func named(wanted []string, is, about string) matcher {
	switch {
	case len(wanted) == 0:
		return matcher{truth: Yes}
	case is == "":
		return matcher{Unknown, about}
	}
	return matcher{Told(listed(wanted, is)), about}
}

func inGroup(groups []GroupRef, p PersonAttributes) matcher {
	m := matcher{truth: Told(len(groups) == 0), about: "groups"}
	for _, g := range groups {
		m.truth = m.truth.Or(p.Groups[g])
	}
	return m
}

func meant(wanted, addresses []string, about string) matcher {
	switch {
	case len(wanted) == 0:
		return matcher{truth: Yes}
	case len(addresses) == 0:
		return matcher{Unknown, about}
	}
	return matcher{Told(slices.ContainsFunc(addresses, func(a string) bool { return slices.ContainsFunc(wanted, sameAddress(a)) })), about}
}

// sameAddress compares addresses byte for byte, but for the letter case of ASCII.
func sameAddress(a string) func(string) bool {
	return func(b string) bool { return strings.Map(lower, a) == strings.Map(lower, b) }
}

// listed tells whether a name is among others, as people read them.
func listed(list []string, name string) bool {
	return slices.ContainsFunc(list, func(one string) bool { return Same(one, name) })
}

// among tells whether something is in a list; an empty list asks nothing.
func among[T comparable](list []T, one T) bool { return len(list) == 0 || slices.Contains(list, one) }
