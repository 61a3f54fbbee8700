package provision

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/query"
)

// Unserved counts, by directory, the live grants in directories that are not
// configured any more: nobody can end them. What can't be read back is shown elsewhere.
func (s *Service) Unserved(ctx context.Context) (map[string]int, error) {
	count := map[string]int{}
	for _, state := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantActive, access.GrantEnding, access.GrantStuck} {
		err := s.units.View(ctx, func(tx store.Tx) error {
			read := func(after string, limit int) ([]access.Grant, error) { return store.GrantsIn(tx, state, after, limit) }
			_, _, err := store.Sound[access.Grant](nil, query.Each(read, query.GrantID, func(g access.Grant) {
				for _, d := range s.unconfigured(g) {
					count[d]++
				}
			}))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return count, nil
}

// unconfigured are the directories of a grant that are not configured.
func (s *Service) unconfigured(g access.Grant) (ids []string) {
	seen := map[string]bool{}
	for _, ent := range g.Entitlements {
		id := ent.Group.Directory
		if _, known := s.dirs.Get(id); !known && !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	return ids
}
