package engine

import (
	"errors"
	"time"

	"latchkey/store"
)

// claimedAtOnce is how many claims are looked at in a page.
const claimedAtOnce = 500

// adrift frees the claims of this process that stand in the store and that nobody here carries
// out: the answer that they were made was lost, or an attempt that failed could not be put back.
// Left alone they would run out after minutes, while others see that their owner is there. It
// is to be asked inside the transaction of a claim, as fresh is.
func (q *queue) adrift(tx store.Tx, owner string, now time.Time) error {
	for after := uint64(0); ; {
		page, err := tx.Tasks(store.Claimed, after, claimedAtOnce)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].Seq
		for _, t := range page {
			if t.Queue != q.name || t.Owner != owner || q.sees(t.Seq) {
				continue
			}
			t.State, t.NotBefore = store.Ready, now
			if err := tx.Requeue(t); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
	}
}

// doubt takes note that there may be claims of this process that nobody carries out.
func (q *queue) doubt() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.doubts = true
}

// unsure tells whether there may be. Who asks sees to it, or doubts again.
func (q *queue) unsure() (doubts bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	doubts, q.doubts = q.doubts, false
	return doubts
}

// sees tells whether this process sees to a task.
func (q *queue) sees(seq uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running[seq] || q.failing[seq] > 0
}

// fails takes note that a task that failed is put back, until it was. It may be claimed again
// before that is known here.
func (q *queue) fails(seq uint64) (putBack func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failing[seq]++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.failing[seq]--; q.failing[seq] == 0 {
			delete(q.failing, seq)
		}
	}
}
