package store

import (
	"bytes"
	"slices"
	"sync"
)

// Cache spares transactions from decoding the same person again and again: every
// decision and every event asks who somebody is. It relies on nothing but the
// record itself, which each transaction reads: what is still the same, byte for
// byte, was decoded before. It is safe for concurrent use; its zero value is empty.
type Cache struct {
	mu    sync.Mutex
	found map[string]decoded
}

type decoded struct {
	schema int
	body   []byte
	person Known
}

// cachedAtMost is how many people it holds, before it begins anew: a company of
// 20,000 fits, at about a kilobyte each. With fewer than are met in turn it would
// hold nobody long enough to be of use.
const cachedAtMost = 25_000

// Caching is a transaction that decodes with the help of a cache, and reads each person
// once.
func Caching(tx Tx, c *Cache) Tx { return &cachingTx{Tx: tx, cache: c} }

type cachingTx struct {
	Tx
	cache *Cache
	read  []Known // of a few people, or else it isn't quicker than to read them again
}

// readAtMost is how many people a transaction remembers.
const readAtMost = 8

// person is one whom this transaction has read or stored before.
func (t *cachingTx) person(id string) (Known, bool) {
	for _, k := range t.read {
		if string(k.ID) == id {
			return own(k, k.Version), true
		}
	}
	return Known{}, false
}

func (t *cachingTx) remember(k Known) {
	if len(t.read) < readAtMost {
		t.read = append(t.read, own(k, k.Version))
	}
}

// Put implements Records.
func (t *cachingTx) Put(r Record) (uint64, error) {
	t.forget(r.Kind, r.ID)
	return t.Tx.Put(r)
}

// Delete implements Records.
func (t *cachingTx) Delete(kind, id string) error {
	t.forget(kind, id)
	return t.Tx.Delete(kind, id)
}

func (t *cachingTx) forget(kind, id string) {
	if kind == people().kind {
		t.read = slices.DeleteFunc(t.read, func(k Known) bool { return string(k.ID) == id })
	}
}

// person is a cached one, as whoever changes it may have it.
func (c *Cache) person(r Record) (Known, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, known := c.found[r.ID]
	if !known || d.schema != r.Schema || !bytes.Equal(d.body, r.Body) {
		return Known{}, false
	}
	return own(d.person, r.Version), true
}

func (c *Cache) keep(r Record, k Known) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil || len(c.found) >= cachedAtMost {
		c.found = map[string]decoded{}
	}
	c.found[r.ID] = decoded{r.Schema, r.Body, own(k, 0)}
}

func own(k Known, version uint64) Known {
	k.Version = version
	k.Bindings = slices.Clone(k.Bindings)
	return k
}
