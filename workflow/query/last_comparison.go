package query

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Compared is what the last comparison of the groups with the grants found.
type Compared struct {
	access.Survey                // without the mismatches
	Odd           List[NotGiven] // those that the survey names
}

// NotGiven is a membership that no grant explains, or one that a grant says there is and that
// was not seen, with who it is about.
type NotGiven struct {
	access.Mismatch
	Who access.Person
}

// Compared is what the last comparison found. Before the first its time is zero. Only IT and the
// command line may see it.
func (s *Service) Compared(ctx context.Context, by access.Actor, from, size int) (out Compared, err error) {
	if err := s.people.Allow(ctx, by, people.ActOversee, people.Matter{}); err != nil {
		return out, err
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		last, err := store.LastSurvey(tx)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		page := cut(last.Odd, from, size)
		out.Survey, out.Odd.From, out.Odd.Total = last.Survey, page.From, page.Total
		out.Survey.Odd = nil
		for _, m := range page.Items {
			p, err := people.In(tx, m.Person)
			if err != nil {
				return err
			}
			out.Odd.Items = append(out.Odd.Items, NotGiven{m, p})
		}
		return nil
	})
	return out, err
}
