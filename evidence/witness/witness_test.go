package witness_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
	"latchkey/evidence/witness"
	emulated "latchkey/sandbox/witness"
)

const log = notetest.Log

// manualClock is a clock that is set by hand.
type manualClock struct{ at time.Time }

func (h *manualClock) Now() time.Time { return h.at }

// tree is a log's tree: of its leaves all that the witness ever hears.
type tree struct {
	hashes []tlog.Hash // stored hashes
	size   int64
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = t.hashes[at]
	}
	return out, nil
}

func grown(t *testing.T, texts ...string) *tree {
	t.Helper()
	out := &tree{}
	for _, text := range texts {
		more, err := tlog.StoredHashes(out.size, []byte(text), out)
		if err != nil {
			t.Fatal(err)
		}
		out.hashes, out.size = append(out.hashes, more...), out.size+1
	}
	return out
}

// fixture is a log and its witness.
type fixture struct {
	*testing.T
	signer *note.Signer
	server *emulated.Server
	clock  *manualClock
	client *witness.Witness
}

func open(t *testing.T) *fixture {
	t.Helper()
	s := &fixture{T: t, signer: notetest.Keys(log).Signer, clock: &manualClock{time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}}
	s.server = emulated.New("witness.test/w1", [32]byte{1}, s.clock)
	if err := s.server.Add(s.signer.Public().In(log)); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s.server)
	t.Cleanup(web.Close)
	key, err := witness.ParseKey(s.server.Key())
	if err != nil {
		t.Fatal(err)
	}
	s.client = witness.New(web.URL+"/", key, web.Client())
	return s
}

func (s *fixture) checkpoint(t *tree) string {
	s.Helper()
	root, err := tlog.TreeHash(t.size, t)
	if err != nil {
		s.Fatal(err)
	}
	text := log + "\n" + access.Hash(root).String() + "\n"
	text = strings.Replace(text, "\n", "\n"+itoa(t.size)+"\n", 1)
	signed, err := s.signer.Sign(context.Background(), log, note.Checkpoint, text)
	if err != nil {
		s.Fatal(err)
	}
	return signed
}

func itoa(n int64) string { return string(rune('0' + n)) } // the logs here have less than ten events

func (s *fixture) show(t *tree, old int64) (string, error) {
	s.Helper()
	var proof tlog.TreeProof
	if old > 0 && old < t.size {
		var err error
		if proof, err = tlog.ProveTree(t.size, old, t); err != nil {
			s.Fatal(err)
		}
	}
	return s.client.Cosign(s.Context(), uint64(old), proof, s.checkpoint(t))
}

// A witness signs what goes on from what it has seen, and says when.
func TestWitnessSigns(t *testing.T) {
	s := open(t)
	first, err := s.show(grown(t, "a", "b", "c"), 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := s.clock.at
	if at, err := s.client.Seen(first); err != nil || !at.Equal(seen) {
		t.Errorf("signed at %s, %v", at, err)
	}
	s.clock.at = s.clock.at.Add(time.Hour)
	if _, err := s.show(grown(t, "a", "b", "c", "d", "e"), 3); err != nil {
		t.Error(err)
	}
	again, err := s.show(grown(t, "a", "b", "c", "d", "e"), 5)
	if at, late := s.client.Seen(again); err != nil || late != nil || !at.Equal(s.clock.at) {
		t.Errorf("the same again: %s, %v, %v", at, err, late)
	}
	s.clock.at = s.clock.at.Add(time.Hour)
	again, err = s.show(grown(t, "a", "b", "c", "d", "e"), 5)
	if at, _ := s.client.Seen(again); err != nil || !at.Equal(s.clock.at.Add(-time.Hour)) {
		t.Errorf("the same an hour later is dated %s, %v", at, err)
	}
	opened, err := note.NewTrust(note.Trusted{Public: s.signer.Public()}).Open(note.Checkpoint, again)
	if err != nil || opened.Log != log {
		t.Errorf("with a witness's signature the checkpoint reads %+v, %v", opened, err)
	}
	if s.server.Size(log) != 5 {
		t.Errorf("it has seen %d", s.server.Size(log))
	}
}

// Attack 51: a log that was rolled back, edited or forked finds no signature.
func TestAttack51WitnessRefuses(t *testing.T) {
	s := open(t)
	if _, err := s.show(grown(t, "a", "b", "c", "d"), 0); err != nil {
		t.Fatal(err)
	}
	ahead := new(witness.Ahead)
	if _, err := s.show(grown(t, "a", "b"), 0); !errors.As(err, &ahead) || ahead.Size != 4 {
		t.Errorf("rolled back (409): %v", err)
	}
	if _, err := s.show(grown(t, "a", "B", "c", "d", "e"), 4); !errors.Is(err, witness.ErrHistory) {
		t.Errorf("edited (422): %v", err)
	}
	if _, err := s.show(grown(t, "a", "b", "c", "D"), 4); !errors.Is(err, witness.ErrHistory) {
		t.Errorf("forked at the same size (422): %v", err)
	}
	if _, err := s.show(grown(t, "a", "b"), 4); err == nil || access.Classify(err).Class != access.Rejected {
		t.Errorf("old above the new size (400): %v", err)
	}
}

func TestWitnessThatDoesNotKnowUs(t *testing.T) {
	s := open(t)
	unknown := emulated.New("witness.test/w1", [32]byte{1}, s.clock)
	web := httptest.NewServer(unknown)
	defer web.Close()
	key, err := witness.ParseKey(unknown.Key())
	if err != nil {
		t.Fatal(err)
	}
	s.client = witness.New(web.URL, key, web.Client())
	if _, err := s.show(grown(t, "a"), 0); access.Classify(err).Class != access.Denied || !strings.Contains(err.Error(), "does not know this log") {
		t.Errorf("an unknown log (404): %v", err)
	}
	if err := unknown.Add(notetest.Keys(log).Signer.Public().In(log)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.show(grown(t, "a"), 0); access.Classify(err).Class != access.Denied || !strings.Contains(err.Error(), "does not know the key") {
		t.Errorf("another key (403): %v", err)
	}
	web.Close()
	if _, err := s.show(grown(t, "a"), 0); access.Classify(err).Class != access.Transient {
		t.Errorf("no answer: %v", err)
	}
}

// What another signs under the witness's name is not its signature.
func TestForgedCosignature(t *testing.T) {
	s := open(t)
	web := httptest.NewServer(emulated.New("witness.test/w1", [32]byte{2}, s.clock))
	defer web.Close()
	key, err := witness.ParseKey(s.server.Key())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := key.Seen(s.checkpoint(grown(t, "a"))); err == nil {
		t.Error("a checkpoint without a witness's signature passes")
	}
	for _, text := range []string{"", "w", "w+00000000+BA==", strings.Replace(s.server.Key(), "+", "+0", 1), strings.Replace(s.server.Key(), "w1", "w2", 1), s.signer.Public().String()} {
		if _, err := witness.ParseKey(text); err == nil {
			t.Errorf("%q passes as a key", text)
		}
	}
}
