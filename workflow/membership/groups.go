package membership

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
	now   func() time.Time
	meant *people.Groups

	mu    sync.Mutex
	fresh map[catalog.GroupRef]freshGroup
	under map[catalog.GroupRef]chan struct{} // that are being looked up
}

type freshGroup struct {
	group idp.Group
	until time.Time
}

func newGroups(now func() time.Time, meant *people.Groups) *groups {
	return &groups{now: now, meant: meant, fresh: map[catalog.GroupRef]freshGroup{}, under: map[catalog.GroupRef]chan struct{}{}}
}

// find looks a group up, by its id if that is known, from the cache where it is fresh
// enough.
func (g *groups) find(ctx context.Context, d idp.Directory, ref catalog.GroupRef, id string) (found idp.Group, err error) {
	f, ok, done := g.begin(ctx, ref)
	defer done()
	if ok && g.now().Before(f.until) && (id == "" || id == f.group.ID) {
		return f.group, nil
	}
	if id == "" {
		found, err = g.meant.Find(ctx, d, ref)
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

// begin is what is remembered of a group, when nobody else looks it up any more; done is to be
// called when whoever asks doesn't either.
func (g *groups) begin(ctx context.Context, ref catalog.GroupRef) (f freshGroup, ok bool, done func()) {
	g.mu.Lock()
	if other := g.under[ref]; other != nil {
		g.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
		}
		g.mu.Lock()
	}
	defer g.mu.Unlock()
	f, ok = g.fresh[ref]
	if g.under[ref] != nil {
		return f, ok, func() {}
	}
	mine := make(chan struct{})
	g.under[ref] = mine
	return f, ok, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.under, ref)
		close(mine)
	}
}

// forget drops a group that could not be changed: perhaps it is another one now.
func (g *groups) forget(ref catalog.GroupRef) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.fresh, ref)
}
