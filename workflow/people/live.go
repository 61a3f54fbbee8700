package people

import (
	"context"
	"slices"

	"latchkey/access"
)

// live is how an answer is judged that somebody gives: of some people nothing counts that
// was asked for before the answer was there.
type live struct {
	since uint64 // the number of the last look before
	who   []access.PersonID
}

type (
	liveKey    struct{}
	arrivedKey struct{}
)

// Arrived notes the moment at which somebody does something. Whom it takes to find out who that is,
// is asked at this moment, and need not be asked again for what they do.
func (s *identities) Arrived(ctx context.Context) context.Context {
	return context.WithValue(ctx, arrivedKey{}, s.cache.begin().number)
}

// living has nothing count of some people that was asked for before the moment that
// ctx tells of, or before now.
func (s *identities) living(ctx context.Context, who ...access.PersonID) context.Context {
	since, arrived := ctx.Value(arrivedKey{}).(uint64)
	if !arrived {
		since = s.cache.begin().number
	}
	return context.WithValue(ctx, liveKey{}, live{since, who})
}

// outlived drops what was found out before about people of whom nothing that could stand
// instead of it was found out since: they may be gone, or a directory keeps silent.
func (s *identities) outlived(ctx context.Context, who ...access.PersonID) {
	for _, id := range who {
		if _, found := s.cache.person(id, asOf(ctx, id)); !found {
			s.Forget(id)
		}
	}
}

// asOf is the number of the look that has to be behind whatever counts of somebody; 0, if it
// may be any that is fresh.
func asOf(ctx context.Context, who access.PersonID) uint64 {
	if l, ok := ctx.Value(liveKey{}).(live); ok && slices.Contains(l.who, who) {
		return l.since
	}
	return 0
}

// begin begins a look at somebody.
func (s *identities) begin(ctx context.Context, who access.PersonID) look {
	l := s.cache.begin()
	l.since = asOf(ctx, who)
	return l
}
