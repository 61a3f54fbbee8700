package jira

import "sync"

// cacheLimit bounds what the client remembers. Everything in a cache can be
// asked for again, so a full one is simply emptied.
const cacheLimit = 10_000

// cache remembers answers by key.
type cache[V any] struct {
	mu sync.Mutex
	m  map[string]V
}

func newCache[V any]() *cache[V] { return &cache[V]{m: map[string]V{}} }

func (c *cache[V]) get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[key]
	return v, ok
}

func (c *cache[V]) put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= cacheLimit {
		clear(c.m)
	}
	c.m[key] = v
}

func (c *cache[V]) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.m, key)
}
