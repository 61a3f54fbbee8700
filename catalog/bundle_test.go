package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
)

// shop is an app with two roles, one of which needs the other, and one bundle.
func shop(edit func(*catalog.App, *catalog.Bundle)) *catalog.Catalog {
	app, route := sound()
	second := app.Roles[0]
	second.ID, second.Name, second.Needs = "admin", "Admin", []catalog.Holding{{App: "figma", Role: "editor"}}
	app.Roles = append(app.Roles, second)
	b := catalog.Bundle{ID: "starter", Name: "New designer", Description: "First day", Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}}
	edit(app, &b)
	return catalog.New([]catalog.App{*app}, []catalog.Route{*route}, b)
}

func TestCheckFindsFaultsOfBundlesAndPrerequisites(t *testing.T) {
	ref := func(role string) catalog.RoleRef { return catalog.RoleRef{App: "figma", Role: role} }
	for name, c := range map[string]struct {
		edit       func(*catalog.App, *catalog.Bundle)
		path, want string
	}{
		"no name":        {func(_ *catalog.App, b *catalog.Bundle) { b.Name = " " }, "bundles[0].name", "has no name"},
		"bad id":         {func(_ *catalog.App, b *catalog.Bundle) { b.ID = "No Id" }, "bundles[0].id", "is not an id"},
		"unknown role":   {func(_ *catalog.App, b *catalog.Bundle) { b.Roles[0] = ref("nope") }, "bundles[0].roles[0]", "there is no role"},
		"needs its like": {func(_ *catalog.App, b *catalog.Bundle) { b.Roles = append(b.Roles, ref("admin")) }, "bundles[0].roles[1]", "can't be in one bundle"},
		"not offered":    {func(a *catalog.App, _ *catalog.Bundle) { a.Status = catalog.Retired }, "bundles[0].roles[0]", "isn't offered"},
		"in a circle":    {func(a *catalog.App, _ *catalog.Bundle) { a.Roles[1].Needs = []catalog.Holding{ref("admin").Holding()} }, "apps[0].roles[1].needs[0]", "prerequisite of itself"},
	} {
		t.Run(name, func(t *testing.T) {
			faults := shop(c.edit).Check(facts())
			if len(faults) != 1 || faults[0].Path != c.path || !strings.Contains(faults[0].Problem, c.want) {
				t.Errorf("got %+v, want %s: …%s…", faults, c.path, c.want)
			}
		})
	}
	if faults := shop(func(*catalog.App, *catalog.Bundle) {}).Check(facts()); len(faults) > 0 {
		t.Errorf("a sound bundle has faults: %+v", faults)
	}
}

func TestTwoRolesCantNeedEachOther(t *testing.T) {
	faults := shop(func(a *catalog.App, _ *catalog.Bundle) {
		a.Roles[0].Needs = []catalog.Holding{{App: "figma", Role: "admin"}}
	}).Check(facts())
	if len(faults) != 2 || !strings.Contains(faults[0].Problem, "need each other") {
		t.Errorf("got %+v", faults)
	}
}

func TestBundlesAreFound(t *testing.T) {
	c := shop(func(*catalog.App, *catalog.Bundle) {})
	for query, want := range map[string]int{"": 1, "designer": 1, "first new": 1, "writer": 0} {
		if got := len(c.SearchBundles(query, 5)); got != want {
			t.Errorf("%q finds %d bundles, want %d", query, got, want)
		}
	}
	if _, ok := c.Bundle("starter"); !ok {
		t.Error("the bundle isn't found by id")
	}
	if _, ok := c.Bundle("other"); ok {
		t.Error("a bundle is found that isn't there")
	}
}

func TestAudience(t *testing.T) {
	some := catalog.Audience{Departments: []string{"Finance", "IT"}, People: []string{"maya@acme.example"}}
	for _, c := range []struct {
		who        catalog.Audience
		email, dep string
		want       bool
	}{
		{catalog.Audience{}, "x@y", "", true}, {some, "x@y", "finance ", true}, {some, "maya@acme.example", "Design", true}, {some, "x@y", "Design", false}, {some, "x@y", "", false},
	} {
		named := func(people []string) bool { return slices.Contains(people, c.email) }
		if got := c.who.Admits(c.dep, named); got != c.want {
			t.Errorf("%v admits %s of %q: %t", c.who, c.email, c.dep, got)
		}
	}
	if got := some.String(); got != "Finance, IT and a few named people" {
		t.Errorf("reads %q", got)
	}
}

// Roles can't need each other in a circle, however long; it is told once. Two roles may need the same one.
func TestRolesCantNeedEachOtherInACircle(t *testing.T) {
	needing := func(needs map[string][]string) []catalog.Fault {
		app, route := sound()
		first := app.Roles[0]
		app.Roles = nil
		for _, id := range []string{"a", "b", "c", "d"} {
			r := first
			r.ID, r.Name, r.Needs = id, id, nil
			for _, other := range needs[id] {
				r.Needs = append(r.Needs, catalog.Holding{App: "figma", Role: other})
			}
			app.Roles = append(app.Roles, r)
		}
		return catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Check(facts())
	}
	if faults := needing(map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}); len(faults) > 0 {
		t.Errorf("no circle: %+v", faults)
	}
	faults := needing(map[string][]string{"d": {"c"}, "c": {"b"}, "b": {"d"}, "a": {"c"}})
	if len(faults) != 1 || faults[0].Path != "apps[0].roles[1].needs[0]" || !strings.Contains(faults[0].Problem, `"figma/b" needs "figma/d", which needs "figma/c", which needs "figma/b", so nobody`) {
		t.Errorf("a circle of three: %+v", faults)
	}
}
