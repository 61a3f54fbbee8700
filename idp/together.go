package idp

import (
	"context"
	"errors"
	"sync"
	"time"
)

type togetherKey struct{}

// together are the reads of one look: what one person did, for example.
type together struct {
	mu        sync.Mutex
	reads     map[string]*sharedRead
	gathering map[string]*gathering // by kind: what is about to be read
	window    time.Duration         // how long a read waits for others that may go with it
}

// sharedRead is one read, for all who ask for it.
type sharedRead struct {
	done  chan struct{}
	value any
	err   error
}

// errBrokeOff is what a read comes to that ends without an answer.
var errBrokeOff = errors.New("the read broke off")

// Together has nothing read twice with the context: all that is asked with it belongs to one look.
func Together(ctx context.Context) context.Context { return TogetherFor(ctx, gatherFor) }

// TogetherFor is Together where a read waits for so long for others that may go with it. Longer than a moment is for who
// has to see that they do, however slow the machine is.
func TogetherFor(ctx context.Context, window time.Duration) context.Context {
	if t, _ := ctx.Value(togetherKey{}).(*together); t != nil {
		return ctx
	}
	return context.WithValue(ctx, togetherKey{}, &together{reads: map[string]*sharedRead{}, gathering: map[string]*gathering{}, window: window})
}

// Apart has everything read anew: what was read may have changed meanwhile.
func Apart(ctx context.Context) context.Context {
	return context.WithValue(ctx, togetherKey{}, (*together)(nil))
}

// Joining has what is asked with one context belong to the look of another.
func Joining(ctx, look context.Context) context.Context {
	t, _ := look.Value(togetherKey{}).(*together)
	return context.WithValue(ctx, togetherKey{}, t)
}

// Once reads something that key names, once for all who ask for it in the same look. A read that
// failed is made again by each: others have more time, or another right.
func Once[T any](ctx context.Context, key string, read func() (T, error)) (T, error) {
	t, _ := ctx.Value(togetherKey{}).(*together)
	if t == nil {
		return read()
	}
	t.mu.Lock()
	r, begun := t.reads[key]
	if !begun {
		r = &sharedRead{done: make(chan struct{}), err: errBrokeOff}
		t.reads[key] = r
	}
	t.mu.Unlock()
	if !begun {
		defer close(r.done)
		value, err := read()
		r.value, r.err = value, err
		return value, err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	if value, same := r.value.(T); same && r.err == nil {
		return value, nil
	}
	return read()
}

type withoutManagersKey struct{}

// WithoutManagers says that nobody needs to know who is whose manager: a directory may leave that
// out of what it tells of people with the context. Then it says nothing of it, which is not that
// somebody has none.
func WithoutManagers(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutManagersKey{}, true)
}

// WithManagers is for whoever needs to know it all the same.
func WithManagers(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutManagersKey{}, false)
}

// LeavesManagersOut tells whether nobody needs to know.
func LeavesManagersOut(ctx context.Context) bool {
	out, _ := ctx.Value(withoutManagersKey{}).(bool)
	return out
}

type likelyManagerKey struct{}

// WithLikelyManager says which account was that of the manager of whoever is looked up, when they
// were looked up last. A directory may look at it beside theirs; what it says of them decides.
func WithLikelyManager(ctx context.Context, account string) context.Context {
	return context.WithValue(ctx, likelyManagerKey{}, account)
}

// LikelyManager is that account; "" for none.
func LikelyManager(ctx context.Context) string {
	account, _ := ctx.Value(likelyManagerKey{}).(string)
	return account
}
