package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"latchkey/access"
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
	Of       int                `json:"of"` // tickets in the statuses of such ones
	Complete int                `json:"complete"`
	Tickets  []evidence.Finding `json:"tickets"`
}

// SampleOf says which tickets are picked from: what became of them, and when they were made.
type SampleOf struct {
	Outcomes []string // of evidence's; empty: those that have ended
	From, To time.Time
}

// picked says where such tickets are. Access without an end has a closed issue, as what has ended has: which of both it is, the
// record says.
func (o SampleOf) picked(c *config.Config, with evidence.Reading) watch.Picked {
	phases := map[string]string{evidence.OutcomeEnded: site.Ended, evidence.OutcomeLive: site.Active, evidence.OutcomeDeclined: site.Denied}
	p := watch.Picked{From: o.From, To: o.To}
	outcomes := o.Outcomes
	if len(outcomes) == 0 {
		outcomes = []string{evidence.OutcomeEnded}
	}
	for _, outcome := range outcomes {
		p.Phases = append(p.Phases, phases[outcome])
	}
	p.GoesOn = slices.Contains(outcomes, evidence.OutcomeLive) && c.Jira.CloseOn == site.Granted
	p.Wanted = func(t access.TicketEvidence) bool {
		is := with.Judge(t).Outcome
		return is == evidence.OutcomeUndecided || slices.Contains(outcomes, is) // what can't be read is a finding
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
	with := evidence.Reading{Trust: note.Load(keySource(c), time.Now).Trust}
	said, among, err := client.Archive.SampleCompleted(ctx, n, seed, of.picked(c, with))
	if err != nil {
		return result, fmt.Errorf("jira: %w", err)
	}
	result.Of = among
	for _, t := range said {
		f := with.Judge(t)
		if f.Complete() {
			result.Complete++
		}
		result.Tickets = append(result.Tickets, f)
	}
	return result, nil
}
