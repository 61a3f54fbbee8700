package app

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
	"latchkey/config"
	"latchkey/sandbox"
)

// inPlaceOfOkta is the example with another directory under Okta's name, in the sandbox.
func inPlaceOfOkta(t *testing.T, entry string) *config.Config {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?ms)^  - id: okta\n.*?\n\nstore:`).ReplaceAllLiteralString(string(example), entry+"\nstore:")
	c, err := config.Parse("config.yaml", []byte(text), func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := StartWorld(c, nil, t.Logf, func(s *sandbox.Config) { s.Okta.FullShare = true })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	c = Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db"))
	c.Log.Level = "error"
	return c
}

// TestAnImportInTheDemo: of each kind of directory that the demo has, the catalogue's own apps are proposed to whoever has
// none yet, and nothing is different for whoever has it.
func TestAnImportInTheDemo(t *testing.T) {
	for kind, c := range map[string]struct {
		entry string
		told  bool // the directory says which applications there are
		owned bool // and who owns them
	}{
		"okta":   {`  - {id: okta, type: okta, url: "https://acme.okta.com", token: "${OKTA_TOKEN}"}` + "\n", true, false},
		"entra":  {`  - {id: okta, type: entra, tenant: 72f988bf-86f1-41af-91ab-2d7cd011db47, client_id: 11111111-2222-4333-8444-555555555555, client_secret: "${ENTRA_SECRET}"}` + "\n", true, true},
		"google": {`  - {id: okta, type: google, subject: latchkey@acme.example, key: "${GOOGLE_KEY}"}` + "\n", false, false},
	} {
		t.Run(kind, func(t *testing.T) {
			conf := inPlaceOfOkta(t, c.entry)
			full, err := ImportCatalogue(t.Context(), conf, Import{Directory: "okta", NoJira: true})
			if err != nil || len(full.Proposal.Apps) > 0 || len(full.Proposal.Different) > 0 || full.Proposal.Open == 0 {
				t.Errorf("with the catalogue: %+v, %v", full.Proposal, err)
			}
			apps := conf.Catalog.Apps()
			conf.Catalog = &catalog.Catalog{}
			bare, err := ImportCatalogue(t.Context(), conf, Import{Directory: "okta", NoJira: true})
			if err != nil {
				t.Fatal(err)
			}
			proposedAs(t, bare, apps, c.told, c.owned)
		})
	}
}

// proposedAs compares what is proposed with the apps that the directory was made from.
func proposedAs(t *testing.T, got Imported, apps []catalog.App, told, owned bool) {
	t.Helper()
	owners, roles := 0, 0
	for _, p := range got.Proposal.Apps {
		at := slices.IndexFunc(apps, func(a catalog.App) bool { return strings.EqualFold(a.Name, p.Name) })
		if at < 0 && told {
			t.Errorf("%s is no app of the catalogue", p.Name)
		}
		if roles += len(p.Roles); len(p.Owners) == 0 {
			continue
		}
		owners++
		if at < 0 || !slices.ContainsFunc(p.Owners, func(o string) bool { return slices.Contains(apps[at].Owners, o) }) {
			t.Errorf("%s is owned by %v", p.Name, p.Owners)
		}
	}
	if len(got.Proposal.Apps) < len(apps)/2 || roles < len(apps)/2 || (owners > 0) != owned {
		t.Errorf("%d apps of %d with %d roles are proposed, %d with owners", len(got.Proposal.Apps), len(apps), roles, owners)
	}
}
