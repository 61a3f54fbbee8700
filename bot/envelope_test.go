package bot

import (
	"testing"

	"latchkey/bot/bottest"
	"latchkey/bot/roster"
	"latchkey/bot/socket"
	"latchkey/catalog"
)

// ask sends a payload to a bot that reaches nobody.
func ask(t *testing.T, c *catalog.Catalog, kind, raw string) ([]byte, error) {
	t.Helper()
	cfg := configOf(bottest.NewHouse(t, c, roster.New(bottest.SilentSlack(), nil)))
	cfg.Roster, cfg.API = roster.New(bottest.SilentSlack(), nil), bottest.SilentSlack()
	b, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close(t.Context())
	return b.Handle(t.Context(), socket.Envelope{Type: kind, Payload: []byte(raw)})
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
