package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// books is a catalogue in which who pays doesn't approve, who audits does neither, and who is in the group of the
// owners has no payment roles at all. Role both opens the groups of two others.
func books() *catalog.Catalog {
	long := catalog.Durations{Choices: []time.Duration{30 * catalog.Day, catalog.Forever}, Default: 30 * catalog.Day}
	role := func(id string, groups ...string) catalog.Role {
		r := catalog.Role{ID: id, Name: strings.ToUpper(id[:1]) + id[1:], Route: "owner", Durations: long, Risk: catalog.Low}
		for _, g := range groups {
			r.Groups = append(r.Groups, catalog.GroupRef{Directory: "okta", Group: g})
		}
		return r
	}
	apps := []catalog.App{
		{ID: "books", Name: "Books", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Roles: []catalog.Role{role("payer", "pay"), role("approver", "approve"), role("clerk", "base", "clerk"), role("both", "approve", "clerk")}},
		{ID: "audit", Name: "Audit", Status: catalog.Approved, Provisioning: catalog.ByDirectory, Roles: []catalog.Role{role("reader", "audit-read"), role("writer", "audit-write")}},
	}
	routes := []catalog.Route{
		{Name: "owner", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Owner}}}}},
		{Name: "security", Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.Security}}}}},
		{Name: "board", Distinct: true, Stages: []catalog.Stage{{Approvers: []catalog.Approver{{Kind: catalog.SecondManager}}}}},
	}
	return catalog.New(apps, routes).Under(catalog.Policy{Conflicts: []catalog.Conflict{
		{ID: "pay", Line: 3, Not: sides("books/payer", "books/approver"), Why: "Nobody approves what they pay.", Exception: catalog.ExceptionTerms{Route: "security", Max: 7 * catalog.Day}},
		{ID: "audit", Line: 4, Not: sides("books/payer books/clerk", "audit"), Why: "Auditors keep no books.", Exception: catalog.ExceptionTerms{Route: "board", Max: catalog.Day}, BreakGlass: true},
		{ID: "owners", Line: 5, Not: sides("books/payer", "okta:owners"), Why: "Owners pay nothing."},
	}})
}

func sides(a, b string) (out [2][]catalog.Holding) {
	for i, side := range []string{a, b} {
		for _, one := range strings.Fields(side) {
			h, err := catalog.ParseHolding(one)
			if err != nil {
				panic(err)
			}
			out[i] = append(out[i], h)
		}
	}
	return out
}

// having reads what somebody has: roles, groups, groups that they aren't in (with !); of the rest it isn't known.
func having(c *catalog.Catalog, text string, silent bool) catalog.Holdings {
	has := catalog.Holdings{Groups: map[catalog.GroupRef]catalog.Truth{}}
	if !silent {
		for _, g := range catalog.Watched(c, catalog.RoleRef{}) {
			has.Groups[g] = catalog.No
		}
	}
	for _, one := range strings.Fields(text) {
		h, err := catalog.ParseHolding(strings.TrimPrefix(one, "!"))
		if err != nil {
			panic(err)
		}
		if ref, role := h.Ref(); role {
			has.Roles = append(has.Roles, ref)
			continue
		}
		has.Groups[h.Group] = catalog.Told(!strings.HasPrefix(one, "!"))
	}
	return has
}

