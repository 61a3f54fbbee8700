package targets_test

import (
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/campaigns/targets"
)

func ref(name string) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }

func known() *catalog.Catalog {
	return catalog.New([]catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Tags: []string{"Design"}, Description: "Where screens are drawn", Roles: []catalog.Role{
			{ID: "viewer", Name: "Viewer", Risk: catalog.Low, Groups: []catalog.GroupRef{ref("figma")}},
			{ID: "editor", Name: "Editor", Risk: catalog.Medium, Groups: []catalog.GroupRef{ref("figma"), ref("figma-editors")}},
			{ID: "guest", Name: "Guest", Risk: catalog.Low},
		}},
		{ID: "pay", Name: "Payroll", Status: catalog.Approved, Roles: []catalog.Role{
			{ID: "clerk", Name: "Clerk", Risk: catalog.High, Description: "Enters payments", Privileged: true, Groups: []catalog.GroupRef{ref("figma"), ref("clerks")}},
		}},
	}, nil)
}

func names(all []targets.Target) (out []string) {
	for _, t := range all {
		out = append(out, t.Ref.Group)
	}
	return out
}

// TestWhichGroupsAReviewIsAbout, by apps, tags, roles and risks.
func TestWhichGroupsAReviewIsAbout(t *testing.T) {
	for name, c := range map[string]struct {
		scope catalog.ReviewScope
		want  []string
	}{
		"everything":  {catalog.ReviewScope{}, []string{"figma", "figma-editors", "clerks"}},
		"an app":      {catalog.ReviewScope{Apps: []string{"pay"}}, []string{"figma", "clerks"}},
		"a tag":       {catalog.ReviewScope{Tags: []string{"design"}}, []string{"figma", "figma-editors"}},
		"a role":      {catalog.ReviewScope{Roles: []catalog.RoleRef{{App: "figma", Role: "viewer"}}}, []string{"figma"}},
		"a risk":      {catalog.ReviewScope{Risks: []catalog.Risk{catalog.Medium}}, []string{"figma", "figma-editors"}},
		"nothing fit": {catalog.ReviewScope{Apps: []string{"pay"}, Tags: []string{"design"}}, nil},
	} {
		if got := names(targets.Of(known(), c.scope, nil)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestAGroupThatSeveralRolesOpen is one target: with all roles of the first app, the highest risk, and privileged where any is.
func TestAGroupThatSeveralRolesOpen(t *testing.T) {
	shared := targets.Of(known(), catalog.ReviewScope{}, nil)[0]
	if shared.App.ID != "figma" || !slices.Equal(shared.RoleIDs(), []string{"viewer", "editor"}) || shared.Risk != catalog.High || !shared.Privileged {
		t.Errorf("the shared group: %+v", shared)
	}
	if got := shared.Opens(); got != "Figma · Viewer, Editor: Where screens are drawn" {
		t.Errorf("it opens %q", got)
	}
	if got := targets.Of(known(), catalog.ReviewScope{Apps: []string{"pay"}}, nil)[1].Opens(); got != "Payroll · Clerk: Enters payments" {
		t.Errorf("the clerks' opens %q", got)
	}
}

// TestWhatIsLeftOut is a group all of whose roles are: one of them doesn't do.
func TestWhatIsLeftOut(t *testing.T) {
	out := func(roles ...string) catalog.ReviewScope {
		s := catalog.ReviewScope{Apps: []string{"figma"}}
		for _, role := range roles {
			s.Exclude = append(s.Exclude, catalog.ReviewExclude{Role: catalog.RoleRef{App: "figma", Role: role}, Why: "reviewed elsewhere", By: "ivy"})
		}
		return s
	}
	if t1 := targets.Of(known(), out("viewer"), nil)[0]; t1.Excluded != "" {
		t.Errorf("one role of two is left out: %q", t1.Excluded)
	}
	for _, t2 := range targets.Of(known(), out("viewer", "editor"), nil) {
		if t2.Excluded != "reviewed elsewhere (approved by ivy)" {
			t.Errorf("%s: %q", t2.Ref, t2.Excluded)
		}
	}
}

// TestWhatAReviewCantSee: roles without a group, and what no group shows; of one person it says that alone.
func TestWhatAReviewCantSee(t *testing.T) {
	all := strings.Join(targets.NotCovered(known(), nil, access.Campaign{}, nil), "\n")
	if !strings.Contains(all, "Figma · Guest is opened by no group") || !strings.Contains(all, "Groups that no role of the catalogue opens") {
		t.Errorf("not covered: %s", all)
	}
	small := access.Campaign{Occasion: access.OnMoved, About: "p1"}
	if got := targets.NotCovered(known(), nil, small, nil); !slices.Equal(got, []string{"Only what one person has."}) {
		t.Errorf("of one person: %q", got)
	}
	byHand := catalog.New([]catalog.App{{ID: "shop", Name: "Shop", Status: catalog.Approved, Provisioning: catalog.Manual, Roles: []catalog.Role{{ID: "user", Name: "User"}}}}, nil)
	if got := targets.NotCovered(byHand, nil, small, nil); len(got) != 2 || !strings.Contains(got[1], "Shop: no list") {
		t.Errorf("of one person, of an app without a list: %q", got)
	}
	if got := targets.NotCovered(byHand, nil, small, func(string) bool { return true }); len(got) != 1 {
		t.Errorf("of one person, of an app with a list: %q", got)
	}
}
