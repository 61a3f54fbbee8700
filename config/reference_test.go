package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// describe puts text into the description of figma and reads it back.
func describe(t *testing.T, written string, vars map[string]string) (string, error) {
	t.Helper()
	text := strings.Replace(smallConfig(t), "    name: Figma", "    name: Figma\n    description: "+written, 1)
	c, err := loadText(t, text, vars)
	if err != nil {
		return "", err
	}
	app, _ := c.Catalog.App("figma")
	return app.Description, nil
}

func with(vars map[string]string, name, value string) map[string]string {
	vars[name] = value
	return vars
}

func TestReferencesAreReplaced(t *testing.T) {
	file := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(file, []byte("from a file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	vars := with(with(tokens(), "A", "one"), "B_2", "${A}")
	for written, want := range map[string]string{
		"${A}":                   "one",
		"'${A}'":                 "one",
		"x${A}y${A}z":            "xoneyonez",
		"${B_2}":                 "${A}", // what was put in is not read again
		"$${A}":                  "${A}",
		"$A $ {A}":               "$A $ {A}",
		"${file:" + file + "}":   "from a file",
		"<${file:" + file + "}>": "<from a file>",
	} {
		got, err := describe(t, written, vars)
		if err != nil || got != want {
			t.Errorf("%s: got %q (%v), want %q", written, got, err, want)
		}
	}
}

// What comes from outside is text and nothing else, whatever YAML would make of it.
func TestReferencesCannotInjectYAML(t *testing.T) {
	for _, value := range []string{
		"x\nowners: [mallory@acme.example]", "x, owners: [mallory@acme.example]", "{a: b}", "[a, b]", "*anchor", "&anchor a",
		"!!binary aGk=", "# comment", "'", `"`, "x: y", "- x", "~", "null", "true", "12", "2026-11-23", "---\nx: y", "<<", "| x", "%YAML 1.1",
	} {
		got, err := describe(t, "${VALUE}", with(tokens(), "VALUE", value))
		if err != nil || got != value {
			t.Errorf("%q became %q (%v)", value, got, err)
		}
	}
}

func TestReferencesDoNotMovePositions(t *testing.T) {
	text := strings.Replace(smallConfig(t), "    name: Figma", "    name: ${NAME}", 1) + "‸nobody: reads this\n"
	clean, line, column := cutMark(t, text)
	_, err := loadText(t, clean, with(tokens(), "NAME", "a\nb\nc\nd"))
	if faults := faultsOf(t, err); len(faults) != 1 || faults[0].Line != line || faults[0].Column != column {
		t.Errorf("got %v, want one fault at %d:%d", err, line, column)
	}
}

func TestNumbersAndDurationsMayComeFromOutside(t *testing.T) {
	text := strings.Replace(smallConfig(t), "people:", "limits:\n  slack: {in_flight: \"${N}\"}\nrequests: {lapse: \"${LAPSE}\"}\npeople:", 1)
	c, err := loadText(t, text, with(with(tokens(), "N", "3"), "LAPSE", "2h"))
	if err != nil || c.Limits.Slack.InFlight != 3 || c.Requests.Lapse.Long.Hours() != 2 {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestRelativeFilesStandBesideTheConfiguration(t *testing.T) {
	dir := t.TempDir()
	text := strings.Replace(smallConfig(t), "${JIRA_TOKEN}", "${file:jira.token}", 1)
	for name, content := range map[string]string{"config.yaml": text, "jira.token": "from-a-file\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := Load(filepath.Join(dir, "config.yaml"), lookup(tokens()), ofThisBuild())
	if err != nil || c.Jira.Token.Reveal() != "from-a-file" {
		t.Errorf("got %v", err)
	}
}

func TestMissingSecretsAreNotedAndAreNoFault(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("${SLACK_BOT_TOKEN}", "${file:/nonexistent/bot}", "${OKTA_TOKEN}", "${file:"+empty+"}").Replace(smallConfig(t))
	c, err := loadText(t, text, map[string]string{"JIRA_TOKEN": ""})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		line int
		path string
		text string
	}{
		{2, "slack.app_token", "SLACK_APP_TOKEN is not set: make an app-level token"},
		{3, "slack.bot_token", "the file /nonexistent/bot can't be read (no such file or directory): install the Slack app"},
		{8, "jira.token", "JIRA_TOKEN is set but empty: make an API token"},
		{16, "idp[0].token", "the file " + empty + " is empty: make an API token"},
	}
	if len(c.MissingSecrets) != len(want) {
		t.Fatalf("missing are %+v", c.MissingSecrets)
	}
	for i, w := range want {
		if got := c.MissingSecrets[i]; got.Line != w.line || got.Path != w.path || !strings.HasPrefix(got.Problem, w.text) {
			t.Errorf("got %+v, want %+v", got, w)
		}
	}
	if got := faultsOf(t, c.RequireSecrets()); len(got) != len(want) {
		t.Errorf("RequireSecrets gives %+v", got)
	}
}

// A token in the wrong place causes a fault that must not show it.
func TestFaultsShowReferencesInsteadOfValues(t *testing.T) {
	const value = "Mysterious-Value-2026\"x"
	for _, place := range []struct{ old, new string }{
		{"https://acme.atlassian.net", "${LEAK}"},
		{"bot@acme.example", "${LEAK}"},
		{"project: IT", "project: ${LEAK}"},
		{"type: okta", "type: ${LEAK}"},
		{"[noor@acme.example]", "[\"${LEAK}\"]"},
		{"    route: manager", "    route: x${LEAK}"},
		{"\"okta:figma-editors\"", "\"${LEAK}:x\""},
		{"[6h, 14d]", "[6h, \"${LEAK}\"]"},
		{"  manager: [manager]", "  manager: [\"group:${LEAK}:x\"]"},
		{"  app_token: ${SLACK_APP_TOKEN}", "  app_token: xoxb ${LEAK}"},
	} {
		_, err := loadText(t, strings.Replace(smallConfig(t), place.old, place.new, 1), with(tokens(), "LEAK", value))
		faultsOf(t, err)
		if text := strings.ToLower(err.Error()); strings.Contains(text, "mysterious") || strings.Contains(text, "2026") {
			t.Errorf("%s: the value shows in %v", place.new, err)
		}
	}
}
