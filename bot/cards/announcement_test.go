package cards

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
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

// Moments are read by the reader's clock, in the headline, too; news shows them as they are.
func TestMomentsOfAnAnnouncement(t *testing.T) {
	at := time.Date(2026, 11, 16, 15, 4, 0, 0, time.UTC)
	m := Config{}.Announcement(notify.Announcement{Title: "Paused until " + access.FullMoment(at), Lines: []string{"Since " + access.FullMoment(at.Add(-time.Hour)) + "."}})
	text := shown(t, m)
	for _, want := range []string{"*Paused until " + blocks.When(at) + "*", "Since " + blocks.When(at.Add(-time.Hour)) + "."} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if m.Text != "Paused until "+access.FullMoment(at) {
		t.Errorf("its news is %q", m.Text)
	}
}

// Whatever people are called and wherever Jira is, Slack takes the message.
func TestAllThatWaitsIsTakenBySlack(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		for _, address := range []string{"https://jira.acme.example/browse/IT-1", "https://jira.acme.example/" + strings.Repeat("x", 370), "https://jira.acme.example/?" + strings.Repeat("&", 370)} {
			t.Run(name, func(t *testing.T) {
				one := notify.Waiting{Text: text + " asks for " + text, Since: time.Unix(1795424400, 0), Issue: access.Issue{Key: "IT-1", URL: address}}
				m := Config{Home: "https://acme.slack.com/app_redirect?app=A1"}.Announcement(notify.Announcement{Title: text + " waits for you", Lines: slices.Repeat([]string{text}, 60), Waiting: slices.Repeat([]notify.Waiting{one}, 9)})
				bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
				m = Config{}.Announcement(notify.Announcement{Title: text, Waiting: slices.Repeat([]notify.Waiting{one}, 9)})
				bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
			})
		}
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

// What IT is asked in a message is answered there, and names what it is an answer to.
func TestAQuestionHasItsButtons(t *testing.T) {
	text := shown(t, Config{}.Announcement(notify.Announcement{Title: "Is that meant?", Question: &notify.Question{Kind: notify.AskBirthrights, ID: "Q-17"}}))
	for _, want := range []string{"Go ahead", "Leave it", ActionBirthrights, ActionLeaveBirthrights, "Q-17"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
}