// TestConflicts writes down what becomes of an ask by what is held already: who is asked, for how long, by which
// clause; or what is said.
func TestConflicts(t *testing.T) {
	c := books()
	var out strings.Builder
	for _, one := range []struct {
		has, asks string
		edit      func(*catalog.Attributes)
		how       string
	}{
		{has: "", asks: "books/payer"},
		{has: "audit/reader", asks: "books/approver"},
		{has: "books/approver", asks: "books/payer"},
		{has: "books/payer", asks: "books/approver"},
		{has: "okta:approve", asks: "books/payer", how: "put into the group by hand"},
		{has: "books/both", asks: "books/payer", how: "another role opens the group"},
		{has: "books/payer", asks: "books/both", how: "asks for a role that opens the group"},
		{has: "okta:base", asks: "audit/reader", how: "in one of two groups only"},
		{has: "okta:base okta:clerk", asks: "audit/reader", how: "in both by hand"},
		{has: "okta:base", asks: "books/both", how: "completes a role by its groups, beside nothing"},
		{has: "okta:base audit/reader", asks: "books/both", how: "completes a role by its groups"},
		{has: "books/approver audit/writer", asks: "books/payer", how: "two conflicts at once"},
		{has: "okta:owners", asks: "books/payer", how: "no exception"},
		{has: "books/payer", asks: "books/payer", how: "more of what is there already, and fine"},
		{has: "books/payer okta:owners", asks: "books/approver", how: "in conflict already, by something else"},
		{has: "books/approver", asks: "books/payer", edit: func(a *catalog.Attributes) { a.Urgent = true }, how: "emergency that the conflict doesn't let through"},
		{has: "books/payer", asks: "audit/reader", edit: func(a *catalog.Attributes) { a.Urgent = true }, how: "emergency that it lets through"},
		{has: "books/approver", asks: "books/payer", edit: func(a *catalog.Attributes) { a.Late = true }, how: "found when somebody says yes"},
		{has: "books/approver", asks: "books/payer", edit: excepting("pay books/payer books/approver", true, false), how: "asked for as an exception"},
		{has: "books/approver audit/writer", asks: "books/payer", edit: excepting("pay books/payer books/approver", true, false), how: "asked for as an exception from one of two"},
		{has: "books/approver", asks: "books/payer", edit: excepting("pay books/payer books/approver", false, true), how: "allowed by an exception that lives"},
		{has: "books/approver", asks: "books/payer", edit: excepting("gone books/payer books/approver", false, true), how: "allowed by one from another conflict"},
		{has: "okta:owners", asks: "books/payer", edit: excepting("owners books/payer okta:owners", false, true), how: "allowed before there were no exceptions any more"},
		{has: "silent", asks: "books/approver", how: "no group is known"},
		{has: "silent okta:owners", asks: "books/payer", how: "no other group is known"},
		{has: "silent !okta:approve !okta:audit-read !okta:audit-write", asks: "books/payer", how: "one group isn't known, and there is no exception"},
	} {
		text, silent := strings.CutPrefix(one.has, "silent")
		ref, _ := catalog.ParseRoleRef(one.asks)
		app, role, _ := c.Role(ref.App, ref.Role)
		a := catalog.Attributes{App: app, Role: role, Has: having(c, text, silent)}
		if one.edit != nil {
			one.edit(&a)
		}
		fmt.Fprintf(&out, "%s | %s | %s\n%s", one.has, one.asks, one.how, told(c.Judge(a)))
	}
	golden(t, "conflicts.golden", out.String())
}

func excepting(text string, asked, lives bool) func(*catalog.Attributes) {
	f := strings.Fields(text)
	s := sides(f[1], f[2])
	list := []catalog.Exception{{Conflict: f[0], Between: [2]catalog.Holding{s[0][0], s[1][0]}}}
	return func(a *catalog.Attributes) {
		if asked {
			a.Excepted, a.Late = list, true
		}
		if lives {
			a.Allowed = list
		}
	}
}

func told(j catalog.Judgement) string {
	var out strings.Builder
	var stages []string
	for _, s := range j.Route.Stages {
		stages = append(stages, fmt.Sprint(s.Approvers))
	}
	if !j.Refused() {
		fmt.Fprintf(&out, "    by %s, %s at most\n", strings.Join(stages, " then "), catalog.ShortDuration(j.Durations.Max))
	}
	fmt.Fprintf(&out, "    %s: %s\n", j.Outcome, catalog.Says(j.Clauses))
	for _, v := range j.Violations {
		fmt.Fprintf(&out, "    %s: %s with %s, known: %v\n", v.Conflict.ID, v.Between[0], v.Between[1], v.Known)
	}
	return out.String()
}

// TestConflictsHaveNoDirection: whichever side somebody has, the other one is kept from them, and what they have
// then shows as the same violation.
func TestConflictsHaveNoDirection(t *testing.T) {
	c := books()
	all := []string{"books/payer", "books/approver", "books/clerk", "books/both", "audit/reader", "audit/writer"}
	for _, one := range all {
		for _, other := range all {
			a, _ := catalog.ParseRoleRef(one)
			b, _ := catalog.ParseRoleRef(other)
			has := having(c, one, false)
			brings, back := c.Brings(has, b), c.Brings(having(c, other, false), a)
			if (len(brings) > 0) != (len(back) > 0) {
				t.Errorf("%s beside %s: %v one way, %v the other", one, other, brings, back)
			}
			both := c.Violations(having(c, one+" "+other, false))
			if len(both) > 0 && len(brings) == 0 {
				t.Errorf("%s beside %s: %v, and nothing says so when it is asked for", one, other, both)
			}
		}
	}
}

// TestWatchedGroups are all that a judgement may look at, and no more than matters to the role.
func TestWatchedGroups(t *testing.T) {
	c := books()
	of := func(ref string) (out []string) {
		r, _ := catalog.ParseRoleRef(ref)
		for _, g := range c.Asks(r).Beside {
			out = append(out, g.Group)
		}
		slices.Sort(out)
		return out
	}
	if got := strings.Join(of("audit/reader"), " "); got != "audit-read audit-write base clerk pay" {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(of("books/approver"), " "); got != "approve pay" {
		t.Errorf("got %q", got)
	}
}
