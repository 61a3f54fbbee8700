package cli

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/app"
	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

// theirs is the configuration of a company that isn't Acme: nothing in it is called as there.
const theirs = `
slack: {app_token: "${SLACK_APP}", bot_token: "${SLACK_BOT}", it_channel: "#helpdesk", command: /zugang}
jira:
  {url: https://corp.atlassian.net, email: bot@corp.example, token: "${JIRA}", project: HD, request_type: Berechtigung,
   statuses: {pending: Offen, approved: In Arbeit, manual: Von Hand, active: Erteilt, stuck: Klären, denied: Abgelehnt, cancelled: Abgelehnt, ended: Erledigt},
   resolutions: {denied: Nein, cancelled: Nein, ended: Erledigt}, fields: {app: Anwendung, until: Bis}}
idp: [{id: corp, type: entra, tenant: corp.example, client_id: 00000000-0000-0000-0000-000000000001, client_secret: "${ENTRA}"}]
people: {admins: [bea.it@corp.example]}
evidence: {anchors: [{file: /mnt/backup/latchkey.anchors}]}
metrics: {listen: "127.0.0.1:1"}
approvals: {owners: [owner]}
apps:
  - id: vault
    name: Tresor
    owners: [lee.chef@corp.example]
    route: owners
    duration: {choices: [8h, 30d], default: 8h}
    roles: [{id: reader, name: Lesen, groups: ["corp:tresor-lesen"]}]
`

// TestDemoOfSomebodyElse plays a request under somebody else's configuration: his people, names and directory are there, and
// nothing that a Latchkey of his uses beside it is touched.
func TestDemoOfSomebodyElse(t *testing.T) {
	c, err := config.Parse("theirs.yaml", []byte(theirs), func(string) (string, bool) { return "", false }, app.Backends())
	if err != nil {
		t.Fatal(err)
	}
	people, err := sandbox.ReadPeople(strings.NewReader("email,name,department\nkim.park@corp.example,Kim Park,Vertrieb\n"))
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	d := demo{config: c, out: &said, log: io.Discard, people: people, foreign: true}
	err = d.withBot(t.Context(), func(ctx context.Context, h *harness.Harness, bot *demoBot) error {
		for _, line := range []string{
			"slack kim.park '/zugang'", "slack kim.park submit app=vault role=reader for=8h reason='Revision'", "dm lee.chef 'Kim Park … Tresor … Lesen'", "jira HD-1 status Offen",
			"slack lee.chef click Approve", "directory corp has tresor-lesen kim.park@corp.example", "jira HD-1 status Erteilt",
			"clock +9h", "! directory corp has tresor-lesen kim.park@corp.example", "jira HD-1 status Erledigt",
		} {
			words, err := harness.Line(line)
			if err == nil {
				_, err = h.Do(ctx, words...)
			}
			if err != nil {
				return err
			}
		}
		answer := httptest.NewRecorder()
		d.page(ctx, h, bot).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/?as=kim.park", nil))
		for _, words := range []string{"Kim Park", "Lee Chef", "Bea It", "/zugang", "HD-1", "Anwendung", "tresor-lesen", "Microsoft Entra ID"} {
			if !strings.Contains(answer.Body.String(), words) {
				t.Errorf("the page doesn't read %q", words)
			}
		}
		if strings.Contains(answer.Body.String(), "data-tour") {
			t.Error("there is a tour of what isn't there")
		}
		d.welcome("http://here", h.World.Addresses())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "bea.it@corp.example") || !strings.Contains(said.String(), "'/zugang'") || strings.Contains(said.String(), "figma") {
		t.Errorf("it says %s", &said)
	}
}
