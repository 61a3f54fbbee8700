package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/app"
	"latchkey/cli/ask"
	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
)

// firstDay is a world in which somebody sets Latchkey up, and what they know of it.
type firstDay struct {
	*testing.T
	world   *sandbox.World
	dir     string
	secrets map[string]string
	known   map[string]string
}

func newFirstDay(t *testing.T, as ...func(*sandbox.Config)) *firstDay {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Parse("config.yaml", example, func(string) (string, bool) { return "", false }, app.Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := app.StartWorld(c, nil, t.Logf, func(s *sandbox.Config) {
		s.Okta.FullShare, s.Slack.LimitTiers, s.Jira.BurstLimits = true, false, false
		for _, set := range as {
			set(s)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	at := world.Addresses()
	return &firstDay{
		T: t, world: world, dir: t.TempDir(),
		secrets: map[string]string{"SLACK_BOT_TOKEN": at.BotToken, "SLACK_APP_TOKEN": at.AppToken, "JIRA_TOKEN": at.JiraToken, "OKTA_TOKEN": at.OktaToken},
		known: map[string]string{
			"slack.command": "/latchkey", "slack.api_url": at.SlackAPI, "slack.it_channel": "#it-access",
			"jira.url": at.Jira, "jira.email": at.JiraEmail, "jira.project": "IT", "jira.request_type": "Access request",
			"idp.type": "okta", "idp.url": at.Okta, "people.admins": "ines@acme.example, omar@acme.example", "apps.top": "3",
		},
	}
}

// script runs init as a script does.
func (d *firstDay) script(more ...string) (string, error) {
	d.Helper()
	for name, value := range d.secrets {
		d.Setenv(name, value)
	}
	args := []string{"init", "--dir", d.dir}
	for key, value := range d.known {
		args = append(args, "--set", key+"="+value)
	}
	return runCommandLine(d.Context(), append(args, more...)...)
}

func runCommandLine(ctx context.Context, args ...string) (string, error) {
	root := commands(nil)
	var out bytes.Buffer
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetIn(strings.NewReader(""))
	err := root.ExecuteContext(ctx)
	return out.String(), err
}

func (d *firstDay) read(name string) string {
	d.Helper()
	text, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		d.Fatal(err)
	}
	return string(text)
}

// TestInitInAScript: everything it writes is accepted, the services find no fault with it, also where a request lives through all
// that may become of it (a screen of the workflow requires a resolution), and no secret is in it.
func TestInitInAScript(t *testing.T) {
	d := newFirstDay(t)
	said, err := d.script()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	c, err := load(filepath.Join(d.dir, "config.yaml"))
	if err != nil {
		t.Fatalf("%v\n%s", err, d.read("config.yaml"))
	}
	if len(c.Catalog.Offered()) != 3 || c.Slack.Command != "/latchkey" || c.People.Admins[1] != "omar@acme.example" {
		t.Errorf("%d apps, %s, %v", len(c.Catalog.Offered()), c.Slack.Command, c.People.Admins)
	}
	if lines := strings.Count(strings.Split(d.read("config.yaml"), "\napps:")[0], "\n"); lines > 60 {
		t.Errorf("%d lines before the apps", lines)
	}
	for _, name := range []string{"config.yaml", ".env.example", "slack-manifest.yaml"} {
		for variable, secret := range d.secrets {
			if strings.Contains(d.read(name), secret) {
				t.Errorf("%s holds %s", name, variable)
			}
		}
	}
	if example := d.read(".env.example"); strings.Count(example, "=\n") != 4 || !strings.Contains(d.read("slack-manifest.yaml"), "/latchkey") {
		t.Errorf("%s", example)
	}
	if info, err := os.Stat(filepath.Join(d.dir, "keys", "evidence.key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(d.dir, ".env")); err == nil {
		t.Error("nobody asked for a file with the secrets")
	}
	faults, err := app.Check(t.Context(), c, app.Checks{Online: true, FirstContact: true}, func(f app.Finding) {
		if f.Level == "fault" || f.Check == "resolutions" && f.Level != "ok" {
			t.Errorf("%+v", f)
		}
	})
	if err != nil || faults > 0 {
		t.Error(faults, err)
	}
	if lines := strings.Count(said, "\n"); lines > 40 {
		t.Errorf("it says %d lines to somebody who is asked nothing:\n%s", lines, said)
	}
	for _, want := range []string{"Statuses: 8 of 8", "signed in as", "people and groups can be read", "is fine: 3 apps", "latchkey check --online", `denied is "Declined"`, `app is "Application"`, "No fault in any of"} {
		if !strings.Contains(said, want) {
			t.Errorf("it doesn't say %q:\n%s", want, said)
		}
	}
}

// TestInitSaysWhatHasToBePutRight: what was written and the services find fault with is said at once, with what helps.
func TestInitSaysWhatHasToBePutRight(t *testing.T) {
	d := newFirstDay(t, func(s *sandbox.Config) {
		s.Jira.Resolutions = []string{"Erledigt", "Abgelehnt"}
		s.Jira.Fields = append(s.Jira.Fields, jira.Field{ID: "customfield_10999", Name: "Cost centre", Type: "string", Required: true, OnForm: true})
	})
	d.known["jira.resolutions.denied"] = "Abgelehnt"
	said, err := d.script()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, want := range []string{`requires "Cost centre", which Latchkey can't fill in`, "when that is put right", `denied is "Abgelehnt"`, "no resolution for cancelled, ended", "jira.resolutions takes Erledigt, Abgelehnt"} {
		if !strings.Contains(said, want) {
			t.Errorf("it doesn't say %q:\n%s", want, said)
		}
	}
	if !strings.Contains(d.read("config.yaml"), "resolutions: {denied: Abgelehnt}") {
		t.Error(d.read("config.yaml"))
	}
}

// TestInitWritesOverNothing: without a yes everything stays, also the key with one.
func TestInitWritesOverNothing(t *testing.T) {
	d := newFirstDay(t)
	if said, err := d.script(); err != nil {
		t.Fatal(err, said)
	}
	before, key := d.read("config.yaml"), d.read("keys/evidence.key")
	d.known["apps.top"] = "2"
	said, err := d.script()
	if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), "nothing was written over") || d.read("config.yaml") != before {
		t.Fatalf("%v\n%s", err, said)
	}
	if said, err = d.script("--set", "overwrite=yes", "--set", "env.write=yes", "--set", "jira.proyect=IT"); err != nil {
		t.Fatal(err, said)
	}
	if d.read("config.yaml") == before || d.read("keys/evidence.key") != key || !strings.Contains(said, "note: nothing was asked by the name of jira.proyect") {
		t.Error(said)
	}
	if info, err := os.Stat(filepath.Join(d.dir, ".env")); err != nil || info.Mode().Perm() != 0o600 || !strings.Contains(d.read(".env"), d.secrets["JIRA_TOKEN"]) {
		t.Errorf("%v %v", info, err)
	}
}

// TestInitSaysWhatIsWrong: each answer is proved with the service that it is about, and nothing is written.
func TestInitSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*firstDay)
		want   string
	}{
		"no bot token":      {func(d *firstDay) { d.secrets["SLACK_BOT_TOKEN"] = "" }, "set the environment variable SLACK_BOT_TOKEN"},
		"a bot token":       {func(d *firstDay) { d.secrets["SLACK_BOT_TOKEN"] = "xoxb-1-2-wrong" }, "Reinstall the app"},
		"an app token":      {func(d *firstDay) { d.secrets["SLACK_APP_TOKEN"] = "xapp-1-wrong" }, "connections:write"},
		"Jira's token":      {func(d *firstDay) { d.secrets["JIRA_TOKEN"] = "wrong" }, "create a new API token"},
		"a project":         {func(d *firstDay) { d.known["jira.project"] = "ITSM" }, `"ITSM" is none of IT`},
		"a request type":    {func(d *firstDay) { d.known["jira.request_type"] = "Hardware" }, `"Hardware" is none of Access request`},
		"Okta's token":      {func(d *firstDay) { d.secrets["OKTA_TOKEN"] = "wrong" }, "renew the API token"},
		"an admin":          {func(d *firstDay) { d.known["people.admins"] = "inez@acme.example" }, "inez@acme.example: no account with this address was found in okta"},
		"a command":         {func(d *firstDay) { d.known["slack.command"] = "access" }, "can't be a command"},
		"no address at all": {func(d *firstDay) { delete(d.known, "jira.url") }, "give it with --set jira.url=…"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newFirstDay(t)
			c.change(d)
			said, err := d.script()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v\n%s", err, said)
			}
			for variable, secret := range d.secrets {
				if secret != "" && err != nil && strings.Contains(said+err.Error(), secret) {
					t.Errorf("%s is shown", variable)
				}
			}
			if _, err := os.Stat(filepath.Join(d.dir, "config.yaml")); err == nil {
				t.Error("a configuration was written")
			}
		})
	}
}

