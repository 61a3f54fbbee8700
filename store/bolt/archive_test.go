package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/bolt"
)

// writer keeps changing records and appending events, and tells of each update.
type writer struct {
	s    store.Store
	done atomic.Int64
	stop atomic.Bool
	over chan error
}

func keepWriting(s store.Store) *writer {
	w := &writer{s: s, over: make(chan error, 1)}
	go func() {
		for i := 0; !w.stop.Load(); i++ {
			if err := w.write(i * 7); err != nil {
				w.over <- err
				return
			}
			w.done.Add(1)
		}
		w.over <- nil
	}()
	return w
}

func (w *writer) write(i int) error {
	return w.s.Update(context.Background(), func(tx store.Tx) error { return w.writeIn(tx, i) })
}

func (w *writer) writeIn(tx store.Tx, i int) error {
	r := access.Request{ID: fmt.Sprintf("AR-%08d", i%800), Requester: "P-ANN", Beneficiary: "P-ANN", App: "figma", Role: "editor", Reason: strings.Repeat("x", 300+i%900)}
	if old, err := store.Request(tx, r.ID); err == nil {
		r.Version = old.Version
	}
	e := access.Entry{ID: fmt.Sprint(i), Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.RequestSubject(r.ID), Schema: 1, Body: []byte(strings.Repeat("n", 200))}
	if _, err := tx.Append(e, store.About{Person: "P-ANN", App: "figma"}); err != nil {
		return err
	}
	return store.PutRequest(tx, &r)
}

func (w *writer) end(t *testing.T) {
	t.Helper()
	w.stop.Store(true)
	if err := <-w.over; err != nil {
		t.Fatal(err)
	}
}

// slowDisk lets some updates happen between any two pieces that are written, so that
// what is copied is old and what is not yet copied has changed.
type slowDisk struct {
	bytes.Buffer
	w *writer
}

func (d *slowDisk) Write(p []byte) (int, error) {
	for from := d.w.done.Load(); len(p) > 4096 && d.w.done.Load() < from+2 && !d.w.stop.Load(); {
		<-time.After(time.Microsecond)
	}
	return d.Buffer.Write(p)
}

// A copy that is made while others write, however long it takes and however much is
// sealed meanwhile, is a whole store: every page, every entry, every root.
func TestArchiveWhileWritingIsNeverTorn(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true, Stretch: 256})
	first := &writer{s: s}
	for i := range 1500 {
		if err := first.write(i); err != nil {
			t.Fatal(err)
		}
	}
	w := keepWriting(s)
	for round := range 6 {
		out := &slowDisk{w: w}
		before := w.done.Load()
		if err := s.Archive(context.Background(), out, time.Now()); err != nil {
			t.Fatal(err)
		}
		if w.done.Load() == before {
			t.Fatal("nobody wrote meanwhile: this tests nothing")
		}
		at := filepath.Join(t.TempDir(), fmt.Sprint("copy", round, ".db"))
		about, err := bolt.Unpack(&out.Buffer, at)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := bolt.CheckPages(at); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		copied := open(t, at, bolt.Options{NoSync: true})
		wholeChains(t, copied, about.Events)
	}
	w.end(t)
}

// wholeChains sees that every entry follows the one before it of its subject, and that
// the leaves are those of the entries.
func wholeChains(t *testing.T, s store.Store, want uint64) {
	t.Helper()
	err := s.View(context.Background(), func(tx store.Tx) error {
		all, err := tx.Entries(store.Filter{}, 0, 1_000_000)
		if err != nil || uint64(len(all)) != want {
			return fmt.Errorf("%d entries, want %d: %w", len(all), want, err)
		}
		leaves, err := tx.Leaves(0, len(all))
		if err != nil || len(leaves) != len(all) {
			return fmt.Errorf("%d leaves: %w", len(leaves), err)
		}
		ends := map[access.Subject]access.Entry{}
		for i, e := range all {
			if err := errors.Join(e.Verify(), e.Follows(ends[e.Subject].N, ends[e.Subject].Leaf)); err != nil || leaves[i] != e.Leaf {
				return fmt.Errorf("place %d: %w", e.Place, err)
			}
			ends[e.Subject] = e
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// stalled is a disk that takes nothing for a while.
type stalled struct {
	first         sync.Once
	reached, goOn chan struct{}
}

func (d *stalled) Write(p []byte) (int, error) {
	d.first.Do(func() {
		close(d.reached)
		<-d.goOn
	})
	return len(p), nil
}

// Updates wait for no copy: while one hangs in the middle, they go through.
func TestUpdatesGoThroughWhileACopyHangs(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true, Stretch: 64})
	w := &writer{s: s}
	d := &stalled{reached: make(chan struct{}), goOn: make(chan struct{})}
	copied := make(chan error, 1)
	go func() { copied <- s.Archive(context.Background(), d, time.Now()) }()
	<-d.reached
	for i := range 1000 {
		if err := w.write(i); err != nil {
			t.Fatal(err)
		}
	}
	close(d.goOn)
	if err := <-copied; err != nil {
		t.Error(err)
	}
}

// fullDisk takes so many bytes.
type fullDisk struct{ left int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(p), nil
}

// A copy that can't be written, or isn't wanted any more, says so, and a part of an
// archive, or one with a byte changed, is never taken for a whole one.
func TestHalfAnArchiveIsNone(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "latchkey.db")
	secretLog(t, path, 60)
	s := open(t, path, bolt.Options{})
	var whole bytes.Buffer
	if err := s.Archive(context.Background(), &whole, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := s.Archive(context.Background(), &fullDisk{whole.Len() / 2}, time.Now()); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("a full disk: %v", err)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Archive(gone, io.Discard, time.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it: %v", err)
	}
	unpack := func(raw []byte) error {
		at := filepath.Join(t.TempDir(), "copy.db")
		_, err := bolt.Unpack(bytes.NewReader(raw), at)
		return err
	}
	if err := unpack(whole.Bytes()); err != nil {
		t.Fatal(err)
	}
	for at := 0; at < whole.Len()-1024; at += 1 + whole.Len()/40 { // behind the list there is nothing but zeros
		if err := unpack(whole.Bytes()[:at]); !errors.Is(err, store.ErrArchive) {
			t.Errorf("cut after %d of %d bytes: %v", at, whole.Len(), err)
		}
		changed := bytes.Clone(whole.Bytes())
		changed[at] ^= 4
		if err := unpack(changed); err == nil && at%512 < 345 { // the rest of a header is padding
			t.Errorf("byte %d of %d was changed, and nobody noticed", at, whole.Len())
		}
	}
	if err := unpack([]byte(strings.Repeat("no archive at all. ", 100))); !errors.Is(err, store.ErrArchive) {
		t.Errorf("something else: %v", err)
	}
}
