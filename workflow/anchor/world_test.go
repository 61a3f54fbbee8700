package anchor_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow/anchor"
	"latchkey/workflow/engine"
)

const log = notetest.Log

// board is what stands outside: in Jira, in Slack and in a file. Others can write there.
type board struct {
	clock  interface{ Now() time.Time }
	skew   time.Duration // of Jira's clock
	notes  []access.AnchorCopy
	slack  []access.AnchorCopy
	pinned json.RawMessage
	issues []string
	down   error // of Jira
	asked  int   // how often Jira was asked what is anchored
}

func (b *board) PostAnchor(_ context.Context, _ access.Issue, n access.AnchorNote, _ bool) (time.Time, error) {
	if b.down != nil {
		return time.Time{}, b.down
	}
	at := b.clock.Now().Add(b.skew)
	b.notes = append(b.notes, access.AnchorCopy{Where: "Jira, IT-1", At: at, Post: n.Post})
	return at, nil
}

func (b *board) PinAnchor(_ context.Context, _ access.Issue, n access.AnchorNote) error {
	b.pinned = n.Post
	return b.down
}

func (b *board) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	if b.down == nil {
		b.issues = append(b.issues, r.ID)
	}
	return access.Issue{ID: fmt.Sprint(len(b.issues)), Key: fmt.Sprint("IT-", len(b.issues))}, b.down
}

func (b *board) AnchorIssue(context.Context, string) (access.Issue, string, error) {
	return access.Issue{}, "", b.down
}

func (b *board) Anchors(context.Context, string, bool) ([]access.AnchorCopy, []string, error) {
	b.asked++
	out := slices.Clone(b.notes)
	if b.pinned != nil {
		out = append(out, access.AnchorCopy{Where: "Jira, IT-1", Draft: true, Post: b.pinned})
	}
	return out, nil, b.down
}

// channel is the IT channel of a board.
type channel struct{ b *board }

func (c channel) PostAnchor(_ context.Context, n access.AnchorNote, _ bool) (time.Time, error) {
	c.b.slack = append(c.b.slack, access.AnchorCopy{Where: "Slack, #it", At: c.b.clock.Now(), Post: n.Post})
	return c.b.clock.Now(), nil
}

func (c channel) Anchors(context.Context, bool) ([]access.AnchorCopy, []string, error) {
	return c.b.slack, nil, nil
}

// world is a Latchkey of which only what anchors works.
type world struct {
	*testing.T
	path  string
	clock *clocktest.Clock
	board *board
	keys  note.Keys
	more  anchor.Places

	replaced bool // this machine knows that the store is an older one
	waited   bool // the start has waited for what is anchored
	found    int  // how often something was found that speaks against the log
	store    store.Store
	units    *engine.Units
	room     *anchor.Service
}

func newWorld(t *testing.T, change ...func(*world)) *world {
	t.Helper()
	w := &world{T: t, path: filepath.Join(t.TempDir(), "company.db"), clock: clocktest.New(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)), keys: notetest.Keys(log)}
	w.board = &board{clock: w.clock}
	for _, c := range change {
		c(w)
	}
	w.start()
	t.Cleanup(func() { w.stop() })
	return w
}

// start opens the store and a Latchkey on it, as a process does.
func (w *world) start() {
	w.Helper()
	s, err := bolt.Open(w.path, bolt.Options{NoSync: true})
	if err != nil {
		w.Fatal(err)
	}
	w.store = s
	if err := store.BeginLogNamed(w.Context(), s, log); err != nil {
		w.Fatal(err)
	}
	err = s.Update(w.Context(), func(tx store.Tx) error {
		signing, err := store.LoadSigning(tx)
		if err != nil {
			return err
		}
		signing.Instance = max(signing.Instance+1, uint64(w.clock.Now().UnixMilli()))
		return store.PutSigning(tx, signing)
	})
	if err != nil {
		w.Fatal(err)
	}
	w.room = new(anchor.Service)
	w.units = engine.NewUnits(engine.UnitsConfig{Store: s, Clock: w.clock, Owner: "test", Frozen: w.room.Frozen})
	places := w.more
	places.Issues, places.Archive, places.Channel = w.board, w.board, channel{w.board}
	w.room.Furnish(anchor.Config{
		Units: w.units, Clock: w.clock, Sign: w.keys.Signer.Sign, Trust: func() note.Trust { return w.keys.Trust }, Places: places, Line: "@daily", Replaced: w.replaced,
		Found: func() { w.found++ },
	})
	before := w.board.asked
	if err := w.room.Begin(w.Context()); err != nil {
		w.Fatal(err)
	}
	w.waited = w.board.asked > before
	if w.room.Compared() != nil { // as Run does at once
		_ = w.room.Look(w.Context()) // it goes on looking
	}
}

