package bot

import (
	"testing"

	"latchkey/bot/socket"
	"latchkey/workflow/notify"
)

func BenchmarkSuggestTenThousandApps(b *testing.B) {
	bot := New(Config{Desk: (&desk{catalog: crowd(10_000, 1, "Figma"), roster: NewRoster(nobody(), nil)}).whole()})
	for _, query := range []string{"", "figma 99"} {
		payload := []byte(`{"type":"block_suggestion","action_id":"app","value":"` + query + `"}`)
		b.Run("query "+query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := bot.Handle(b.Context(), socket.Envelope{Type: "interactive", Payload: payload}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDrawApproverCard(b *testing.B) {
	c := asked()
	b.ReportAllocs()
	for b.Loop() {
		k := draw(notify.CardUpdate{Case: c, Face: notify.ToApprover, Reader: noor}, DefaultCommand)
		if _, err := k.digest(); err != nil {
			b.Fatal(err)
		}
	}
}
