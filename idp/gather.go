package idp

import (
	"context"
	"time"
)

const (
	// gatherFor is how long a read waits for others of its look that may go with it: far less than a call
	// takes, and long enough for those who begin in the same moment.
	gatherFor = 2 * time.Millisecond
	// mostGathered is how many reads go together, so that a call that names them all stays short.
	mostGathered = 20
)

// gathering are reads of one kind that are made together.
type gathering struct {
	keys []string
	full chan struct{} // closed once it holds as many as go together
	done chan struct{}
	read any // by key; of the type that whoever began it reads
	err  error
}

// Gather reads what key names together with whatever else of its kind is asked for in the same moment
// of the same look: read gets the keys of all, and says of each what it found. What it says nothing of is
// not found, of which nothing follows: that something isn't there is for a read of that alone to say. Where
// reading several fails, each is read alone.
func Gather[T any](ctx context.Context, kind, key string, read func(keys ...string) (map[string]T, error)) (value T, found bool, err error) {
	t, _ := ctx.Value(togetherKey{}).(*together)
	if t == nil {
		return readAlone(key, read)
	}
	g, first := t.join(kind, key)
	if first {
		t.lead(ctx, kind, g, func(keys []string) (any, error) { return read(keys...) })
	} else {
		select {
		case <-g.done:
		case <-ctx.Done():
			return value, false, ctx.Err()
		}
	}
	all, same := g.read.(map[string]T)
	if !same || g.err != nil {
		if first && len(g.keys) == 1 {
			return value, false, g.err
		}
		return readAlone(key, read)
	}
	value, found = all[key]
	return value, found, nil
}

func readAlone[T any](key string, read func(keys ...string) (map[string]T, error)) (value T, found bool, err error) {
	all, err := read(key)
	value, found = all[key]
	return value, found, err
}

// join adds a key to the reads of a kind that are about to be made; first, if none were.
func (t *together) join(kind, key string) (g *gathering, first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if g = t.gathering[kind]; g == nil {
		g, first = &gathering{full: make(chan struct{}), done: make(chan struct{}), err: errBrokeOff}, true
		t.gathering[kind] = g
	}
	if g.keys = append(g.keys, key); len(g.keys) == mostGathered {
		delete(t.gathering, kind) // whoever comes next begins others
		close(g.full)
	}
	return g, first
}

// lead waits for others, and reads for all.
func (t *together) lead(ctx context.Context, kind string, g *gathering, read func([]string) (any, error)) {
	defer close(g.done)
	wait := time.NewTimer(t.window)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-g.full:
	case <-ctx.Done():
	}
	t.mu.Lock()
	if t.gathering[kind] == g {
		delete(t.gathering, kind)
	}
	keys := g.keys
	t.mu.Unlock()
	all, err := read(keys)
	g.read, g.err = all, err
}
