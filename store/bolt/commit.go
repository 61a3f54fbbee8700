package bolt

import (
	"context"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"latchkey/store"
	"latchkey/store/group"
)

// groupLimit bounds how many updates share a transaction, so that the first of
// them does not wait for ever for the last.
const groupLimit = 1024

// Update runs fn together with whatever other updates wait at the moment and
// makes them durable with one commit. fn runs a second time if another one of
// the group failed after it had written. It must not call Update or Close.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.line.Do(ctx, inTurn(fn))
}

// inTurn is fn on a transaction that ends with it.
func inTurn(fn func(store.Tx) error) func(*tx) error {
	return func(t *tx) error {
		defer func() { t.over = true }()
		return fn(t)
	}
}

// take lets a call run on the batch and reports whether it spoiled the transaction: it
// failed, and not before it had written.
func (b *batch) take(c *group.Call[*tx]) (spoiled bool) {
	if c.Cancelled() {
		return false
	}
	before := b.writes
	t := newTx(b)
	kept := c.Take(t)
	spoiled = !kept && b.writes > before
	if kept {
		b.notify(t.notices)
	}
	c.Leave(spoiled)
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
		case c := <-s.line.First():
			s.line.Gather(c, groupLimit).Serve(s.try)
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

// try runs those still in the group in one transaction and commits it. again
// means that one of them spoiled it and the others have to start over.
func (s *Store) try(all group.Group[*tx]) (again bool, err error) {
	if err := s.rests(); err != nil {
		return false, err
	}
	btx, err := s.db.Begin(true)
	if err != nil {
		return false, fmt.Errorf("can't write to the store %s: %w", s.path, err)
	}
	b := newBatch(btx, s.stretches, true)
	for _, c := range all {
		if !c.Out() && b.take(c) {
			return true, btx.Rollback()
		}
	}
	if b.writes == 0 {
		s.waiters.Wake(b.notices)
		return false, btx.Rollback()
	}
	s.kept = false
	if err := btx.Commit(); err != nil {
		return false, s.refused(err)
	}
	s.wrote()
	s.waiters.Wake(b.notices)
	if b.log.last != 0 {
		s.sealer.appended(b.log.last)
	}
	time.Sleep(s.slow)
	return false, nil
}
