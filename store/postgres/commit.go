package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/group"
	"latchkey/store/postgres/pipeline"
)

const (
	// groupLimit bounds how many updates share a transaction, so that the first of
	// them does not wait for ever for the last.
	groupLimit = 128
	// tries bounds how often a group is run because others stood in its way. After
	// together of them it runs while nobody else writes, so that they end.
	tries    = 20
	together = 2
	// firstRest and longestRest are how long nothing is tried after the database
	// failed.
	firstRest   = 100 * time.Millisecond
	longestRest = 5 * time.Second
)

// Update runs fn together with whatever other updates of this replica wait at the
// moment and makes them durable with one commit. fn runs again if another one of the
// group failed after it had written, or if another replica stood in its way. It must
// not call Update or Close.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.line.Do(ctx, func(t *tx) error {
		defer func() { t.over = true }()
		return fn(t)
	})
}

// writer is one who writes groups, in a session of its own.
type writer struct {
	s       *Store
	conn    *pgx.Conn
	rest    time.Duration // how long nothing is tried after the next failure
	repeats repeats
}

// write writes groups until the store is closed.
func (s *Store) write() {
	w := &writer{s: s, repeats: repeats{}}
	defer func() { w.hangUp() }()
	for {
		select {
		case c := <-s.line.First():
			w.serve(s.line.Gather(c, groupLimit))
			w.pause()
		case <-s.ctx.Done():
			return
		}
	}
}

// serve writes a group, as often as others stand in its way, and once more if something was taken
// for granted that isn't so, or an error can be anybody's.
func (w *writer) serve(all group.Group[*tx]) {
	n, wary := 0, false
	all.Serve(func(g group.Group[*tx]) (bool, error) {
		repeat, err := w.try(g, n >= together, wary)
		if err == nil || !again(err) {
			wary = wary || late(err)
			return repeat, err
		}
		if n++; n >= tries {
			return false, fmt.Errorf("%d attempts to write were refused because others wrote the same at the same time: %w (%s)", n, store.ErrConflict, brief(err))
		}
		giveWay(w.s.ctx, n)
		return true, nil
	})
}

// giveWay waits a moment, longer from time to time and never equally long, so that those
// who stood in each other's way don't do so again.
func giveWay(ctx context.Context, n int) {
	select {
	case <-time.After(time.Duration(rand.IntN(min(n, 20)*2000)) * time.Microsecond):
	case <-ctx.Done():
	}
}

// try runs those still in the group in one transaction and commits it, while nobody
// else writes if it is to be alone. again means that one of them spoiled it and the
// others have to start over.
func (w *writer) try(all group.Group[*tx], alone, wary bool) (repeat bool, err error) {
	ctx := w.s.ctx
	if err := w.begin(ctx, alone); err != nil {
		return w.undo(err, false)
	}
	b := newBatch(ctx, w.conn, wary, w.repeats)
	for _, c := range all {
		if c.Out() {
			continue
		}
		spoiled := b.take(c)
		if b.failed != nil {
			return w.undo(b.failed, spoiled)
		}
		if spoiled {
			return true, w.rollBack()
		}
	}
	if err := w.commit(ctx, b); err != nil {
		return w.undo(err, false)
	}
	w.s.wrote()
	w.rest = 0
	w.tell(b)
	return false, nil
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
	if !kept && b.writes > before {
		t.settle() // it may have failed for what was taken for granted
	}
	if b.failed != nil && (again(b.failed) || broken(b.failed) || late(b.failed)) {
		c.Leave(false) // not this call's fault: it runs again, or hears of the database
		return false
	}
	spoiled = !kept && b.writes > before || b.failed != nil
	if kept && b.failed == nil {
		b.notify(t.notices)
	}
	c.Leave(spoiled)
	return spoiled
}

// undo ends a transaction that the database has given up.
func (w *writer) undo(cause error, spoiled bool) (repeat bool, err error) {
	if w.conn == nil || w.s.ctx.Err() != nil || broken(cause) {
		w.hangUp()
		return false, w.failed(cause)
	}
	if err := w.rollBack(); err != nil {
		return false, err
	}
	if spoiled {
		return true, nil
	}
	return true, cause
}

func (w *writer) rollBack() error {
	if _, err := w.conn.Exec(w.s.ctx, "rollback"); err != nil {
		w.hangUp()
		return w.failed(err)
	}
	return nil
}

// How a transaction begins. To lock a table takes no snapshot, so what is read then is
// what those left behind who were waited for.
const (
	besideOthers = "begin; lock table latchkey_gate in row share mode"
	allAlone     = "begin; lock table latchkey_gate in exclusive mode"
)

// begin begins a transaction, in a new session if there is none.
func (w *writer) begin(ctx context.Context, alone bool) (err error) {
	sql := besideOthers
	if alone {
		sql = allAlone
	}
	for fresh := false; ; {
		if w.conn == nil {
			if w.conn, err = w.s.dial.session(ctx, writerParams()); err != nil {
				w.conn = nil
				return err
			}
			fresh = true
		}
		if _, err = w.conn.Exec(ctx, sql); err == nil || !broken(err) {
			return err
		}
		w.hangUp() // it may only have been idle for too long
		if fresh || ctx.Err() != nil {
			return err
		}
	}
}

// writerParams are what a session that writes has besides. What is written is planned once: the
// database would plan an array of one row anew each time, which takes longer than to write it.
func writerParams() map[string]string {
	return map[string]string{"default_transaction_isolation": "serializable", "plan_cache_mode": "force_generic_plan"}
}

// hangUp ends the session.
func (w *writer) hangUp() {
	hangUp(w.conn)
	w.conn = nil
}

// failed takes note of a database that can't be written to.
func (w *writer) failed(err error) error {
	w.rest = min(max(2*w.rest, firstRest), longestRest)
	return w.s.refused(err)
}

// pause waits a while after a failure. Who wants to write meanwhile stands in line.
func (w *writer) pause() {
	if w.rest == 0 {
		return
	}
	select {
	case <-time.After(w.rest):
	case <-w.s.ctx.Done():
	}
}

// errUndone: the database says that it rolled back what it was to commit.
var errUndone = errors.New("the database rolled the transaction back")

// commit commits, and has everybody hear what was to be heard.
func (w *writer) commit(ctx context.Context, b *batch) error {
	if b.writes == 0 && len(b.notices) == 0 {
		return w.rollBack()
	}
	var behind []pipeline.Question
	if topics := b.payloads(); len(topics) > 0 {
		behind = append(behind, pipeline.Question{SQL: `SELECT pg_notify($1, topic) FROM unnest($2::text[]) topic`, Args: []any{channel, topics}})
	}
	return b.to.Send(ctx, append(behind, pipeline.Question{SQL: "commit", Read: func(rows pgx.Rows) error {
		rows.Close()
		if err := rows.Err(); err != nil || rows.CommandTag().String() != "ROLLBACK" {
			return err
		}
		return errUndone
	}})...)
}

// payloads are what is sent to other replicas.
func (b *batch) payloads() []string {
	var topics []string
	for topic := range b.notices {
		topics = append(topics, payload(topic))
	}
	if b.appended {
		topics = append(topics, unsealed)
	}
	slices.Sort(topics)
	return topics
}

// tell wakes those of this process.
func (w *writer) tell(b *batch) {
	if b.appended {
		w.s.sealer.ring()
	}
	topics := map[string]bool{}
	for topic := range b.notices {
		topics[payload(topic)] = true
	}
	w.s.waiters.Wake(topics)
}
