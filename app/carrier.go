package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"latchkey/evidence"
	"latchkey/store"
	"latchkey/store/bolt"
)

// carrier is how a store that is files gets into a backup and out of it.
type carrier struct {
	unpack  func(r io.Reader, path string) (store.Archived, error)
	check   func(path string) error                       // every page of it
	open    func(path string) (store.Store, error)        // as it is unpacked
	install func(from, path, aside string) (failed error) // in the place of another
	inUse   func(path string) bool
}

func boltCarrier() carrier {
	return carrier{
		unpack: bolt.Unpack, check: bolt.CheckPages, install: bolt.Install, inUse: bolt.InUse,
		open: func(path string) (store.Store, error) { return bolt.Open(path, bolt.Options{}) },
	}
}

// unpackFrom makes the store at path from a backup.
func (c carrier) unpackFrom(file, path string) (about store.Archived, err error) {
	f, err := os.Open(file)
	if err != nil {
		return about, err
	}
	about, err = c.unpack(f, path)
	return about, errors.Join(err, f.Close())
}

// Inspected is what was found in a copy of a store that was opened and read from
// beginning to end.
type Inspected struct {
	Events    int       `json:"events"`
	Log       string    `json:"log,omitempty"`
	Root      string    `json:"root,omitempty"`
	HeadEvent string    `json:"head_event,omitempty"`
	HeadAt    time.Time `json:"head_at,omitzero"`
	Head      string    `json:"head,omitempty"`   // leaf of the last event
	Broken    string    `json:"broken,omitempty"` // the first fault of the log itself; empty if there is none
}

// inspect reads a copy: its pages, and every event of its log. then, if there is
// one, is done with the open store.
func (c carrier) inspect(ctx context.Context, path string, about store.Archived, then func(store.Store) error) (found Inspected, err error) {
	if err := c.check(path); err != nil {
		return found, err
	}
	s, err := c.open(path)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	v, err := evidence.Verify(ctx, s)
	if err != nil {
		return found, err
	}
	found = Inspected{Events: v.Events, Log: v.Log, Root: v.Root, HeadEvent: v.HeadEvent, HeadAt: v.HeadAt, Head: v.Head, Broken: v.Broken}
	if v.Whole() && uint64(v.Events) != about.Events {
		return found, fmt.Errorf("it says that it holds %d events and holds %d: %w", about.Events, v.Events, store.ErrArchive)
	}
	if then != nil {
		err = then(s)
	}
	return found, err
}

// archive writes the copy of a store.
func archive(ctx context.Context, s store.Store, w io.Writer, at time.Time) error {
	a, ok := s.(store.Archiver)
	if !ok {
		return errors.New("this store can't be copied by latchkey: use its own tools")
	}
	return a.Archive(ctx, w, at)
}
