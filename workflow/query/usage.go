package query

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// usageFor is how long a count of who uses what is believed.
const usageFor = 5 * time.Minute

// usage counts which apps a department holds.
type usage struct {
	mu    sync.Mutex
	until time.Time
	apps  map[string][]string // by department, folded: app ids, the most held first
}

// UsedBy are the apps people of a department hold, the most held first.
func (s *Service) UsedBy(ctx context.Context, department string) ([]string, error) {
	s.usage.mu.Lock()
	defer s.usage.mu.Unlock()
	now := s.units.Now()
	if !now.Before(s.usage.until) {
		apps, err := s.countUsage(ctx)
		if err != nil {
			return nil, err
		}
		s.usage.apps, s.usage.until = apps, now.Add(usageFor)
	}
	return s.usage.apps[fold(department)], nil
}

func fold(department string) string { return catalog.Fold(department) }

func (s *Service) countUsage(ctx context.Context) (map[string][]string, error) {
	counts := map[string]map[string]int{}
	err := s.units.View(ctx, func(tx store.Tx) error {
		at, err := departments(tx)
		if err != nil {
			return err
		}
		return eachActive(tx, func(g access.Grant) {
			if d := at[g.Person]; d != "" {
				if counts[d] == nil {
					counts[d] = map[string]int{}
				}
				counts[d][g.App]++
			}
		})
	})
	out := map[string][]string{}
	for d, apps := range counts {
		for app := range apps {
			out[d] = append(out[d], app)
		}
		slices.SortFunc(out[d], func(a, b string) int { return cmp.Or(apps[b]-apps[a], cmp.Compare(a, b)) })
	}
	return out, err
}

// departments are where people work. Who can't be read back counts for none: it is a
// matter of order in a list, and what is damaged is said elsewhere (Stuck).
func departments(tx store.Tx) (map[access.PersonID]string, error) {
	out := map[access.PersonID]string{}
	_, _, err := store.Sound[store.Known](nil, Each(func(after string, limit int) ([]store.Known, error) {
		return store.AllPeople(tx, after, limit)
	}, func(p store.Known) string { return string(p.ID) }, func(p store.Known) { out[p.ID] = fold(p.Department) }))
	return out, err
}

func eachActive(tx store.Tx, do func(access.Grant)) error {
	_, _, err := store.Sound[access.Grant](nil, Each(func(after string, limit int) ([]access.Grant, error) {
		return store.GrantsIn(tx, access.GrantActive, after, limit)
	}, GrantID, do))
	return err
}
