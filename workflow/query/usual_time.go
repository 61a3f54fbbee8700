package query

import (
	"context"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Pace is how long access usually takes.
type Pace struct {
	There time.Duration // median from asking to the access being there
	Of    int           // how many requests that is from
}

// Known tells whether there were enough requests to say what is usual.
func (p Pace) Known() bool { return p.Of >= enoughForPace }

// Paces are those of an app: of all its roles together, and of each.
type Paces struct {
	App   Pace
	Roles map[string]Pace
}

const (
	paceOf        = 200 // requests of an app are looked at
	enoughForPace = 10
	paceFor       = 5 * time.Minute // is believed
)

// paces are those that were counted lately, by app.
type paces struct {
	mu    sync.Mutex
	until time.Time
	apps  map[string]Paces
}

// Pace is taken from requests for the app that became access, but for emergencies, which
// wait for nobody.
func (s *Service) Pace(ctx context.Context, app string) (Paces, error) {
	s.paces.mu.Lock()
	defer s.paces.mu.Unlock()
	if now := s.units.Now(); !now.Before(s.paces.until) {
		s.paces.until, s.paces.apps = now.Add(paceFor), map[string]Paces{}
	}
	if known, ok := s.paces.apps[app]; ok {
		return known, nil
	}
	found, err := s.countPace(ctx, app)
	if err == nil {
		s.paces.apps[app] = found
	}
	return found, err
}

func (s *Service) countPace(ctx context.Context, app string) (Paces, error) {
	var all []time.Duration
	roles := map[string][]time.Duration{}
	err := s.units.View(ctx, func(tx store.Tx) error {
		requests, _, err := store.Sound(store.RequestsOn(tx, app, "", paceOf))
		if err != nil {
			return err
		}
		for _, r := range requests {
			if took, ok := tookFor(tx, r); ok {
				all, roles[r.Role] = append(all, took), append(roles[r.Role], took)
			}
		}
		return nil
	})
	out := Paces{App: paceIn(all), Roles: map[string]Pace{}}
	for role, took := range roles {
		out.Roles[role] = paceIn(took)
	}
	return out, err
}

// tookFor is how long a request took to become access, if it did.
func tookFor(tx store.Tx, r access.Request) (time.Duration, bool) {
	if r.BreakGlass {
		return 0, false
	}
	g, err := store.Grant(tx, r.GrantID())
	if err != nil || g.Started.IsZero() {
		return 0, false // it never did, or can't be read back: what is usual is known without it
	}
	return g.Started.Sub(r.Created), true
}

func paceIn(took []time.Duration) Pace {
	if len(took) == 0 {
		return Pace{}
	}
	slices.Sort(took)
	return Pace{took[len(took)/2], len(took)}
}
