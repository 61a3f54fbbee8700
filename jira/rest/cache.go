package rest

import "sync"

// cacheLimit is how many entries a cache keeps. Everything in a cache can be
// asked for again, so a full one is simply emptied.
const cacheLimit = 10_000

// Cache remembers by key what Jira answered or was sent. It is safe for
// concurrent use.
type Cache[V any] struct {
	mu sync.Mutex
	m  map[string]V
}

// NewCache makes an empty cache.
func NewCache[V any]() *Cache[V] { return &Cache[V]{m: map[string]V{}} }

// Get is what is remembered; false when nothing is.
func (c *Cache[V]) Get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[key]
	return v, ok
}

// Put remembers a value.
func (c *Cache[V]) Put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= cacheLimit {
		clear(c.m)
	}
	c.m[key] = v
}

// Drop forgets a value.
func (c *Cache[V]) Drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.m, key)
}
