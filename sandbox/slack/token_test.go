package slack_test

import (
	"io"
	"net/url"
	"strings"
	"testing"

	"latchkey/sandbox/slack"
)

func TestTokensEndAndAPageAnswers(t *testing.T) {
	d := newDesk(t, slack.Config{})
	bot, app := d.Config().BotToken, d.Config().AppToken
	d.RotateTokens("xoxb-another", "")
	if got := d.call("auth.test", bot, nil)["error"]; got != "invalid_auth" {
		t.Errorf("the old bot token: %v", got)
	}
	if got := d.call("auth.test", "xoxb-another", nil)["ok"]; got != true {
		t.Errorf("the new one: %v", got)
	}
	d.RotateTokens(bot, "xapp-1-A0OTHER-2-other")
	if d.Config().AppToken == app || d.call("auth.test", bot, nil)["ok"] != true {
		t.Error("one of two tokens was not replaced alone")
	}
	d.AddFault(slack.Fault{Method: "auth.test", Page: "Sign in", Times: 1})
	res, err := d.http.Client().PostForm(d.http.URL+"/api/auth.test", url.Values{"token": {bot}})
	must(t, err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.Contains(string(page), "<title>Sign in</title>") {
		t.Errorf("a page: %d %s (%v)", res.StatusCode, page, err)
	}
}
