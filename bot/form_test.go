package bot

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/catalog"
)

func TestFormFollowsTheChoices(t *testing.T) {
	c := catalog.New([]catalog.App{figma, vault}, routes(), starter())
	var out strings.Builder
	for _, f := range []form{
		{}, {Notice: noMatch("zzz")}, {App: "figma"}, {App: "figma", Role: "editor"},
		{App: "figma", Role: "editor", Objections: map[string]string{"figma/editor": "Figma · Editor is already there."}}, {App: "vault", Role: "admin"}, {App: "gone"}, {Picks: []pick{{App: "figma", Role: "editor", Wanted: time.Hour}, {App: "bundle:starter"}}, Turn: 2, Other: true, Person: "You can't ask for Omar."}, {App: "bundle:starter"},
	} {
		v := f.view(c)
		wantViewWithinLimits(t, v)
		fmt.Fprintf(&out, "==== %+v\n%s\n", f, printed(parse(t, v)))
	}
	golden(t, "form", out.String())
}

func starter() catalog.Bundle {
	return catalog.Bundle{ID: "starter", Name: "Starter", Description: "For the first day", Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}, {App: "vault", Role: "admin"}}}
}

// crowd is a catalogue of n apps with r roles each, all named by name.
func crowd(n, r int, name string) *catalog.Catalog {
	var apps []catalog.App
	for i := range n {
		a := catalog.App{ID: fmt.Sprintf("app-%05d-%s", i, strings.Repeat("x", 40)), Name: fmt.Sprintf("%s %d", name, i), Description: name,
			Category: fmt.Sprintf("%s %d", name, i%150), Status: catalog.Approved, Provisioning: catalog.ByDirectory}
		for j := range r {
			a.Roles = append(a.Roles, catalog.Role{ID: fmt.Sprintf("role-%03d-%s", j, strings.Repeat("y", 40)), Name: name, Description: name, Route: "both", Risk: catalog.High,
				Groups:    make([]catalog.GroupRef, 100),
				Durations: catalog.Durations{Choices: many(120), Default: time.Hour}})
		}
		apps = append(apps, a)
	}
	return catalog.New(apps, routes())
}

func many(n int) []time.Duration {
	var out []time.Duration
	for i := range n {
		out = append(out, time.Duration(i+1)*time.Hour)
	}
	return out
}

func TestFormSurvivesAnyCatalogue(t *testing.T) {
	for name, text := range evil() {
		for _, roles := range []int{0, 1, 100, 101, 700} {
			c := crowd(1, roles, text)
			f := form{App: c.Apps()[0].ID, Notice: noMatch(text), Person: text, Other: true, Conversation: "https://acme.slack.com/archives/C1/p1"}
			if roles > 0 {
				f.Role = c.Apps()[0].Roles[0].ID
				f.Objections = map[string]string{f.App + "/" + f.Role: text}
				for range maxPicks {
					f.Picks = append(f.Picks, pick{f.App, f.Role, time.Hour})
				}
			}
			t.Run(fmt.Sprint(name, "/", roles), func(t *testing.T) {
				wantViewWithinLimits(t, f.view(c))
				wantViewWithinLimits(t, submitted(c, slices.Repeat([]access.Request{{App: f.App, Role: f.Role}, {Unlisted: text}}, 10)))
				wantViewWithinLimits(t, notice("Latchkey", or(text, "x")))
				wantViewWithinLimits(t, scene{Case: haunted(asked(), text)}.confirmView(target{}))
			})
		}
	}
}

// nobody is a Slack that doesn't answer.
func nobody() *api.Client { return api.New("", api.OptionAPIURL("http://127.0.0.1:1/")) }

// ask sends a payload to a bot that reaches nobody.
func ask(t *testing.T, c *catalog.Catalog, kind, payload string) ([]byte, error) {
	t.Helper()
	cfg := newHouse(t, c, NewRoster(nobody(), nil)).config()
	cfg.Roster, cfg.API = NewRoster(nobody(), nil), nobody()
	b := New(cfg)
	defer b.Close(t.Context())
	return b.Handle(t.Context(), socket.Envelope{Type: kind, Payload: []byte(payload)})
}

func TestMenuOfTenThousandAppsFitsIntoAnAck(t *testing.T) {
	for name, text := range evil() {
		c := crowd(300, 1, text)
		if name == "mention" {
			c = crowd(10_000, 1, text)
		}
		for _, query := range []string{"", "1"} {
			got, err := ask(t, c, "interactive", `{"type":"block_suggestion","action_id":"app","value":"`+query+`"}`)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) > 20_300 {
				t.Errorf("%s: an answer of %d bytes would be dropped", name, len(got))
			}
			var menu block
			if err := json.Unmarshal(got, &menu); err != nil {
				t.Fatal(err)
			}
			l := limits{ids: map[string]bool{}}
			l.menu("menu", menu)
			report(t, l)
			if n := strings.Count(string(got), `"value"`); n < 15 {
				t.Errorf("%s, %q: only %d apps are offered", name, query, n)
			}
		}
	}
}