func (w *world) stop() {
	if w.store != nil {
		_ = w.store.Close() // a second time it does nothing
		w.store = nil
	}
}

// happens has something happen to a request.
func (w *world) happens(request string) access.Event {
	w.Helper()
	e, err := w.tryHappen(request)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *world) tryHappen(request string) (e access.Event, err error) {
	err = w.units.Update(w.Context(), func(u *engine.Unit) error {
		e, err = u.Append(access.Event{Kind: access.EventNote, At: u.At, Request: request})
		return err
	})
	return e, err
}

// known makes a request that the store lists.
func (w *world) known(id string) {
	w.Helper()
	err := w.units.Update(w.Context(), func(u *engine.Unit) error {
		r := access.Request{ID: id, State: access.RequestPending, Created: u.At}
		return engine.Save(u, engine.Requests(), &r)
	})
	if err != nil {
		w.Fatal(err)
	}
	w.happens(id)
}

// recorded says that Jira was seen to hold an event.
func (w *world) recorded(e access.Event) {
	w.Helper()
	err := w.store.Update(w.Context(), func(tx store.Tx) error { return store.PutSeen(tx, e.About(), e.N, e.Leaf) })
	if err != nil {
		w.Fatal(err)
	}
}

// work carries out the room's tasks that are ready.
func (w *world) work() {
	w.Helper()
	for _, t := range w.tasks() {
		if t.Kind != anchor.PostTask {
			continue
		}
		done, err := w.room.Handlers()[anchor.PostTask].Do(w.Context(), t)
		if err != nil {
			w.Fatal(err)
		}
		err = w.units.Update(w.Context(), func(u *engine.Unit) error {
			if done == nil {
				return u.Tx.Done(t.ID, "")
			}
			return joined(u.Tx.Done(t.ID, ""), done(u))
		})
		if err != nil {
			w.Fatal(err)
		}
	}
}

func joined(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func (w *world) tasks() (all []store.Task) {
	w.Helper()
	err := w.store.View(w.Context(), func(tx store.Tx) (err error) {
		all, err = tx.Tasks("", 0, 1000)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// duty has a turn of one of the room's duties.
func (w *world) duty(name string) {
	w.Helper()
	for _, d := range w.room.Duties() {
		if d.Name != name {
			continue
		}
		done, err := d.Do(w.Context(), store.Task{})
		if err == nil && done != nil {
			err = w.units.Update(w.Context(), done)
		}
		if err != nil {
			w.Fatal(err)
		}
	}
}

// day lets a day pass: a note is made and posted.
func (w *world) day() {
	w.Helper()
	w.clock.Advance(24 * time.Hour)
	w.duty(anchor.Duty)
	w.work()
}

// quarantines are the causes why new access waits.
func (w *world) quarantines() (causes []string) {
	w.Helper()
	err := w.store.View(w.Context(), func(tx store.Tx) error {
		all, err := store.Quarantines(tx)
		for _, h := range all {
			causes = append(causes, h.Cause)
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return causes
}

// told is what IT was told.
func (w *world) told() string {
	w.Helper()
	var b strings.Builder
	for _, t := range w.tasks() {
		if strings.HasPrefix(t.ID, "notice/") {
			b.Write(t.Payload)
			b.WriteString("\n")
		}
	}
	return b.String()
}
