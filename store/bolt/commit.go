package bolt

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"go.etcd.io/bbolt"

	"latchkey/store"
)

// groupLimit bounds how many updates share a transaction, so that the first of
// them does not wait for ever for the last.
const groupLimit = 1024

// call is one Update on its way through the committer. The committer decides
// whose turn it is; the function itself runs in the goroutine that called
// Update, so a panic unwinds there and never touches the committer.
type call struct {
	ctx  context.Context
	turn chan *tx      // the committer hands over the transaction; closed when all is said
	ran  chan struct{} // the caller hands it back

	out     bool  // takes no further part: cancelled, crashed, or failed after writing
	crashed bool  // panicked, so nobody waits for the outcome any more
	err     error // the outcome; written by the committer or while holding the turn
}

// Update runs fn together with whatever other updates wait at the moment and
// makes them durable with one commit. fn runs a second time if another one of
// the group failed after it had written. It must not call Update or Close.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := newCall(ctx)
	select {
	case s.calls <- c:
	case <-s.closing:
		return store.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	for t := range c.turn {
		c.run(t, fn)
	}
	return c.err
}

func newCall(ctx context.Context) *call {
	return &call{ctx: ctx, turn: make(chan *tx), ran: make(chan struct{})}
}

// run takes the turn. It gives it back even if fn panics.
func (c *call) run(t *tx, fn func(store.Tx) error) {
	c.crashed = true
	defer func() {
		t.over = true
		c.ran <- struct{}{}
	}()
	c.err = fn(t)
	c.crashed = false
}

// take lets the call run on t and reports whether it spoiled the transaction: it
// failed, and not before it had written.
func (c *call) take(b *batch) (spoiled bool) {
	if err := c.ctx.Err(); err != nil {
		c.out, c.err = true, err
		return false
	}
	before := b.writes
	t := newTx(b)
	c.turn <- t
	<-c.ran
	spoiled = (c.crashed || c.err != nil) && b.writes > before
	if !c.crashed && c.err == nil {
		b.notify(t.notices)
	}
	c.out = c.crashed || spoiled
	return spoiled
}

// quietFor is how long nobody writes before the list of free pages is kept.
const quietFor = time.Second

// commitGroups is the committer. It never waits for company: whoever has
// arrived while the last group was written forms the next. Whenever it has been
// quiet for a while, and at the end, it makes the file quick to open again.
func (s *Store) commitGroups() {
	defer close(s.stopped)
	quiet := time.NewTimer(quietFor)
	defer quiet.Stop()
	for {
		select {
		case c := <-s.calls:
			s.serve(s.gather(c))
			quiet.Reset(quietFor)
		case <-quiet.C:
			s.keepFreePages()
		case <-s.closing:
			s.keepFreePages()
			return
		}
	}
}

// keepFreePages writes the list of free pages, which spares the next Open the
// walk over all pages. If it fails, the file is as good as before, only slower
// to open.
func (s *Store) keepFreePages() {
	if s.kept || s.Trouble() != nil {
		return
	}
	s.kept, s.db.NoFreelistSync = true, false
	err := s.db.Update(func(*bbolt.Tx) error { return nil })
	s.db.NoFreelistSync = true
	if err != nil {
		s.log.Warn("the list of free pages could not be kept; the next start may take longer", "path", s.path, "error", err)
	}
}

// gather takes everybody who stands in line behind first. Those whom the last
// group has just released get a moment to come back; otherwise they would make
// up every other group, and the rest the groups between.
func (s *Store) gather(first *call) []*call {
	runtime.Gosched()
	group := []*call{first}
	for len(group) < groupLimit {
		select {
		case c := <-s.calls:
			group = append(group, c)
		default:
			return group
		}
	}
	return group
}

// serve writes a group and tells everybody how it went. What a failed call read
// may have been written by others of its group, so even failures are told only
// when those are durable.
func (s *Store) serve(group []*call) {
	again, err := true, error(nil)
	for again {
		again, err = s.try(group)
	}
	for _, c := range group {
		if err != nil && !c.out {
			c.err = err
		}
		if !c.crashed {
			close(c.turn)
		}
	}
}

// try runs those still in the group in one transaction and commits it. again
// means that one of them spoiled it and the others have to start over.
func (s *Store) try(group []*call) (again bool, err error) {
	if err := s.rests(); err != nil {
		return false, err
	}
	btx, err := s.db.Begin(true)
	if err != nil {
		return false, fmt.Errorf("can't write to the store %s: %w", s.path, err)
	}
	b := newBatch(btx, s.stretches, true)
	for _, c := range group {
		if !c.out && c.take(b) {
			return true, btx.Rollback()
		}
	}
	if b.writes == 0 {
		s.waiters.wake(b.notices)
		return false, btx.Rollback()
	}
	s.kept = false
	if err := btx.Commit(); err != nil {
		return false, s.refused(err)
	}
	s.wrote()
	s.waiters.wake(b.notices)
	if b.log.last != 0 {
		s.sealer.appended(b.log.last)
	}
	time.Sleep(s.slow)
	return false, nil
}
