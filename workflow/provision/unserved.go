package provision

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// unservedPage is how many grants are looked at in one transaction.
const unservedPage = 500

// Unserved counts, by directory, the live grants in directories that are not
// configured any more: nobody can end them.
func (s *Service) Unserved(ctx context.Context) (map[string]int, error) {
	count := map[string]int{}
	for _, state := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning, access.GrantActive, access.GrantEnding, access.GrantStuck} {
		if err := s.unservedIn(ctx, state, count); err != nil {
			return nil, err
		}
	}
	return count, nil
}

func (s *Service) unservedIn(ctx context.Context, state access.GrantState, count map[string]int) error {
	for after := ""; ; {
		var page []access.Grant
		read := 0
		err := s.units.View(ctx, func(tx store.Tx) error {
			some, damage, err := store.Sound(store.GrantsIn(tx, state, after, unservedPage))
			page, read = some, len(some)+len(damage)
			for _, d := range damage {
				after = max(after, d.ID)
			}
			return err
		})
		if err != nil || read == 0 {
			return err
		}
		for _, g := range page {
			after = max(after, g.ID)
			for _, d := range s.elsewhere(g) {
				count[d]++
			}
		}
	}
}

// elsewhere are the directories of a grant that are not configured.
func (s *Service) elsewhere(g access.Grant) (ids []string) {
	seen := map[string]bool{}
	for _, ent := range g.Entitlements {
		id := ent.Group.Directory
		if _, known := s.dirs.Get(id); !known && !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	return ids
}