func TestOldPayloadsAreTakenAsTheyCome(t *testing.T) {
	c := catalog.New([]catalog.App{figma}, routes())
	for name, p := range map[string]struct {
		kind, payload string
		refused       bool
	}{
		"closed view without state":  {"interactive", `{"type":"view_closed","team":null,"view":{"id":"V1","state":{"values":[]}}}`, false},
		"click with empty state":     {"interactive", `{"type":"block_actions","team":null,"channel":null,"view":null,"state":{"values":[]},"actions":[{"action_id":"x","value":null}]}`, false},
		"unknown interaction":        {"interactive", `{"type":"workflow_step_edit"}`, false},
		"unknown envelope":           {"surprise", `{}`, false},
		"member with odd fields":     {"events_api", `{"event_id":"Ev1","event":{"type":"user_change","user":{"id":"U1","profile":{"fields":[]}}}}`, false},
		"unreadable event is let go": {"events_api", `{"event":[]}`, false},
		"own message":                {"events_api", `{"event_id":"Ev2","event":{"type":"message","channel_type":"im","bot_id":"B1","user":"U1"}}`, false},
		"edited message":             {"events_api", `{"event_id":"Ev3","event":{"type":"message","channel_type":"im","subtype":"message_changed","user":null}}`, false},
		"unreadable click":           {"interactive", `{"type":5}`, true},
		"unreadable command":         {"slash_commands", `[]`, true},
		"somebody else's view":       {"interactive", `{"type":"view_submission","view":{"callback_id":"other"}}`, true},
	} {
		got, err := ask(t, c, p.kind, p.payload)
		if (err != nil) != p.refused || got != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestSubmittedFormIsCheckedAgainstTheCatalogue(t *testing.T) {
	c := catalog.New([]catalog.App{figma}, routes())
	for name, p := range map[string]struct{ values, want string }{
		"app is gone":         {`{"app":{"app":{"selected_option":{"value":"gone"}}}}`, `{"response_action":"errors","errors":{"app":"This app isn't in the catalogue any more. Please choose another one."}}`},
		"roles weren't there": {`{"app":{"app":{"selected_option":{"value":"figma"}}},"reason":{"reason":{"value":"x"}}}`, rolesLoading},
	} {
		got, err := ask(t, c, "interactive", `{"type":"view_submission","view":{"id":"V1","callback_id":"request","state":{"values":`+p.values+`}}}`)
		if err != nil || !strings.Contains(string(got), p.want) {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

// An answer that is too long for an ack is dropped, and the bare ack would close
// the form as if the request was made.
func TestFormWithManyRolesIsNotClosedByItsAck(t *testing.T) {
	c := crowd(1, 300, "Many roles")
	app := c.Apps()[0].ID
	for name, view := range map[string]string{
		"submitted before the roles were there": `"callback_id":"request","state":{"values":{"app":{"app":{"selected_option":{"value":"` + app + `"}}}}}`,
		"chosen on the app's page":              `"callback_id":"browse","private_metadata":"{\"a\":\"` + app + `\"}"`,
	} {
		got, err := ask(t, c, "interactive", `{"type":"view_submission","view":{"id":"V1",`+view+`}}`)
		if err != nil || len(got) > longestAnswer || !strings.Contains(string(got), "choose") {
			t.Errorf("%s: an answer of %d bytes, %v: %.300s", name, len(got), err, got)
		}
	}
}

// Whatever arrives, reading it and drawing a form from it never fails.
func FuzzPayloads(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","view":{"state":{"values":{"app":{"app":{"selected_option":{"value":"figma"}}}}}}}`))
	f.Add([]byte(`{"type":"block_actions","view":{"state":{"values":[]}}}`))
	f.Add([]byte(`{"event":{"type":"user_change","user":{"id":"U1"}}}`))
	c := catalog.New([]catalog.App{figma}, routes())
	f.Fuzz(func(t *testing.T, payload []byte) {
		if in, err := decode[interaction](payload, "fuzzed"); err == nil {
			wantViewWithinLimits(t, formOf(c, in.View).view(c))
		}
		if e, err := decode[callback](payload, "fuzzed"); err == nil {
			_ = e.user()
		}
	})
}
