package app

import (
	"context"
	"fmt"
	"os"
	"time"

	"latchkey/clock"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/evidence/note"
)

// TicketSample is what completed tickets, picked at random, show by themselves.
type TicketSample struct {
	Seed     uint64             `json:"seed"`
	Of       int                `json:"of"` // completed tickets there are
	Complete int                `json:"complete"`
	Tickets  []evidence.Finding `json:"tickets"`
}

// SampleTickets reads Jira and nothing else: neither the store nor the directories.
func SampleTickets(ctx context.Context, c *config.Config, n int, seed uint64) (TicketSample, error) {
	result := TicketSample{Seed: seed, Tickets: []evidence.Finding{}}
	client, err := openJira(c, environment{clock: clock.System{}, log: NewLogger(c, os.Stderr)}, discreet(c.Secrets, transport()))
	if err != nil {
		return result, err
	}
	said, of, err := client.Archive.SampleCompleted(ctx, n, seed)
	if err != nil {
		return result, fmt.Errorf("jira: %w", err)
	}
	result.Of = of
	with := evidence.Reading{Trust: note.Load(keySource(c), time.Now).Trust}
	for _, t := range said {
		f := with.Judge(t)
		if f.Complete() {
			result.Complete++
		}
		result.Tickets = append(result.Tickets, f)
	}
	return result, nil
}
