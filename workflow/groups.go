package workflow

import (
	"context"
	"sync"
	"time"

	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/idp"
)

// groups remembers groups that may be changed, so that a crowd that asks for one
// group doesn't have it looked up for each of them. Who is in a group is never
// remembered.
type groups struct {
	clock clock.Clock

	mu    sync.Mutex
	fresh map[catalog.GroupRef]freshGroup
}

type freshGroup struct {
	group idp.Group
	until time.Time
}

func newGroups(c clock.Clock) *groups {
	return &groups{clock: c, fresh: map[catalog.GroupRef]freshGroup{}}
}

// lookUp finds the group that the configuration means, or reads it where it gives
// the id.
func lookUp(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (idp.Group, error) {
	if ref.ByID {
		return d.Group(ctx, ref.Group)
	}
	return d.FindGroup(ctx, ref.Group)
}

// find looks a group up, by its id if that is known, from memory where it is
// fresh enough.
func (g *groups) find(ctx context.Context, d idp.Directory, ref catalog.GroupRef, id string) (found idp.Group, err error) {
	g.mu.Lock()
	f, ok := g.fresh[ref]
	g.mu.Unlock()
	if ok && g.clock.Now().Before(f.until) && (id == "" || id == f.group.ID) {
		return f.group, nil
	}
	if id == "" {
		found, err = lookUp(ctx, d, ref)
	} else {
		found, err = d.Group(ctx, id)
	}
	if err != nil || !found.Governable {
		return found, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fresh[ref] = freshGroup{found, g.clock.Now().Add(freshFor)}
	return found, nil
}

// forget drops a group that could not be changed: perhaps it is another one now.
func (g *groups) forget(ref catalog.GroupRef) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.fresh, ref)
}
