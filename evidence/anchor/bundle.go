package anchor

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/store"
)

// A bundle is a log and what is anchored of it in one file, so that somebody who has
// nothing else of Latchkey's can check it: a line of JSON for each part.
//
//	{"bundle": "latchkey/bundle/v1", "log": …, "made": …, "keys": […]}
//	{"anchor": {"checkpoint": …, "heads": …, "list": …}, "posted": {"jira": …}}
//	{"entry": {"id": …, "subject": …, "n": …, "body": base64, …}}
//
// The anchors in it are copies that whoever made the bundle put there. They are
// signed, and whoever has the key can sign others: compare them with what stands in
// Jira, or with a checkpoint that was kept elsewhere.
const bundleKind = "latchkey/bundle/v1"

// bundleLine is one line of a bundle: a head, an anchor or an entry.
type bundleLine struct {
	Bundle string    `json:"bundle,omitempty"`
	Log    string    `json:"log,omitempty"`
	Made   time.Time `json:"made,omitzero"`
	Keys   []string  `json:"keys,omitempty"`

	Anchor *Post                `json:"anchor,omitempty"`
	Posted map[string]time.Time `json:"posted,omitempty"`

	Entry *bundledEntry `json:"entry,omitempty"`
}

// bundledEntry is an entry as it is kept; bytes are in base64.
type bundledEntry struct {
	ID      string      `json:"id"`
	Log     string      `json:"log"`
	Subject string      `json:"subject"`
	N       uint64      `json:"n"`
	Prev    access.Hash `json:"prev"`
	Schema  int         `json:"schema"`
	Body    []byte      `json:"body"`
	Salt    []byte      `json:"salt,omitempty"`
	Private []byte      `json:"private,omitempty"`
	Erased  access.Hash `json:"erased"`
	Leaf    access.Hash `json:"leaf"`
	Place   uint64      `json:"place"`
}

// Bundling says how a bundle is made.
type Bundling struct {
	Keys     []string // public, as they are given to auditors
	Made     time.Time
	Nameless bool // what names or quotes people is left out; it verifies all the same
}

// WriteBundle writes a bundle of the whole log, as of one moment.
func WriteBundle(ctx context.Context, s store.Store, w io.Writer, b Bundling) error {
	return s.View(ctx, func(tx store.Tx) error {
		log, err := store.LogName(tx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(w)
		if err := out.Encode(bundleLine{Bundle: bundleKind, Log: log, Made: b.Made.UTC(), Keys: b.Keys}); err != nil {
			return err
		}
		if err := bundleAnchors(tx, out); err != nil {
			return err
		}
		return bundleEntries(ctx, tx, out, b.Nameless)
	})
}

const bundlePage = 1000

func bundleAnchors(tx store.Tx, out *json.Encoder) error {
	for after := ""; ; {
		some, err := store.Anchors(tx, after, bundlePage)
		if err != nil {
			return err
		}
		for _, a := range some {
			after = a.ID
			if err := out.Encode(bundleLine{Anchor: &Post{a.Checkpoint, a.Heads, a.List}, Posted: a.Posted}); err != nil {
				return err
			}
		}
		if len(some) < bundlePage {
			return bundleNewest(tx, out)
		}
	}
}

// bundleNewest writes the newest checkpoint, which is younger than the notes.
func bundleNewest(tx store.Tx, out *json.Encoder) error {
	now, err := store.LoadAnchoring(tx)
	if err != nil || now.Checkpoint == "" {
		return err
	}
	return out.Encode(bundleLine{Anchor: &Post{Checkpoint: now.Checkpoint}})
}

func bundleEntries(ctx context.Context, tx store.Tx, out *json.Encoder, nameless bool) error {
	for after := uint64(0); ; {
		some, err := tx.Entries(store.Filter{}, after, bundlePage)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, e := range some {
			after = e.Place
			if nameless && len(e.Private) > 0 {
				e = e.Erase()
			}
			line := bundledEntry{e.ID, e.Log, e.Subject.String(), e.N, e.Prev, e.Schema, e.Body, e.Salt, e.Private, e.Erased, e.Leaf, e.Place}
			if err := out.Encode(bundleLine{Entry: &line}); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// Bundle is what a bundle says of itself, before its entries.
type Bundle struct {
	Log    string
	Made   time.Time
	Keys   []string
	Copies []Copy

	rest *json.Decoder
	next *bundledEntry
}

var errBundle = errors.New("it is no bundle of a log: make one with latchkey evidence export --format bundle")

// OpenBundle reads a bundle up to its first entry.
func OpenBundle(r io.Reader) (Bundle, error) {
	b := Bundle{rest: json.NewDecoder(bufio.NewReaderSize(r, 1<<20))}
	var line bundleLine
	if err := b.rest.Decode(&line); err != nil || line.Bundle == "" {
		return b, errBundle
	}
	if line.Bundle != bundleKind {
		return b, fmt.Errorf("it is a bundle of the kind %s, which a newer version of Latchkey writes: use that one", line.Bundle)
	}
	b.Log, b.Made, b.Keys = line.Log, line.Made, line.Keys
	for {
		line = bundleLine{}
		err := b.rest.Decode(&line)
		switch {
		case errors.Is(err, io.EOF):
			return b, nil
		case err != nil:
			return b, fmt.Errorf("the bundle breaks off: %w", err)
		case line.Entry != nil:
			b.next = line.Entry
			return b, nil
		case line.Anchor == nil:
			return b, errBundle
		}
		b.Copies = append(b.Copies, Copy{Post: *line.Anchor, Where: "a note in the bundle", Bare: line.Anchor.List == ""})
	}
}

// Verify checks the entries of a bundle one after the other, beside what the given
// reading of its anchors says.
func (b *Bundle) Verify(attested []evidence.Attestation) (evidence.Verification, error) {
	return evidence.VerifyEntries(b.Log, b.entries, attested...)
}

// entries yields the entries in the order of the file.
func (b *Bundle) entries(yield func(access.Entry, error) bool) {
	for line := (bundleLine{Entry: b.next}); line.Entry != nil; {
		e, err := line.Entry.entry()
		if !yield(e, err) {
			return
		}
		line = bundleLine{}
		if err := b.rest.Decode(&line); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			yield(access.Entry{}, fmt.Errorf("the bundle breaks off: %w", err))
			return
		}
		if line.Entry == nil {
			yield(access.Entry{}, errBundle)
			return
		}
	}
}

func (e bundledEntry) entry() (access.Entry, error) {
	subject, err := access.ParseSubject(e.Subject)
	return access.Entry{
		ID: e.ID, Log: e.Log, Subject: subject, N: e.N, Prev: e.Prev, Schema: e.Schema, Body: e.Body,
		Salt: e.Salt, Private: e.Private, Erased: e.Erased, Leaf: e.Leaf, Place: e.Place,
	}, err
}
