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
	found map[string]*decoded
}

// decoded is a record as it was read. It is shared, so nobody changes it.
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
	read  []readOnce // a few people: to search among many isn't quicker than to read them again
	log   string     // its name, if that was read
}

// readOnce is somebody whom a transaction has read.
type readOnce struct {
	*decoded
	version uint64
}

// readAtMost is how many people a transaction remembers.
const readAtMost = 8

// person is one whom this transaction has read or stored before.
func (t *cachingTx) person(id string) (Known, bool) {
	for _, one := range t.read {
		if string(one.person.ID) == id {
			return own(one.person, one.version), true
		}
	}
	return Known{}, false
}

// recall is somebody whose record was decoded before.
func (t *cachingTx) recall(r Record) (Known, bool) {
	d, cached := t.cache.person(r)
	if !cached {
		return Known{}, false
	}
	t.remember(d, r.Version)
	return own(d.person, r.Version), true
}

// retain keeps somebody whose record was decoded or stored.
func (t *cachingTx) retain(r Record, k Known) { t.remember(t.cache.keep(r, k), k.Version) }

func (t *cachingTx) remember(d *decoded, version uint64) {
	if len(t.read) < readAtMost {
		t.read = append(t.read, readOnce{d, version})
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
	switch kind {
	case nameKind:
		t.log = ""
	case people().kind:
		t.read = slices.DeleteFunc(t.read, func(one readOnce) bool { return string(one.person.ID) == id })
	}
}

// person is a cached one, if the record is still the same.
func (c *Cache) person(r Record) (*decoded, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d, known := c.found[r.ID]
	return d, known && d.schema == r.Schema && bytes.Equal(d.body, r.Body)
}

func (c *Cache) keep(r Record, k Known) *decoded {
	d := &decoded{r.Schema, r.Body, own(k, 0)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.found == nil || len(c.found) >= cachedAtMost {
		c.found = map[string]*decoded{}
	}
	c.found[r.ID] = d
	return d
}

// own is somebody as whoever changes them may have them.
func own(k Known, version uint64) Known {
	k.Version = version
	k.Bindings = slices.Clone(k.Bindings)
	return k
}
