package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"latchkey/clock"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/jira/site"
	"latchkey/jira/watch"
)

// TicketSample is what completed tickets, picked at random, show by themselves.
type TicketSample struct {
	Seed     uint64             `json:"seed"`
	Of       int                `json:"of"` // completed tickets there are
	Complete int                `json:"complete"`
	Tickets  []evidence.Finding `json:"tickets"`
}

// SampleOf says which tickets are picked from: what became of them, and when they were made.
type SampleOf struct {
	Outcomes []string // of evidence's; empty: those that have ended
	From, To time.Time
}

func (o SampleOf) picked() watch.Picked {
	phases := map[string]string{evidence.OutcomeEnded: site.Ended, evidence.OutcomeLive: site.Active, evidence.OutcomeDeclined: site.Denied}
	p := watch.Picked{From: o.From, To: o.To}
	for _, outcome := range o.Outcomes {
		p.Phases = append(p.Phases, phases[outcome])
	}
	return p
}

// Counts are how many of the picked tickets there are, by month, then by what became of them and by who decided.
func (s TicketSample) Counts() (months []string, by map[string]map[string]int) {
	by = map[string]map[string]int{}
	for _, f := range s.Tickets {
		if by[f.Month] == nil {
			by[f.Month] = map[string]int{}
		}
		by[f.Month][f.Outcome]++
		by[f.Month][f.Decided]++
	}
	return slices.Sorted(maps.Keys(by)), by
}

// SampleTickets reads Jira and nothing else: neither the store nor the directories.
func SampleTickets(ctx context.Context, c *config.Config, n int, seed uint64, of SampleOf) (TicketSample, error) {
	result := TicketSample{Seed: seed, Tickets: []evidence.Finding{}}
	client, err := openJira(c, environment{clock: clock.System{}, log: NewLogger(c, os.Stderr)}, discreet(c.Secrets, transport()))
	if err != nil {
		return result, err
	}
	said, among, err := client.Archive.SampleCompleted(ctx, n, seed, of.picked())
	if err != nil {
		return result, fmt.Errorf("jira: %w", err)
	}
	result.Of = among
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
