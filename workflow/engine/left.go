package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"latchkey/store"
)

// leftAgain is how soon this process tries again what it left to another one, at the soonest.
const leftAgain = 15 * time.Second

// left are the records that are due and that this process left to a newer one.
type left struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// leave leaves something due of a record as it is to another process, which may be able to read it: whoever
// set it aside would put off what that one does. Nobody did it for some time: then it is set aside all the
// same, and a human hears of it.
func (d *dues) leave(ctx context.Context, kind, id string, cause error) error {
	var r store.Record
	err := d.units.View(ctx, func(tx store.Tx) (err error) {
		r, err = tx.Get(kind, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	d.units.newer.say("what is due of a " + kind)
	past := d.units.newer.since("due/" + dueOf(r))
	if past >= leftFor {
		return d.setAside(ctx, kind, id, cause)
	}
	d.left.leave(r, d.units.Now().Add(max(past/4, leftAgain)))
	return nil
}

// dueOf names one due time of a record.
func dueOf(r store.Record) string { return r.Kind + "/" + r.ID + "/" + r.Due.UTC().String() }

func (l *left) leave(r store.Record, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	put(&l.until, dueOf(r), until)
}

// is tells whether a record is left to others now.
func (l *left) is(r store.Record, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.until) > 0 && l.until[dueOf(r)].After(now)
}

// some is how many are left to others, at most.
func (l *left) some(now time.Time) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for id, until := range l.until {
		if !until.After(now) {
			delete(l.until, id)
		}
	}
	return len(l.until)
}
