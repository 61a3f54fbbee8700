package proposal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/catalog/proposal"
)

func names(p proposal.Proposal) (out []string) {
	for _, a := range p.Apps {
		out = append(out, a.Name)
	}
	return out
}

// three are applications with a role each, and groups of different sizes.
func three() *company {
	c := newCompany()
	for _, g := range []struct {
		app  string
		size int
	}{{"Figma", 3}, {"Miro", 50}, {"Notion", -1}} {
		c.group(proposal.Group{Name: strings.ToLower(g.app) + "-users", Governable: true, Members: g.size}, g.app)
	}
	return c
}

// TestWhatIsAskedForMostComesFirst: by the titles of requests; else by how many people are in the groups.
func TestWhatIsAskedForMostComesFirst(t *testing.T) {
	c := three()
	if got := names(proposal.Propose(c.source)); !slices.Equal(got, []string{"Miro", "Figma", "Notion"}) {
		t.Errorf("by size: %v", got)
	}
	c.source.Asked = proposal.NewAsked(c.source.Apps)
	for _, title := range []string{"Access to Notion", "notion for Tom please", "Figma · Editor for Maya", "Printer is broken", "Miroslav needs a laptop"} {
		c.source.Asked.Add(title)
	}
	p := proposal.Propose(c.source)
	if got := names(p); !slices.Equal(got, []string{"Notion", "Figma", "Miro"}) || p.Apps[0].Asked != 2 || p.Apps[2].Asked != 0 || c.source.Asked.Titles() != 5 {
		t.Errorf("by requests: %v, %d", got, p.Apps[0].Asked)
	}
	first, left := p.Top(2)
	if got := names(first); !slices.Equal(got, []string{"Notion", "Figma"}) || left != 1 || len(p.Apps) != 3 {
		t.Errorf("the first two: %v and %d more", got, left)
	}
	for _, n := range []int{0, 3, 9} {
		if all, left := p.Top(n); len(all.Apps) != 3 || left != 0 {
			t.Errorf("the first %d: %v and %d more", n, names(all), left)
		}
	}
}

// TestANameOfTwoApplicationsIsNobodys: a group that is assigned to nothing isn't guessed at where two could be meant.
func TestANameOfTwoApplicationsIsNobodys(t *testing.T) {
	c := newCompany()
	for _, app := range []string{"Salesforce Production", "Salesforce Sandbox"} {
		c.group(proposal.Group{Name: app + " Users", Governable: true}, app)
	}
	c.group(proposal.Group{Name: "salesforce-admins", Governable: true})
	p := proposal.Propose(c.source)
	if len(p.Apps) != 2 || p.Unrelated != 1 {
		t.Errorf("%+v", p)
	}
	for _, a := range p.Apps {
		if len(a.Roles) != 1 || a.Roles[0].Name != "User" || a.Roles[0].Certain != proposal.Sure {
			t.Errorf("%s: %+v", a.Name, a.Roles)
		}
	}
}

// TestRolesOfAnAppAreToldApart: also where their groups are called alike, and where applications are.
func TestRolesOfAnAppAreToldApart(t *testing.T) {
	c := newCompany()
	for _, g := range []string{"figma-editors", "okta-figma-editors", "Figma Editor", "app-figma-editors"} {
		c.group(proposal.Group{Name: g, Governable: true}, "Figma")
	}
	c.source.Apps = append(c.source.Apps, proposal.App{ID: "second", Name: "figma", Active: true, Groups: []proposal.Assignment{{GroupID: "x"}}})
	c.source.Groups = append(c.source.Groups, proposal.Group{ID: "x", Name: "other-editors", Governable: true})
	p := proposal.Propose(c.source)
	ids, titles := map[string]bool{}, map[string]bool{}
	for _, a := range p.Apps {
		ids[a.ID], titles[catalog.Fold(a.Name)] = true, true
		for _, r := range a.Roles {
			ids[a.ID+"/"+r.ID], titles[a.ID+"/"+catalog.Fold(r.Name)] = true, true
		}
	}
	if len(p.Apps) != 2 || len(ids) != 7 || len(titles) != 7 {
		t.Errorf("%+v", p.Apps)
	}
}

