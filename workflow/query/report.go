package query

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Report are the figures of a period. Only IT and the command line may see them.
func (s *Service) Report(ctx context.Context, by access.Actor, p evidence.Period) (evidence.Report, error) {
	return s.report(ctx, by, p, new(evidence.Recent))
}

// Week are the figures of the last seven days. Only IT and the command line may
// see them.
func (s *Service) Week(ctx context.Context, by access.Actor) (evidence.Report, error) {
	now := s.units.Now()
	return s.report(ctx, by, evidence.Period{From: now.Add(-catalog.Week), To: now.Add(time.Second)}, &s.recent)
}

func (s *Service) report(ctx context.Context, by access.Actor, p evidence.Period, recent *evidence.Recent) (r evidence.Report, err error) {
	if err := s.people.Allow(ctx, by, people.ActOversee, people.Matter{}); err != nil {
		return r, err
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		if r, err = recent.Report(tx, p); err != nil {
			return err
		}
		if r.Conflicts, err = CountConflicts(tx); err != nil {
			return err
		}
		r.Stuck, err = CountStuck(tx)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("count what happened: %w", err)
	}
	return r, nil
}

// Trace is everything that happened between a person and an app. People may see
// their own; IT, the app's owners and the command line may see others'.
func (s *Service) Trace(ctx context.Context, by access.Actor, who access.PersonID, app string) (evidence.Trace, error) {
	if err := s.people.Allow(ctx, by, people.ActTrace, people.Matter{App: app, Holder: people.Stranger(who)}); err != nil || who == "" {
		return evidence.Trace{}, err
	}
	return evidence.TraceOf(ctx, s.units, who, app)
}
