package bolt

import (
	"bytes"
	"errors"
	"iter"

	"go.etcd.io/bbolt"
)

// Errors of a transaction that is used for what it is not.
var (
	errReadOnly = errors.New("store: a view can't write; use Update")
	errOver     = errors.New("store: the transaction has ended; use it inside its function only")
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
	bucketCount
)

// name is what the bucket is called in the file.
func (b bucket) name() string {
	return [...]string{
		"about", "records", "index", "due", "events", "trails", "tasks",
		"ages", "ready", "lanes", "locks", "claims", "stuck", "leases", "sealed", "logs",
	}[b]
}

// grows tells buckets that are only ever added to at the end; their pages are
// filled to the brim.
func (b bucket) grows() bool { return b == events || b == ages }

// batch is what the updates of one group share: a transaction of bbolt.
type batch struct {
	btx       *bbolt.Tx
	stretches *stretches
	writable  bool
	opened    [bucketCount]*bbolt.Bucket
	cursors   [bucketCount]*bbolt.Cursor // of get
	writes    int                        // how many times something was changed
	last      uint64                     // the last place that was given, once somebody asked
	log       namedLog                   // the one that was named last
	notices   map[string]bool            // topics to wake once it is committed
}

// tx is a batch for the duration of one function. It implements store.Tx.
type tx struct {
	*batch
	over    bool
	notices []string // of this function
}

func (t *tx) mayRead() error {
	if t.over {
		return errOver
	}
	return nil
}

func (t *tx) mayWrite() error {
	if !t.writable {
		return errReadOnly
	}
	return t.mayRead()
}

func (b *batch) in(which bucket) *bbolt.Bucket {
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
func (b *batch) get(which bucket, key []byte) []byte {
	if b.cursors[which] == nil {
		b.cursors[which] = b.in(which).Cursor()
	}
	if k, v := b.cursors[which].Seek(key); bytes.Equal(k, key) {
		return v
	}
	return nil
}

func (b *batch) put(which bucket, key, value []byte) error {
	b.writes++
	return b.in(which).Put(key, value)
}

func (b *batch) drop(which bucket, key []byte) error {
	b.writes++
	return b.in(which).Delete(key)
}

// scan walks the keys that begin with prefix, in order, from the first that is
// not below from. The bucket must not be changed meanwhile.
func (b *batch) scan(which bucket, prefix, from []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		cursor := b.in(which).Cursor()
		for k, v := cursor.Seek(from); bytes.HasPrefix(k, prefix) && k != nil; k, v = cursor.Next() {
			if !yield(k, v) {
				return
			}
		}
	}
}

// Notify implements store.Tx.
func (t *tx) Notify(topics ...string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	t.notices = append(t.notices, topics...)
	return nil
}

// notify keeps what a function that succeeded wants to be heard.
func (b *batch) notify(topics []string) {
	if b.notices == nil {
		b.notices = map[string]bool{}
	}
	for _, topic := range topics {
		b.notices[topic] = true
	}
}