// house is a catalogue with one app of two roles.
func house() *catalog.Catalog {
	ref := func(name string) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: name} }
	app := catalog.App{ID: "figma", Name: "Design tool", Status: catalog.Approved, Roles: []catalog.Role{
		{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{ref("figma-editors")}},
		{ID: "viewer", Name: "Viewer", Groups: []catalog.GroupRef{{Directory: "okta", Group: "id-figma-viewers", ByID: true}, {Directory: "entra", Group: "elsewhere"}}},
		{ID: "gone", Name: "Gone", Groups: []catalog.GroupRef{ref("figma-gone")}},
		{ID: "fed", Name: "Fed", Groups: []catalog.GroupRef{ref("figma-fed")}},
		{ID: "off", Name: "Off", Groups: []catalog.GroupRef{ref("old-users")}},
		{ID: "loose", Name: "Loose", Groups: []catalog.GroupRef{ref("loose")}},
	}}
	return catalog.New([]catalog.App{app}, nil)
}

// TestWhatIsConfiguredStaysAndWhatDiffersIsSaid: an app is known by its groups, whatever it is called.
func TestWhatIsConfiguredStaysAndWhatDiffersIsSaid(t *testing.T) {
	c := newCompany()
	for _, g := range []string{"figma-editors", "figma-viewers", "figma-commenters", "Editor for Figma"} {
		c.group(proposal.Group{Name: g, Governable: true, Members: 1}, "Figma")
	}
	c.group(proposal.Group{Name: "figma-fed", Why: "It is fed by a rule: change the rule."}, "Figma")
	c.group(proposal.Group{Name: "old-users", Governable: true}, "Old")
	c.group(proposal.Group{Name: "loose", Governable: true})
	c.source.Apps[c.app("Old")].Active = false
	c.source.Existing = house()
	p := proposal.Propose(c.source)
	if len(p.Apps) != 1 || !p.Apps[0].Known || p.Apps[0].ID != "figma" || p.Apps[0].Name != "Design tool" || len(p.Apps[0].Roles) != 2 || p.Open != 5 {
		t.Fatalf("%+v", p)
	}
	var said strings.Builder
	for _, d := range p.Different {
		said.WriteString(d.About + ": " + d.Why + "\n")
	}
	for _, want := range []string{"Design tool · Gone: it opens “okta:figma-gone”, and no such group is listed", "· Fed: it opens “okta:figma-fed”, which can't be governed. It is fed by a rule",
		"· Off: it opens “okta:old-users”, which is only assigned to applications that aren't active", "· Loose: it opens “okta:loose”, which is assigned to no application"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, said.String())
		}
	}
	if len(p.Different) != 4 {
		t.Errorf("%d differences:\n%s", len(p.Different), said.String())
	}
	text := p.Apps[0].Additions(proposal.Ways{Everyday: "boss", Strict: "boss"}, 4)
	comment := p.Apps[0].Comment(proposal.Ways{Everyday: "boss", Strict: "boss"}, 2)
	if !strings.Contains(text, `    - {id: "commenter", name: "Commenter", groups: ["okta:figma-commenters"], route: "boss", duration: {choices: [30d, 90d], default: 90d, max: 180d}}`) || strings.Contains(comment, "\n    -") {
		t.Errorf("additions:\n%s%s", text, comment)
	}
	for line := range strings.Lines(comment) {
		if !strings.HasPrefix(line, "  # ") {
			t.Errorf("not a comment: %q", line)
		}
	}
}

