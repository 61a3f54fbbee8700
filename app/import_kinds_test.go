package app

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/catalog/proposal"
	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/entra"
	sandboxentra "latchkey/sandbox/entra"
)

// proposed are the roles that come of a directory, by the names of their groups, and all else that is said.
func proposed(t *testing.T, dir idp.Directory) (roles map[string]proposal.Role, said string) {
	t.Helper()
	var out strings.Builder
	s, err := readSource(t.Context(), patient{dir, clock.System{}}, func(text string) { out.WriteString(text + "\n") })
	if err != nil {
		t.Fatal(err)
	}
	p := proposal.Propose(s)
	roles = map[string]proposal.Role{}
	for _, a := range p.Apps {
		for _, r := range a.Roles {
			r.Name = a.Name + " · " + r.Name
			roles[r.Called] = r
		}
		for _, g := range a.Aside {
			out.WriteString(g.About + ": " + g.Why + "\n")
		}
	}
	for _, a := range p.Aside {
		out.WriteString(a.About + ": " + a.Why + "\n")
	}
	loaded(t, p)
	return roles, out.String()
}

// TestAnImportOfEntra: what Entra calls an assignment goes before the group's name, unless it says that of all; groups that a
// rule fills, or that are synced, are named with the remedy.
func TestAnImportOfEntra(t *testing.T) {
	tenant := sandboxentra.New(sandboxentra.Config{})
	web := httptest.NewServer(tenant.Handler())
	direct := &http.Transport{}
	dir, err := entra.Open(entra.Config{ID: "okta", Tenant: sandboxentra.DemoTenant, ClientID: sandboxentra.DemoClient, Secret: func() string { return sandboxentra.DemoSecret }, APIURL: web.URL, Transport: direct})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		dir.Close()
		direct.CloseIdleConnections()
		tenant.Close()
		web.Close()
	})
	const lead, usual = "1b4f3a52-0d7e-4a7c-9a55-6f7c7d9b2a10", "2b4f3a52-0d7e-4a7c-9a55-6f7c7d9b2a10"
	figma := tenant.AddApp(sandboxentra.App{Name: "Figma", Tags: []string{"WindowsAzureActiveDirectoryIntegratedApp"}, Roles: map[string]string{lead: "Design Lead", usual: "msiam_access"}})
	for name, role := range map[string]string{"SG-Design": lead, "SG-Figma-Viewers": usual} {
		tenant.AssignApp(figma.ID, tenant.AddGroup(sandboxentra.Group{Name: name}).ID, sandboxentra.AGroup, role)
	}
	tenant.AssignApp(figma.ID, tenant.AddGroup(sandboxentra.Group{Name: "All Designers", Rule: `user.department -eq "Design"`}).ID, sandboxentra.AGroup, usual)
	roles, said := proposed(t, dir)
	if len(roles) != 2 || roles["SG-Design"].Name != "Figma · Design Lead" || roles["SG-Figma-Viewers"].Name != "Figma · Viewer" || roles["SG-Design"].Certain != proposal.Sure || roles["SG-Design"].Members != 0 {
		t.Errorf("%+v", roles)
	}
	if !strings.Contains(said, "All Designers: It can't be governed.") || !strings.Contains(said, "3 of 3 groups counted") {
		t.Errorf("it said:\n%s", said)
	}
}
