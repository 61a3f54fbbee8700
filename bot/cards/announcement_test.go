package cards

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// TestAllThatWaitsIsNamed, five of it, with where the rest is.
func TestAllThatWaitsIsNamed(t *testing.T) {
	var all []notify.Waiting
	for i := range 7 {
		all = append(all, notify.Waiting{Text: fmt.Sprintf("Maya <%d> asks for Figma", i), Since: time.Unix(1795424400, 0), Issue: access.Issue{Key: fmt.Sprintf("IT-%d", i), URL: "https://jira.acme.example/browse/IT"}})
	}
	text := shown(t, Config{Home: "https://slack.com/app_redirect?app=A1"}.Announcement(notify.Announcement{Title: "7 requests wait for you", Waiting: all}))
	for _, want := range []string{"7 requests wait for you", "Maya &lt;4&gt; asks for Figma", "|IT-4>", "… and 2 more", "<https://slack.com/app_redirect?app=A1|See all>"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "IT-5") {
		t.Errorf("it names more than five:\n%s", text)
	}
	if text := shown(t, Config{}.Announcement(notify.Announcement{Title: "7 tasks wait for you", Waiting: all})); !strings.Contains(text, "The Home tab shows all of them") {
		t.Errorf("it doesn't say where the rest is:\n%s", text)
	}
	if text := shown(t, Config{Home: "https://slack.com"}.Announcement(notify.Announcement{Title: "Done"})); strings.Contains(text, "See all") {
		t.Errorf("it leads somewhere although nothing waits:\n%s", text)
	}
}

// shown is what a message says, without the escapes of JSON.
func shown(t *testing.T, m blocks.Message) string {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(raw))
}
