package rest

import "sync"

// cacheLimit bounds what the client remembers. Everything in a cache can be
// asked for again, so a full one is simply emptied.
const cacheLimit = 10_000

// Cache remembers answers by key.
type Cache[V any] struct {
	mu sync.Mutex
	m  map[string]V
}

func NewCache[V any]() *Cache[V] { return &Cache[V]{m: map[string]V{}} }

func (c *Cache[V]) Get(key string) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[key]
	return v, ok
}

func (c *Cache[V]) Put(key string, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.m) >= cacheLimit {
		clear(c.m)
	}
	c.m[key] = v
}

func (c *Cache[V]) Drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.m, key)
}
