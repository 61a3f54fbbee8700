package reclaim

import (
	"context"
	"time"

	"latchkey/idp"
)

// listings keep which applications the groups of directories are assigned to, for as long as a reading serves for more than one
// end: it takes a call for each application, and what a turn, IT and the ends of several questions need is the same.
type listings struct {
	turn chan struct{} // holds one: who reads
	last map[string]listing
}

// listing is what was read of one directory.
type listing struct {
	at     time.Time
	groups map[string][]string // applications, by group
}

func newListings() *listings {
	return &listings{turn: make(chan struct{}, 1), last: map[string]listing{}}
}

// of is what a directory's groups are assigned to, as of less than a minute ago. Those who need it meanwhile wait for one reading.
func (l *listings) of(ctx context.Context, d idp.Directory, lister idp.AppLister, now func() time.Time) (map[string][]string, error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	began := now()
	if known, read := l.last[d.ID()]; read && began.Sub(known.at) >= 0 && began.Sub(known.at) < readFor {
		return known.groups, nil
	}
	groups, err := listed(ctx, lister)
	if err != nil {
		return nil, err
	}
	l.last[d.ID()] = listing{began, groups}
	return groups, nil
}
