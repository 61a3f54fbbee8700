package cli

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/sandbox/okta"
)

// office is an emulated org, and a folder with a configuration for it.
type office struct {
	*okta.Server
	t    *testing.T
	file string
}

// newOffice has a configuration without apps and routes, but what is given.
func newOffice(t *testing.T, more string) office {
	t.Helper()
	org := okta.New(okta.Config{FullShare: true})
	web := httptest.NewServer(org.Handler())
	t.Cleanup(func() {
		web.Close()
		org.Close()
	})
	o := office{org, t, filepath.Join(t.TempDir(), "config.yaml")}
	o.save(`slack: {app_token: xapp-1, bot_token: xoxb-1, it_channel: "#it"}
jira: {url: "https://acme.atlassian.net", email: latchkey@acme.example, token: jira, project: IT, request_type: Access, statuses: {pending: A, approved: B, manual: C, active: D, stuck: E, denied: F, cancelled: G, ended: H}}
idp:
  - {id: okta, type: okta, url: "` + web.URL + `", token: ` + okta.DemoToken + `}
people: {admins: [ines@acme.example]}
protected_groups: ["okta:Everyone"]
` + more)
	return o
}

func (o office) save(text string) {
	o.t.Helper()
	if err := os.WriteFile(o.file, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// run imports and says how it ended and what was written where.
func (o office) run(args ...string) (out, progress string, err error) {
	o.t.Helper()
	var written, said bytes.Buffer
	c := catalogImportCommand()
	c.SetArgs(append([]string{"okta", "--config", o.file, "--no-jira"}, args...))
	c.SetOut(&written)
	c.SetErr(&said)
	c.SilenceErrors, c.SilenceUsage = true, true
	err = c.ExecuteContext(o.t.Context())
	return written.String(), said.String(), err
}

func (o office) figma() {
	for _, g := range []string{"app-figma-editors", "app-figma-admins", "figma-breakglass"} {
		o.AddGroup(okta.Group{Name: g})
	}
	o.AddUser(okta.User{Login: "maya@acme.example"})
	o.SetMember("app-figma-editors", "maya@acme.example", true)
	o.AddApp(okta.App{Label: "Figma", Groups: []string{"app-figma-editors", "app-figma-admins", "figma-breakglass"}})
	o.AddApp(okta.App{Label: "Canva", People: []string{"maya@acme.example"}})
}

// TestAFirstImportIsTheWholeCatalogue: a configuration that has neither apps nor routes gets both, in a new file that loads.
func TestAFirstImportIsTheWholeCatalogue(t *testing.T) {
	o := newOffice(t, "")
	o.figma()
	out, said, err := o.run()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"approvals:\n  manager: [manager]", `- id: "figma"`, `name: "Editor", groups: ["okta:app-figma-editors"]`, "kind: admin, risk: high", "status: unassigned",
		"# Not proposed: “figma-breakglass”. Its name says that it is for an emergency", "# Not proposed: Canva. No group is assigned to it", "one person has it"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if !strings.Contains(said, "2 of 2 applications asked") || !strings.Contains(said, "2 roles proposed for 1 application") {
		t.Errorf("it said %s", said)
	}
	whole := filepath.Join(t.TempDir(), "new.yaml")
	if _, _, err := o.run("--write", whole); err != nil {
		t.Fatal(err)
	}
	if c, err := load(whole); err != nil || len(c.Catalog.Apps()) != 1 {
		t.Errorf("what was written: %v", err)
	}
	if _, _, err := o.run("--write", whole); err == nil || !strings.Contains(err.Error(), "never writes over a file") {
		t.Errorf("written over: %v", err)
	}
}

// existing is a catalogue in which one of Figma's groups has a role, and one is gone.
const existing = `approvals: {owner: [owner], boss: [manager]}
apps:
  - id: figma
    name: Figma
    owners: [noor@acme.example]
    route: owner
    duration: {choices: [30d]}
    roles:
      - {id: editor, name: Editor, groups: ["okta:app-figma-editors"]}
      - {id: ghost, name: Ghost, groups: ["okta:figma-ghosts"]}
`

// TestAnotherImportShowsTheDifference: what is configured stays out and isn't touched; what is new, and what the directory
// shows differently, is said.
func TestAnotherImportShowsTheDifference(t *testing.T) {
	o := newOffice(t, existing)
	o.figma()
	o.AddGroup(okta.Group{Name: "notion-members"})
	o.AddApp(okta.App{Label: "Notion", Groups: []string{"notion-members"}})
	out, said, err := o.run()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"For the app “Figma” (id figma), which is configured already", `#   - {id: "admin"`, `- id: "notion"`, `route: "boss"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "okta:app-figma-editors") {
		t.Errorf("what is configured is proposed again:\n%s", out)
	}
	for _, want := range []string{"! Figma · Ghost: it opens “okta:figma-ghosts”, and no such group is listed.", "1 group opens a role already"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in\n%s", want, said)
		}
	}
	plan, _, err := o.run("--plan")
	if err != (changes{}) || !strings.Contains(plan, "+ Notion · Member") || !strings.Contains(plan, "+ Figma · Admin") || strings.Contains(plan, "  - ") {
		t.Errorf("the plan (%v):\n%s", err, plan)
	}
	top, said, err := o.run("--top", "1")
	if err != nil || strings.Contains(top, "notion-members") == strings.Contains(top, "app-figma-admins") || !strings.Contains(said, "The first 1 are shown; 1 more") {
		t.Errorf("the first one (%v):\n%s%s", err, top, said)
	}
}

// TestNothingNewIsNothingToWrite: an import after everything was taken up.
func TestNothingNewIsNothingToWrite(t *testing.T) {
	o := newOffice(t, "")
	o.figma()
	whole := filepath.Join(t.TempDir(), "new.yaml")
	if _, _, err := o.run("--write", whole); err != nil {
		t.Fatal(err)
	}
	o.file = whole
	for _, how := range [][]string{{"--plan"}, {"--write", whole + ".2"}} {
		if out, said, err := o.run(how...); err != nil || out != "" || !strings.Contains(said, "Nothing is proposed that the configuration doesn't have") {
			t.Errorf("%v: %v\n%s%s", how, err, out, said)
		}
	}
	if _, err := os.Stat(whole + ".2"); err == nil {
		t.Error("a file was written all the same")
	}
	out, said, err := o.run()
	if err != nil || strings.Contains(out, "\napps:") || !strings.Contains(said, "2 groups open a role already") {
		t.Errorf("%v\n%s%s", err, out, said)
	}
}

// TestWhatAnImportCantDoIsSaid: in words of which somebody can make something.
func TestWhatAnImportCantDoIsSaid(t *testing.T) {
	o := newOffice(t, "approvals: {mine: [owner]}\n")
	o.figma()
	for want, args := range map[string][]string{
		"no route that fits any role": nil, "can't be negative": {"--top", "-1"}, "choose one": {"--plan", "--write", "x.yaml"}, "takes one directory": {"entra"},
	} {
		if _, _, err := o.run(args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", args, err, want)
		}
	}
	o.file = filepath.Join(t.TempDir(), "none.yaml")
	if _, _, err := o.run(); err == nil || !strings.Contains(err.Error(), "can't be read") {
		t.Errorf("no file: %v", err)
	}
}
