package bot

import (
	"testing"

	"latchkey/bot/bottest"
	"latchkey/bot/roster"
	"latchkey/bot/socket"
)

func BenchmarkSuggestTenThousandApps(b *testing.B) {
	bot, err := New(configOf(bottest.NewHouse(b, bottest.ManyApps(10_000, 1, "Figma"), roster.New(bottest.SilentSlack(), nil))))
	if err != nil {
		b.Fatal(err)
	}
	for _, query := range []string{"", "figma 99"} {
		raw := []byte(`{"type":"block_suggestion","action_id":"app","value":"` + query + `"}`)
		b.Run("query "+query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bot.Handle(b.Context(), socket.Envelope{Type: "interactive", Payload: raw}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
