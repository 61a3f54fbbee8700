package provision

import (
	"context"
	"sync"
	"time"

	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// freshFor is how long an answer about a group is used without asking again.
const freshFor = time.Minute

// groups remembers groups that may be changed, so that a crowd that asks for one
// group doesn't have it looked up for each of them. Who is in a group is never
// remembered.
type groups struct {
	now func() time.Time

	mu    sync.Mutex
	fresh map[catalog.GroupRef]freshGroup
}

type freshGroup struct {
	group idp.Group
	until time.Time
}

func newGroups(now func() time.Time) *groups {
	return &groups{now: now, fresh: map[catalog.GroupRef]freshGroup{}}
}

// find looks a group up, by its id if that is known, from the cache where it is fresh
// enough.
func (g *groups) find(ctx context.Context, d idp.Directory, ref catalog.GroupRef, id string) (found idp.Group, err error) {
	g.mu.Lock()
	f, ok := g.fresh[ref]
	g.mu.Unlock()
	if ok && g.now().Before(f.until) && (id == "" || id == f.group.ID) {
		return f.group, nil
	}
	if id == "" {
		found, err = people.FindGroup(ctx, d, ref)
	} else {
		found, err = d.Group(ctx, id)
	}
	if err != nil || !found.Governable {
		return found, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fresh[ref] = freshGroup{found, g.now().Add(freshFor)}
	return found, nil
}

// forget drops a group that could not be changed: perhaps it is another one now.
func (g *groups) forget(ref catalog.GroupRef) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.fresh, ref)
}
