package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/app"
	"latchkey/config"
	"latchkey/idp/okta"
)

// tokenFiles has the bot read its tokens from files, and gives what to write the
// next ones with.
func (a old) tokenFiles() (write func(name, token string)) {
	a.Helper()
	at := a.world.Addresses()
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
	text := string(raw)
	for name, token := range map[string]string{"SLACK_APP_TOKEN": at.AppToken, "SLACK_BOT_TOKEN": at.BotToken, "JIRA_TOKEN": at.JiraToken, "OKTA_TOKEN": at.OktaToken} {
		write(name, token)
		text = strings.ReplaceAll(text, "${"+name+"}", "${file:"+filepath.Join(a.dir, name)+"}")
	}
	said, err := config.Parse(a.path, []byte(text), func(string) (string, bool) { return "", false }, app.Backends())
	if err != nil {
		a.Fatal(err)
	}
	a.configure(said)
	a.config.Slack.AppToken, a.config.Slack.BotToken, a.config.Jira.Token = said.Slack.AppToken, said.Slack.BotToken, said.Jira.Token
	for i, d := range said.IDP {
		there := a.config.IDP[i].Settings.(okta.Settings)
		there.Token = d.Settings.(okta.Settings).Token
		a.config.IDP[i].Settings = there
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
	play(t, a.company, "clock +3m", "! okta has figma-editors maya", "clock +3m", "jira IT-1 status Closed", "dm maya 'Ended: Figma'", "slack maya '/access mine'")
}
