package entra

import (
	"context"
	"sync"

	"latchkey/idp"
)

// sizesAtOnce is how many groups are counted at a time: Graph has no list of groups with how many are in them.
const sizesAtOnce = 8

// sizes counts the accounts of groups by Graph's own count, without listing them.
type sizes struct{ *api }

// GroupSizes implements idp.GroupSizer, with a call for each group. The count comes from an index that may trail.
func (s sizes) GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out, ids := map[string]int{}, make(chan string)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range min(sizesAtOnce, len(groupIDs)) {
		all.Go(func() {
			for id := range ids {
				n, err := s.size(ctx, id)
				if err != nil {
					cancel(err)
				}
				if n.Known {
					mu.Lock()
					out[id] = n.N
					mu.Unlock()
				}
			}
		})
	}
	for _, id := range groupIDs {
		if ctx.Err() != nil {
			break
		}
		ids <- id
	}
	close(ids)
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return out, nil
}

// size is how many accounts are in a group; unknown where Graph doesn't say it, or has no such group.
func (s sizes) size(ctx context.Context, id string) (idp.Count, error) {
	if !isID(id) {
		return idp.Count{}, nil
	}
	n, _, err := (&members{api: s.api}).counted(ctx, id)
	return n, err
}