// TestInitAtATerminal: what a service refuses is asked again, what is typed is not shown, and choices go by number.
func TestInitAtATerminal(t *testing.T) {
	d := newFirstDay(t)
	at := d.world.Addresses()
	lines := []string{"/latchkey", "#it-access", at.Jira, at.JiraEmail, "1", "", "okta", at.Okta, "nobody@acme.example", "ines@acme.example", "2", "no", "yes"}
	hidden := []string{"xoxb-1-2-wrong", at.AppToken, at.BotToken, at.AppToken, at.JiraToken, at.OktaToken}
	typed := &lines
	next := func() (string, error) {
		if len(*typed) == 0 {
			return "", errors.New("nothing more was to be asked")
		}
		first := (*typed)[0]
		*typed = (*typed)[1:]
		return first, nil
	}
	var out bytes.Buffer
	asker := ask.New(strings.NewReader(""), &out, map[string]string{"slack.api_url": at.SlackAPI})
	asker.Prompt, asker.Line, asker.Env = true, next, func(string) (string, bool) { return "", false }
	asker.Shown, asker.Hidden = func() error { typed = &lines; return nil }, func() error { typed = &hidden; return nil }
	b := &beginning{ask: asker, dir: d.dir, values: map[string]string{}}
	if err := b.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	said := out.String()
	for _, want := range []string{"the bot token wasn't taken at " + at.SlackAPI, "Reinstall the app", "Once more:", "nobody@acme.example: no account", "1  IT", ".env"} {
		if !strings.Contains(said, want) {
			t.Errorf("it doesn't say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, at.BotToken) || strings.Contains(said, at.JiraToken) || len(lines)+len(hidden) > 0 {
		t.Errorf("left %v; said\n%s", lines, said)
	}
	if got := d.read(".env"); !strings.Contains(got, "SLACK_BOT_TOKEN='"+at.BotToken+"'") || !strings.Contains(d.read("config.yaml"), "status: unassigned") {
		t.Error(got, d.read("config.yaml"), said)
	}
}

// TestAnswersFromAFile: nested or not, and never a secret.
func TestAnswersFromAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answers.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("jira: {project: IT, statuses: {active: Granted}}\npeople:\n  admins: [a@b.example, c@d.example]\napps.top: 3\n")
	given, err := givenAnswers(file, []string{"jira.project=HELP"})
	if err != nil || given["jira.project"] != "HELP" || given["jira.statuses.active"] != "Granted" || given["people.admins"] != "a@b.example, c@d.example" || given["apps.top"] != "3" {
		t.Errorf("%v %v", given, err)
	}
	for text, want := range map[string]string{"jira: {token: x}": "would be a secret", "idp: {client_secret: x}": "would be a secret", "jira: {project: }": "has no answer", "a: [": "isn't YAML"} {
		write(text)
		if _, err := givenAnswers(file, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := givenAnswers("", []string{"jira.project"}); err == nil || !strings.Contains(err.Error(), "KEY=VALUE") {
		t.Error(err)
	}
	if _, err := givenAnswers(filepath.Join(t.TempDir(), "none.yaml"), nil); err == nil {
		t.Error("a file that isn't there")
	}
}
