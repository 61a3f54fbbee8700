package bot

import (
	"testing"

	"latchkey/bot/socket"
	"latchkey/workflow/notify"
)

func BenchmarkSuggestTenThousandApps(b *testing.B) {
	bot := New(newHouse(b, crowd(10_000, 1, "Figma"), NewRoster(nobody(), nil)).config())
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
		k := mustDraw(b, notify.CardUpdate{Content: shows(c), Audience: notify.ToApprover, Reader: noor})
		if _, err := k.digest(); err != nil {
			b.Fatal(err)
		}
	}
}
