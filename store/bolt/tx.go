package bolt

import "go.etcd.io/bbolt"

// batch is what the updates of one group share: a transaction of bbolt, and what
// was found out about the log in it.
type batch struct {
	buckets
	log      logState
	writable bool
	notices  map[string]bool // topics to wake once it is committed
}

func newBatch(btx *bbolt.Tx, s *stretches, writable bool) *batch {
	return &batch{buckets: buckets{btx: btx}, log: logState{stretches: s}, writable: writable}
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

// tx is a batch for the duration of one function. It implements store.Tx: each
// part of that contract is a part here, and they share nothing but the handle.
type tx struct {
	handle
	recordTable
	eventLog
	taskQueue
	leaseTable
	notices []string // of this function
}

func newTx(b *batch) *tx {
	t := &tx{handle: handle{buckets: &b.buckets, writable: b.writable}}
	t.recordTable = recordTable{&t.handle}
	t.eventLog = eventLog{&t.handle, &b.log}
	t.taskQueue = taskQueue{&t.handle}
	t.leaseTable = leaseTable{&t.handle}
	return t
}

// Notify implements store.Tx.
func (t *tx) Notify(topics ...string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	t.notices = append(t.notices, topics...)
	return nil
}
