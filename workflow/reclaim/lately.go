package reclaim

import (
	"context"
	"maps"
	"sync"
	"time"
)

// readFor is for how long a reading serves for more than one end.
const readFor = time.Minute

// lately keep what was read of directories for as long as a reading serves for more than one end: what a turn, IT and the ends
// of several questions need is the same, and it takes many calls. The zero value is ready to use.
type lately[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]*reading[V]
}

// reading is what was read under one key.
type reading[V any] struct {
	turn chan struct{} // holds one: who reads
	over time.Time     // when it was read to its end; zero: it wasn't yet
	is   V
}

// of is what was read less than a minute ago. Those who need it meanwhile wait for one reading; what failed is tried again by each.
func (l *lately[K, V]) of(ctx context.Context, now func() time.Time, key K, read func(context.Context) (V, error)) (out V, err error) {
	r := l.at(key, now())
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return out, ctx.Err()
	}
	if l.fresh(r, now()) {
		return r.is, nil
	}
	if out, err = read(ctx); err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		r.is, r.over = out, now()
	}
	return out, err
}

// at is the reading under a key. What is too old to serve is forgotten, but for what is being read.
func (l *lately[K, V]) at(key K, now time.Time) *reading[V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.kept, func(other K, r *reading[V]) bool {
		return other != key && len(r.turn) == 0 && !r.serves(now)
	})
	if l.kept == nil {
		l.kept = map[K]*reading[V]{}
	}
	if l.kept[key] == nil {
		l.kept[key] = &reading[V]{turn: make(chan struct{}, 1)}
	}
	return l.kept[key]
}

func (l *lately[K, V]) fresh(r *reading[V], now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return r.serves(now)
}

// serves tells whether it is less than a minute old. A clock that was set back says nothing.
func (r *reading[V]) serves(now time.Time) bool {
	age := now.Sub(r.over)
	return !r.over.IsZero() && age >= 0 && age < readFor
}
