package query

import (
	"context"
	"slices"
	"time"

	"latchkey/store"
)

// Pace is how long access to an app usually takes.
type Pace struct {
	Answer time.Duration // median from asking to the last yes
	There  time.Duration // median from asking to the access being there
	Of     int           // how many requests that is from
}

// paceOf is how many requests a pace is taken from.
const paceOf = 200

// Pace is taken from requests for the app that became access.
func (s *Service) Pace(ctx context.Context, app string) (out Pace, err error) {
	var answers, there []time.Duration
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, err := store.RequestsOn(tx, app, "", paceOf)
		if err != nil {
			return err
		}
		for _, r := range all {
			g, err := store.Grant(tx, r.GrantID())
			if err != nil || g.Started.IsZero() {
				continue // never became access
			}
			answers, there = append(answers, r.Decided.Sub(r.Created)), append(there, g.Started.Sub(r.Created))
		}
		return nil
	})
	return Pace{median(answers), median(there), len(there)}, err
}

func median(in []time.Duration) time.Duration {
	if len(in) == 0 {
		return 0
	}
	slices.Sort(in)
	return in[len(in)/2]
}
