package snapshot

import (
	"context"
	"sync"

	"latchkey/store"
)

// behind does one thing at a time, while whoever hands it over goes on. After an error
// nothing more is done.
type behind struct {
	done chan struct{} // nil: nothing was handed over
	err  error         // to be read once it is done
}

// wait waits for what was handed over last.
func (b *behind) wait() error {
	if b.done != nil {
		<-b.done
	}
	return b.err
}

// do does something, after what was handed over before.
func (b *behind) do(this func() error) {
	if b.wait() != nil {
		return
	}
	done := make(chan struct{})
	b.done = done
	go func() {
		defer close(done)
		b.err = this()
	}()
}

// waitingAtMost is how many pages wait to be made durable before whoever adds more has to
// wait, too. So many, and a few more, are written in one transaction at the most: nobody
// else who writes waits for long.
const waitingAtMost = 32

// queue makes pages durable in the order in which they come. It never waits for company:
// whatever has come while the last ones were written is written next, so that a directory
// that takes its time has each of its groups durable at once, and a fast one many together.
type queue struct {
	commit func(context.Context, []store.Record) error

	mu      sync.Mutex
	rest    chan struct{} // closed when all is written; nil: it is
	more    chan struct{} // closed when there is room
	ctx     context.Context
	waiting []store.Record
	err     error // of the first commit that failed: nothing is written any more
}

// add has pages written. It waits while there are too many.
func (q *queue) add(ctx context.Context, pages []store.Record) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) >= waitingAtMost && q.err == nil {
		room := q.more
		q.mu.Unlock()
		<-room
		q.mu.Lock()
	}
	if q.err != nil || len(pages) == 0 {
		return q.err
	}
	q.waiting, q.ctx = append(q.waiting, pages...), ctx
	if q.rest == nil {
		q.rest, q.more = make(chan struct{}), make(chan struct{})
		go q.write(q.rest)
	}
	return nil
}

// write writes until nothing waits.
func (q *queue) write(rest chan struct{}) {
	defer close(rest)
	for {
		ctx, pages := q.take()
		if len(pages) == 0 {
			return
		}
		if err := q.commit(ctx, pages); err != nil {
			q.fail(err)
			return
		}
	}
}

// take takes all that waits.
func (q *queue) take() (context.Context, []store.Record) {
	q.mu.Lock()
	defer q.mu.Unlock()
	pages := q.waiting
	q.waiting = nil
	close(q.more)
	if q.more = make(chan struct{}); len(pages) == 0 {
		q.rest = nil
	}
	return q.ctx, pages
}

func (q *queue) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.err, q.waiting, q.rest = err, nil, nil
	close(q.more)
}

// wait waits until all is written.
func (q *queue) wait() error {
	q.mu.Lock()
	rest := q.rest
	q.mu.Unlock()
	if rest != nil {
		<-rest
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.err
}
