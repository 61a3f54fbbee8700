package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
)

// TestAPrivilegedRoleNeedsASignIn: where people can sign in, a yes to a role that opens a privileged group needs that,
// beside whatever the role asks of itself; where nobody can, it is warned of.
func TestAPrivilegedRoleNeedsASignIn(t *testing.T) {
	app, route := sound()
	app.Roles[0].Assurance = catalog.Verified
	other := app.Roles[0]
	other.ID, other.Groups = "viewer", []catalog.GroupRef{group("figma-viewers")}
	app.Roles = append(app.Roles, other)
	c := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Under(catalog.Policy{Privileged: []catalog.GroupRef{group("figma-editors")}})
	warned := func(c *catalog.Catalog) bool {
		return slices.ContainsFunc(c.Warnings(), func(f catalog.Fault) bool {
			return f.Path == "apps[0].roles[0].groups[0]" && strings.Contains(f.Problem, "nobody can sign in")
		})
	}
	if _, editor, _ := c.Role("figma", "editor"); editor.NeedsStepUp() || !warned(c) {
		t.Errorf("nobody can sign in: a sign-in is needed: %t, warned: %t", editor.NeedsStepUp(), warned(c))
	}
	signing := c.WithSignIn()
	_, editor, _ := signing.Role("figma", "editor")
	_, viewer, _ := signing.Role("figma", "viewer")
	if !editor.NeedsStepUp() || !editor.NeedsVerified() || viewer.NeedsStepUp() || warned(signing) {
		t.Errorf("people can sign in: %+v, %+v, warned: %t", editor, viewer, warned(signing))
	}
	if signing.Version() == c.Version() {
		t.Error("what asks for more has the same version")
	}
	if _, before, _ := c.Role("figma", "editor"); before.Privileged {
		t.Error("the catalogue that was there has changed")
	}
}

// TestAGroupSeenToMakeAdministratorsIsPrivileged: as if it were listed, for as long as it is seen, under the same version.
func TestAGroupSeenToMakeAdministratorsIsPrivileged(t *testing.T) {
	app, route := sound()
	p := catalog.Policy{Rules: []catalog.Rule{{ID: "alone", Then: catalog.Consequence{Approve: true}}}}
	plain := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Under(p)
	for _, signsIn := range []bool{false, true} {
		c := plain
		if signsIn {
			c = c.WithSignIn()
		}
		carrying := c.Carrying([]catalog.GroupRef{group("Figma-Editors")})
		for _, want := range []struct {
			catalog  *catalog.Catalog
			guarded  bool
			stepsUp  bool
			whatever string
		}{
			{c, false, false, "as it was"},
			{carrying, true, signsIn, "seen"},
			{carrying.Carrying(nil), false, false, "seen no more"},
			{c.Carrying([]catalog.GroupRef{group("figma-viewers")}), false, false, "another group seen"},
		} {
			_, role, _ := want.catalog.Role("figma", "editor")
			alone := want.catalog.Judge(catalog.Attributes{App: *app, Role: role}).Route.Automatic()
			if alone == want.guarded || role.NeedsStepUp() != want.stepsUp || want.catalog.Version() != c.Version() {
				t.Errorf("%s, people can sign in: %t: given alone: %t, needs a sign-in: %t, version %s", want.whatever, signsIn, alone, role.NeedsStepUp(), want.catalog.Version())
			}
		}
	}
}

// TestNoRuleGivesAStepUpRoleAlone: a rule that asks nobody doesn't do away with the sign-in of whoever says yes.
func TestNoRuleGivesAStepUpRoleAlone(t *testing.T) {
	app, route := sound()
	app.Roles[0].Assurance = catalog.StepUp
	p := catalog.Policy{Rules: []catalog.Rule{{ID: "alone", Then: catalog.Consequence{Approve: true}}}}
	c := catalog.New([]catalog.App{*app}, []catalog.Route{*route}).Under(p)
	f := facts()
	f.SignsIn = true
	found := slices.ContainsFunc(c.Check(f), func(f catalog.Fault) bool { return strings.Contains(f.Problem, "without anybody's yes") })
	if j := c.Judge(catalog.Attributes{App: *app, Role: app.Roles[0]}); j.Route.Automatic() || !found {
		t.Errorf("judged %+v, found by the check: %t", j, found)
	}
}
