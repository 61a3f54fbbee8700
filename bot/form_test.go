package bot

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/roster"
	"latchkey/bot/socket"
	"latchkey/catalog"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestFormFollowsTheChoices(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma(), bottest.Vault()}, bottest.ApprovalRoutes(), bottest.Starter())
	var out strings.Builder
	for _, f := range []form{
		{}, {Notice: noMatch("zzz")}, {App: "figma"}, {App: "figma", Role: "editor"},
		{App: "figma", Role: "editor", Objections: map[string]string{"figma/editor": "Figma · Editor is already there."}}, {App: "vault", Role: "admin"}, {App: "gone"}, {Picks: []pick{{App: "figma", Role: "editor", Wanted: time.Hour}, {App: "bundle:starter"}}, Turn: 2, Other: true, Person: "You can't ask for Omar."}, {App: "bundle:starter"},
	} {
		v := f.view(c)
		bottest.WantViewWithinLimits(t, v)
		fmt.Fprintf(&out, "==== %+v\n%s\n", f, bottest.Printed(bottest.Parsed(t, v)))
	}
	bottest.Golden(t, *update, "form", out.String())
}

func TestFormSurvivesAnyCatalogue(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		for _, roles := range []int{0, 1, 100, 101, 700} {
			c := bottest.Crowd(1, roles, text)
			f := form{App: c.Apps()[0].ID, Notice: noMatch(text), Person: text, Other: true, Conversation: "https://acme.slack.com/archives/C1/p1"}
			if roles > 0 {
				f.Role = c.Apps()[0].Roles[0].ID
				f.Objections = map[string]string{f.App + "/" + f.Role: text}
				for range maxPicks {
					f.Picks = append(f.Picks, pick{f.App, f.Role, time.Hour})
				}
			}
			t.Run(fmt.Sprint(name, "/", roles), func(t *testing.T) {
				bottest.WantViewWithinLimits(t, f.view(c))
				bottest.WantViewWithinLimits(t, submitted(c, slices.Repeat([]access.Request{{App: f.App, Role: f.Role}, {Unlisted: text}}, 10)))
				bottest.WantViewWithinLimits(t, blocks.Notice("Latchkey", blocks.Or(text, "x")))
				bottest.WantViewWithinLimits(t, confirmView(bottest.WithText(bottest.Asked(), text), cards.Target{}))
			})
		}
	}
}

// ask sends a raw to a bot that reaches nobody.
func ask(t *testing.T, c *catalog.Catalog, kind, raw string) ([]byte, error) {
	t.Helper()
	cfg := configOf(bottest.NewHouse(t, c, roster.New(bottest.SilentSlack(), nil)))
	cfg.Roster = roster.New(bottest.SilentSlack(), nil)
	b := New(cfg)
	defer b.Close(t.Context())
	return b.Handle(t.Context(), socket.Envelope{Type: kind, Payload: []byte(raw)})
}

func TestMenuOfTenThousandAppsFitsIntoAnAck(t *testing.T) {
	for name, text := range bottest.EvilTexts() {
		c := bottest.Crowd(300, 1, text)
		if name == "mention" {
			c = bottest.Crowd(10_000, 1, text)
		}
		for _, query := range []string{"", "1"} {
			got, err := ask(t, c, "interactive", `{"type":"block_suggestion","action_id":"app","value":"`+query+`"}`)
			if err != nil {
				t.Fatal(err)
			}
			bottest.WantMenuWithinLimits(t, got)
			if n := strings.Count(string(got), `"value"`); n < 15 {
				t.Errorf("%s, %q: only %d apps are offered", name, query, n)
			}
		}
	}
}

func TestOldPayloadsAreTakenAsTheyCome(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	for name, p := range map[string]struct {
		kind, raw string
		refused   bool
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
		got, err := ask(t, c, p.kind, p.raw)
		if (err != nil) != p.refused || got != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestSubmittedFormIsCheckedAgainstTheCatalogue(t *testing.T) {
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
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

// Whatever arrives, reading it and drawing a form from it never fails.
func FuzzPayloads(f *testing.F) {
	f.Add([]byte(`{"type":"block_actions","view":{"state":{"values":{"app":{"app":{"selected_option":{"value":"figma"}}}}}}}`))
	f.Add([]byte(`{"type":"block_actions","view":{"state":{"values":[]}}}`))
	f.Add([]byte(`{"event":{"type":"user_change","user":{"id":"U1"}}}`))
	c := catalog.New([]catalog.App{bottest.Figma()}, bottest.ApprovalRoutes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if in, err := payload.Decode[payload.Interaction](raw, "fuzzed"); err == nil {
			bottest.WantViewWithinLimits(t, formOf(c, in.View).view(c))
		}
		if e, err := payload.Decode[payload.Event](raw, "fuzzed"); err == nil {
			_ = e.Person()
		}
	})
}
