package anchor_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
)

const log = notetest.Log

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// history is a log in memory, of a few requests that go on side by side.
type history struct {
	entries []access.Entry
	ends    map[access.Subject]access.Entry
}

func (h *history) add(t testing.TB, text string) {
	t.Helper()
	if h.ends == nil {
		h.ends = map[access.Subject]access.Entry{}
	}
	n := len(h.entries)
	about := access.RequestSubject(fmt.Sprintf("AR-%d", n%7))
	last := h.ends[about]
	e, err := access.Entry{ID: fmt.Sprintf("01934a5e-7c00-7abc-8def-%012d", n), Subject: about, Schema: 1, Body: []byte(`{"Kind":"note","At":"2026-11-20T09:14:01Z","Say":"` + text + `"}`)}.Chain(log, last.N, last.Leaf)
	if err != nil {
		t.Fatal(err)
	}
	e.Place = uint64(n + 1)
	h.entries, h.ends[about] = append(h.entries, e), e
}

func long(t testing.TB, n int) *history {
	h := &history{}
	for i := range n {
		h.add(t, fmt.Sprint("what happened ", i))
	}
	return h
}

// resealed is the same history from a place on with other contents, all hashes made
// to fit.
func (h *history) resealed(t testing.TB, change func(texts []string) []string) *history {
	t.Helper()
	texts := make([]string, len(h.entries))
	for i := range texts {
		texts[i] = fmt.Sprint("what happened ", i)
	}
	out := &history{}
	for _, text := range change(texts) {
		out.add(t, text)
	}
	return out
}

func (h *history) verify(t testing.TB, claims ...evidence.Attestation) evidence.Verification {
	t.Helper()
	v, err := evidence.VerifyEntries(log, h.all, claims...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (h *history) all(yield func(access.Entry, error) bool) {
	for _, e := range h.entries {
		if !yield(e, nil) {
			return
		}
	}
}

// root is the root of the tree of the first events.
func (h *history) root(t testing.TB, size int) access.Hash {
	t.Helper()
	part := &history{entries: h.entries[:size]}
	root, err := access.ParseHash(part.verify(t).Root)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// keeper posts notes of a history.
type keeper struct {
	testing.TB
	sign  *note.Signer
	trust note.Trust
	prev  access.Hash
	no    uint64
}

func newKeeper(t testing.TB) *keeper {
	s := notetest.Keys(log).Signer
	return &keeper{TB: t, sign: s, trust: note.NewTrust(note.Trusted{Public: s.Public()})}
}

// note makes the next note about the first events of a history.
func (k *keeper) note(h *history, size int, lines ...anchor.Line) anchor.Copy {
	k.Helper()
	k.no++
	list := anchor.EncodeList(lines)
	heads := anchor.Heads{
		Log: log, No: k.no, Prev: k.prev, Size: uint64(size), Root: h.root(k, size), Instance: 1,
		At: noon.AddDate(0, 0, int(k.no)), List: anchor.ListSum(list),
	}
	text, err := heads.String()
	if err != nil {
		k.Fatal(err)
	}
	k.prev = anchor.Sum(text)
	return anchor.Copy{Where: "Jira, IT-1", At: heads.At.Add(time.Second), Post: anchor.Post{
		Checkpoint: k.signed(note.Checkpoint, heads.Checkpoint().String()), Heads: k.signed(note.Heads, text), List: list,
	}}
}

func (k *keeper) signed(kind note.Kind, text string) string {
	k.Helper()
	signed, err := k.sign.Sign(context.Background(), log, kind, text)
	if err != nil {
		k.Fatal(err)
	}
	return signed
}

func (k *keeper) read(copies ...anchor.Copy) anchor.Reading {
	return anchor.Read(k.trust, log, anchor.Found{Copies: copies, Whole: true})
}