// TestWaysFitTheConfiguration: a route that needs an owner or a role's approvers doesn't fit what is only proposed.
func TestWaysFitTheConfiguration(t *testing.T) {
	route := func(name string, kinds ...catalog.ApproverKind) catalog.Route {
		r := catalog.Route{Name: name}
		for _, k := range kinds {
			r.Stages = append(r.Stages, catalog.Stage{Approvers: []catalog.Approver{{Kind: k}}})
		}
		return r
	}
	all := []catalog.Route{route("auto"), route("both", catalog.Manager, catalog.Security), route("boss", catalog.Manager), route("it", catalog.Security), route("mine", catalog.Owner), route("role", catalog.RoleApprover), route("slack", catalog.SlackUserGroup)}
	for _, c := range []struct {
		routes           []catalog.Route
		signs, slack     bool
		everyday, strict string
		sure             catalog.Assurance
	}{
		{all, true, true, "boss", "it", catalog.StepUp},
		{all[1:3], false, true, "boss", "both", catalog.Confirm},
		{all[2:3], true, false, "boss", "boss", ""},
		{all[4:], true, true, "", "", catalog.StepUp},
	} {
		w := proposal.WaysOf(catalog.New(nil, c.routes), c.signs, c.slack)
		if w.Everyday != c.everyday || w.Strict != c.strict || w.Assurance != c.sure {
			t.Errorf("%+v, want %+v", w, c)
		}
	}
}

// TestTimesKeepToThePolicy: what is proposed is never longer than the policy lets its risk be held.
func TestTimesKeepToThePolicy(t *testing.T) {
	c := newCompany()
	for _, g := range []string{"vault-users", "vault-admins", "vault-prod", "vault-payroll"} {
		c.group(proposal.Group{Name: g, Governable: true, Members: 1}, "Vault")
	}
	text := proposal.Propose(c.source).Items(proposal.Ways{Everyday: "boss", Strict: "it", Assurance: catalog.Confirm,
		Max: map[catalog.Risk]time.Duration{catalog.High: 2 * time.Hour, catalog.Medium: 10 * catalog.Day, catalog.Low: 30 * catalog.Day}}, 0)
	for _, want := range []string{
		"duration: {choices: [30d], default: 30d, max: 30d}",
		`name: "Admin", groups: ["okta:vault-admins"], kind: admin, risk: high, route: "it", duration: {choices: [1h], default: 1h, max: 2h, required: true}, assurance: confirm}`,
		`kind: production, risk: high, route: "it", duration: {choices: [2h], default: 2h, max: 2h, required: true}}`,
		`kind: finance, risk: medium, route: "it", duration: {choices: [1w], default: 1w, max: 10d, required: true}}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// TestWhatHasNoGroupIsSaid: with what is known of who has it.
func TestWhatHasNoGroupIsSaid(t *testing.T) {
	c := newCompany()
	for name, n := range map[string]int{"None": 0, "One": 1, "Many": 7, "Unknown": -1} {
		c.source.Apps[c.app(name)].InPerson = n
	}
	said := map[string]string{}
	for _, a := range proposal.Propose(c.source).Aside {
		said[a.About] = a.Why
	}
	for name, want := range map[string]string{"None": "nobody is assigned in person either", "One": "one person has it", "Many": "7 people have it", "Unknown": "who has it was assigned in person"} {
		if !strings.Contains(said[name], want) {
			t.Errorf("%s: %s", name, said[name])
		}
	}
}

// TestWhatADirectoryCallsAnAssignmentGoesFirst: unless it calls all of them so; and a group may be several things at once.
func TestWhatADirectoryCallsAnAssignmentGoesFirst(t *testing.T) {
	c := newCompany()
	for _, g := range []string{"g1", "figma-viewers", "figma-editors", "figma-both"} {
		c.group(proposal.Group{Name: g, Governable: true}, "Figma")
	}
	app := &c.source.Apps[0]
	for i, role := range []string{"Design lead", "msiam_access", "User", "Reader"} {
		app.Groups[i].Role = role
	}
	app.Groups = append(app.Groups, proposal.Assignment{GroupID: "id-figma-both", Role: "Writer"}, proposal.Assignment{GroupID: "id-figma-both", Role: "User"}, proposal.Assignment{GroupID: "id-figma-both", Role: "Reader"})
	got := map[string]string{}
	for _, r := range proposal.Propose(c.source).Apps[0].Roles {
		got[r.Called] = r.Name
	}
	for group, want := range map[string]string{"g1": "Design lead", "figma-viewers": "Viewer", "figma-editors": "Editor", "figma-both": "Reader and Writer"} {
		if got[group] != want {
			t.Errorf("%s: %q, want %q", group, got[group], want)
		}
	}
}
