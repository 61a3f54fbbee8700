package bolt

import (
	"bytes"
	"iter"

	"go.etcd.io/bbolt"

	"latchkey/store"
)

// bucket names one sorted map of the file.
type bucket uint8

const (
	about   bucket = iota // what the file is
	records               // kind, id → record
	index                 // kind, index key, id
	due                   // kind, time, id
	events                // place → entry
	trails                // subject, number in its chain → place and leaf; person or app, place
	tasks                 // id → task
	ages                  // seq → id: every task, oldest first
	ready                 // queue, priority, time, seq → id and lock: what may be claimed
	lanes                 // lane, seq → id: every task with a lane
	locks                 // lock → id of the claimed task that holds it
	claims                // until, seq → queue and id
	stuck                 // seq → id
	leases                // name → owner and until
	sealed                // last place of a stretch → first place and root
	logs                  // number → name of a log
	erased                // place of an entry whose private part was erased, until no file has it any more
	zeros                 // number → nothing but zeros, over what was erased: see shred.go
	bucketCount
)

// name is what the bucket is called in the file.
func (b bucket) name() string {
	return [...]string{
		"about", "records", "index", "due", "events", "trails", "tasks",
		"ages", "ready", "lanes", "locks", "claims", "stuck", "leases", "sealed", "logs", "erased", "zeros",
	}[b]
}

// grows tells buckets that are only ever added to at the end; their pages are
// filled to the brim.
func (b bucket) grows() bool { return b == events || b == ages }

// buckets are the sorted maps of the file within one transaction of bbolt.
type buckets struct {
	btx     *bbolt.Tx
	opened  [bucketCount]*bbolt.Bucket
	cursors [bucketCount]*bbolt.Cursor // at rest: whoever looks for something takes one and gives it back
	writes  int                        // how many times something was changed
}

func (b *buckets) in(which bucket) *bbolt.Bucket {
	if b.opened[which] == nil {
		b.opened[which] = b.btx.Bucket([]byte(which.name()))
		if which.grows() {
			b.opened[which].FillPercent = 0.95
		}
	}
	return b.opened[which]
}

// get returns what is stored under key, nil if nothing is. The bytes are the
// file's own: copy what outlives the transaction.
func (b *buckets) get(which bucket, key []byte) []byte {
	cursor := b.take(which)
	defer b.give(which, cursor)
	if k, v := cursor.Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

// take is a cursor of a bucket, which stands anywhere. A new one costs several allocations.
func (b *buckets) take(which bucket) *bbolt.Cursor {
	cursor := b.cursors[which]
	if cursor == nil {
		return b.in(which).Cursor()
	}
	b.cursors[which] = nil
	return cursor
}

// give leaves a cursor to whoever looks for something next.
func (b *buckets) give(which bucket, cursor *bbolt.Cursor) {
	if cursor.Bucket() == b.opened[which] {
		b.cursors[which] = cursor
	}
}

// has tells whether anything is stored under key.
func (b *buckets) has(which bucket, key []byte) bool {
	cursor := b.take(which)
	defer b.give(which, cursor)
	k, _ := cursor.Seek(key)
	return bytes.Equal(k, key) && k != nil
}

// empty drops all that is in a bucket.
func (b *buckets) empty(which bucket) error {
	b.writes++
	b.opened[which], b.cursors[which] = nil, nil
	if err := b.btx.DeleteBucket([]byte(which.name())); err != nil {
		return err
	}
	_, err := b.btx.CreateBucket([]byte(which.name()))
	return err
}

func (b *buckets) put(which bucket, key, value []byte) error {
	b.writes++
	return b.in(which).Put(key, value)
}

func (b *buckets) drop(which bucket, key []byte) error {
	b.writes++
	return b.in(which).Delete(key)
}

// scan walks the keys that begin with prefix, in order, from the first that is
// not below from. The bucket must not be changed meanwhile.
func (b *buckets) scan(which bucket, prefix, from []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		cursor := b.take(which)
		defer b.give(which, cursor)
		for k, v := cursor.Seek(from); bytes.HasPrefix(k, prefix) && k != nil; k, v = cursor.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

// handle is the buckets for the duration of one function. Each noun's part of the
// store works through it.
type handle struct {
	*buckets
	writable bool
	over     bool // the function has returned
}

func (h *handle) mayRead() error {
	if h.over {
		return store.ErrOver
	}
	return nil
}

func (h *handle) mayWrite() error {
	if !h.writable {
		return store.ErrReadOnly
	}
	return h.mayRead()
}
