package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
)

// importing is the example against a sandbox, with more directories.
func importing(t *testing.T, more string) (*config.Config, *sandbox.World) {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(example), "\nstore:\n", more+"\nstore:\n", 1)
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
	return c, world
}

// TestWhatJiraSaysOrders: what closed issues name comes first; where Jira shows none or can't be read, that is said.
func TestWhatJiraSaysOrders(t *testing.T) {
	c, world := importing(t, "")
	for _, name := range []string{"Loom", "Linear", "Airtable"} {
		world.Okta.AddGroup(okta.Group{Name: name + " Users"})
		world.Okta.AddApp(okta.App{Label: name, Groups: []string{name + " Users"}})
	}
	run := func(how Import) Imported {
		t.Helper()
		how.Directory = "okta"
		found, err := ImportCatalogue(t.Context(), c, how)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	first := run(Import{})
	if first.Proposal.Apps[0].Name != "Airtable" || !strings.Contains(first.Basis, "Jira shows no closed issue of project IT") || first.Ways.Strict != "it" || first.Ways.Everyday != "manager" {
		t.Errorf("nothing is closed: %+v %s", first.Ways, first.Basis)
	}
	who := world.Jira.Bot().AccountID
	key, err := world.Jira.RaiseRequestFor(who, who, map[string]any{"summary": "Loom for the design team"})
	if err == nil {
		err = world.Jira.Transition(who, key, "Decline (with reason)")
	}
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	second := run(Import{Say: func(string) { told++ }})
	if second.Proposal.Apps[0].Name != "Loom" || second.Proposal.Apps[0].Asked != 1 || !strings.Contains(second.Basis, "1 closed issue of project IT") || told < 4 {
		t.Errorf("one is closed: %s %+v, told %d times", second.Basis, second.Proposal.Apps[0], told)
	}
	world.Jira.AddFault(jira.Fault{Path: "/rest/api/3/search/jql", Status: 403, Times: -1})
	if third := run(Import{}); third.Proposal.Apps[0].Asked != 0 || !strings.Contains(third.Basis, "Jira can't be read") {
		t.Errorf("it can't be read: %s", third.Basis)
	}
}

// TestADirectoryThatIsntThereIsSaid: with those that are.
func TestADirectoryThatIsntThereIsSaid(t *testing.T) {
	c, world := importing(t, "")
	if _, err := ImportCatalogue(t.Context(), c, Import{Directory: "oktta"}); err == nil || !strings.Contains(err.Error(), "name one of okta") {
		t.Errorf("no such directory: %v", err)
	}
	world.Okta.RotateToken("another")
	if _, err := ImportCatalogue(t.Context(), c, Import{Directory: "okta", NoJira: true}); err == nil || !strings.Contains(err.Error(), "renew the API token") {
		t.Errorf("a token that counts no more: %v", err)
	}
}

// TestWhatWasCountedIsSaid: also that it was cut.
func TestWhatWasCountedIsSaid(t *testing.T) {
	for n, want := range map[int]string{1: "1 closed issue", 7: "7 closed issues", requestsAtMost: "the newest 5000 closed issues"} {
		if got := closedIssues(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// TestAnImportOfGoogle: it says of no application who gets in, so all of it is a guess by what groups are called.
func TestAnImportOfGoogle(t *testing.T) {
	c, world := importing(t, `
  - {id: workspace, type: google, subject: "latchkey@acme.example", key: "${GOOGLE_KEY}"}
`)
	at, err := world.Directory("workspace")
	for _, name := range []string{"Looker Explorers", "looker-admins", "Marketing"} {
		if err == nil {
			err = at.AddGroup(name, "")
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	found, err := ImportCatalogue(t.Context(), c, Import{Directory: "workspace", NoJira: true, Say: func(text string) { said.WriteString(text + "\n") }})
	if err != nil || len(found.Proposal.Apps) != 1 || found.Proposal.Apps[0].ID != "looker" || len(found.Proposal.Apps[0].Roles) != 2 {
		t.Fatalf("%+v, %v", found.Proposal, err)
	}
	if r := found.Proposal.Apps[0].Roles[1]; r.Certain != "guess" || r.Kind != "admin" || !strings.Contains(said.String(), "it doesn't say which applications there are; guessed from what groups are called: 1") {
		t.Errorf("%+v\n%s", r, said.String())
	}
}
