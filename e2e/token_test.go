package e2e

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"latchkey/app"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/idp/okta"
	"latchkey/sandbox"
)

// tokenNames are the tokens by their names in the configuration.
func tokenNames(at sandbox.Addresses) map[string]string {
	return map[string]string{"SLACK_APP_TOKEN": at.AppToken, "SLACK_BOT_TOKEN": at.BotToken, "JIRA_TOKEN": at.JiraToken, "OKTA_TOKEN": at.OktaToken}
}

// inFiles is the text of a configuration whose tokens stand in files of a folder.
func inFiles(text, dir string) string {
	for name := range tokenNames(sandbox.Addresses{}) {
		text = strings.ReplaceAll(text, "${"+name+"}", "${file:"+filepath.Join(dir, name)+"}")
	}
	return text
}

// takeTokens gives a configuration the tokens of another.
func takeTokens(c, from *config.Config) {
	c.Slack.AppToken, c.Slack.BotToken, c.Jira.Token = from.Slack.AppToken, from.Slack.BotToken, from.Jira.Token
	for i, d := range from.IDP {
		there := c.IDP[i].Settings.(okta.Settings)
		there.Token = d.Settings.(okta.Settings).Token
		c.IDP[i].Settings = there
	}
}

// tokenFiles has the bot read its tokens from files, and gives what to write the
// next ones with.
func (a old) tokenFiles(missing ...string) (write func(name, token string)) {
	a.Helper()
	write = func(name, token string) {
		a.Helper()
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(token+"\n"), 0o600); err != nil {
			a.Fatal(err)
		}
	}
	raw, err := os.ReadFile(a.path)
	if err != nil {
		a.Fatal(err)
	}
	for name, token := range tokenNames(a.world.Addresses()) {
		if !slices.Contains(missing, name) {
			write(name, token)
		}
	}
	text := inFiles(string(raw), a.dir)
	said, err := config.Parse(a.path, []byte(text), func(string) (string, bool) { return "", false }, app.Backends())
	if err != nil {
		a.Fatal(err)
	}
	a.configure(said)
	takeTokens(a.config, said)
	a.config.Path, a.config.MissingSecrets = filepath.Join(a.dir, "files.yaml"), said.MissingSecrets
	if err := os.WriteFile(a.config.Path, []byte(text), 0o600); err != nil {
		a.Fatal(err)
	}
	return write
}

// Tokens that stand in files are replaced there, and the bot goes on with the new
// ones: everything that was refused meanwhile is done, and nobody starts it anew.
func TestTokensAreReplacedInTheirFiles(t *testing.T) {
	a := newOld(t)
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	write := a.tokenFiles()
	a.boot()
	a.ask("maya", "noor", "IT-1")
	play(t, a.company, "jira token second-jira-token", "okta token second-okta-token", "slack token bot name=xoxb-second", "slack token app name=xapp-1-A0LATCHKEY-2-second",
		"slack drop", "clock +7h", "okta has figma-editors maya")
	write("JIRA_TOKEN", "second-jira-token")
	write("OKTA_TOKEN", "second-okta-token")
	write("SLACK_BOT_TOKEN", "xoxb-second")
	write("SLACK_APP_TOKEN", "xapp-1-A0LATCHKEY-2-second")
	play(t, a.company, "clock +3m", "! okta has figma-editors maya", "clock +3m", "jira IT-1 status Closed", "dm maya 'access to Figma … has ended'", "slack maya '/access mine'")
}

// A file that a token stands in is missing when the bot is started anew. Access ends
// on time, IT reads which one it is, and the bot takes the token as soon as it is
// there.
func TestATokenFileThatIsMissing(t *testing.T) {
	a := newOld(t)
	a.ask("maya", "noor", "IT-1")
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	write := a.tokenFiles("JIRA_TOKEN")
	a.boot()
	play(t, a.company, "channel '#it-access' 'The configuration doesn''t work for Latchkey … JIRA_TOKEN can''t be read'", "clock +7h", "! okta has figma-editors maya")
	write("JIRA_TOKEN", a.world.Addresses().JiraToken)
	play(t, a.company, "clock +3m", "jira IT-1 status Closed")
}

// A directory that can't be opened as it is configured keeps no start.
func TestADirectoryThatCantBeOpened(t *testing.T) {
	a := newOld(t)
	a.ask("maya", "noor", "IT-1")
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	good := a.config.IDP[0].Settings
	bad := good.(okta.Settings)
	bad.Token, bad.ClientID, bad.PrivateKey = value.Secret{}, "0oa1", value.NewSecret("no key")
	a.config.IDP[0].Settings = bad
	a.boot()
	play(t, a.company, "channel '#it-access' 'The directory okta doesn''t work for Latchkey … can''t be opened'", "slack sam '/access help'")
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	a.config.IDP[0].Settings = good
	a.boot()
	play(t, a.company, "clock +7h", "! okta has figma-editors maya", "jira IT-1 status Closed")
}
