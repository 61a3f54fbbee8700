package anchor_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note/notetest"
	"latchkey/evidence/witness"
	emulated "latchkey/sandbox/witness"
	"latchkey/store"
	room "latchkey/workflow/anchor"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// Attack 52: a day on which nothing happens is anchored as well.
func TestAttack52QuietDaysAreAnchored(t *testing.T) {
	w := newWorld(t)
	w.day()
	if len(w.board.notes) > 0 {
		t.Fatalf("an empty log was anchored: %+v", w.board.notes)
	}
	w.happens("AR-1")
	for range 3 {
		w.day()
	}
	if len(w.board.notes) != 3 || len(w.board.slack) != 3 || !slices.Equal(w.board.issues, []string{"LK-ANCHORS-7F3K9Q2M-20261122T0900"}) {
		t.Fatalf("%d notes in Jira, %d in Slack, issues %q", len(w.board.notes), len(w.board.slack), w.board.issues)
	}
	r, err := w.room.Read(t.Context(), true)
	if err != nil || len(r.Anchors) != 6 || len(r.Missing)+len(r.Twice)+len(r.Doubts) > 0 || r.Last().Heads.No != 3 || r.Last().Size != 1 {
		t.Errorf("read back: %+v, %v", r, err)
	}
	stands := func(want ...string) {
		t.Helper()
		var got []string
		for _, task := range w.tasks() {
			if task.Queue == ledger.Queue && (task.Kind == ledger.StandTask || task.Kind == ledger.CloseTask) {
				got = append(got, task.Kind+" "+task.Lane)
			}
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("to be moved are %q, want %q", got, want)
		}
	}
	stands("issue.stand issue/1")
	w.clock.Advance(370 * 24 * time.Hour)
	w.day()
	stands("issue.close issue/1", "issue.stand issue/1", "issue.stand issue/2")
	if !slices.Equal(w.board.issues, []string{"LK-ANCHORS-7F3K9Q2M-20261122T0900", "LK-ANCHORS-7F3K9Q2M-20271130T0900"}) {
		t.Errorf("issues %q", w.board.issues)
	}
}

// A note lists what Jira was seen to hold since the one before, and nothing twice;
// what is more than one holds goes into further ones.
func TestNotesListWhatJiraHolds(t *testing.T) {
	w := newWorld(t)
	first := w.happens("AR-1")
	w.recorded(first)
	w.happens("AR-2")
	w.day()
	second := w.happens("AR-1")
	w.recorded(second)
	w.recorded(first) // answers can come out of order
	w.day()
	heads, err := w.room.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if head, ok := heads.Of(access.RequestSubject("AR-1")); !ok || head.N != 2 || !head.Is(second.Leaf) {
		t.Errorf("of AR-1: %+v", head)
	}
	if _, ok := heads.Of(access.RequestSubject("AR-2")); ok {
		t.Error("what Jira was not seen to hold is listed")
	}
	many := make([]access.Event, anchor.LineLimit+5)
	err = w.units.Update(t.Context(), func(u *engine.Unit) (err error) {
		for i := range many {
			if many[i], err = u.Append(access.Event{Kind: access.EventNote, At: u.At, Request: fmt.Sprint("AR-1", i)}); err != nil {
				return err
			}
			if err := store.PutSeen(u.Tx, many[i].About(), 1, many[i].Leaf); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.day()
	if heads, err = w.room.Heads(t.Context()); err != nil || len(heads.By) != anchor.LineLimit+6 || len(w.board.notes) != 4 {
		t.Errorf("%d subjects in %d notes, %v, %v", len(heads.By), len(w.board.notes), err, heads.Doubts)
	}
}

// older has a world go back to the store of an earlier time.
func older(t *testing.T, w *world, meanwhile func()) {
	t.Helper()
	w.stop()
	kept, err := os.ReadFile(w.path)
	if err != nil {
		t.Fatal(err)
	}
	w.start()
	meanwhile()
	w.stop()
	if err := os.WriteFile(w.path, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Minute)
	w.start()
}

// Attack 44: a store that is older than what is anchored of it adds nobody, and leaves
// alone what Jira knows more about. The rest goes on.
func TestAttack44OlderStore(t *testing.T) {
	w := newWorld(t)
	w.known("AR-1")
	w.known("AR-2")
	w.day()
	older(t, w, func() {
		w.recorded(w.happens("AR-1"))
		w.day()
	})
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) || !strings.Contains(w.told(), "older than what is anchored") || !strings.Contains(w.told(), "recover --forward") {
		t.Fatalf("quarantines %q, told %s", w.quarantines(), w.told())
	}
	if err := w.room.Hello(t.Context()); err == nil || !strings.Contains(access.Classify(err).Sentence, "recover --forward") {
		t.Errorf("readiness says %v", err)
	}
	if _, err := w.tryHappen("AR-1"); err == nil {
		t.Error("a story goes on that Jira has more of")
	} else if _, refused := access.AsRefusal(err); !refused {
		t.Errorf("it is no refusal: %v", err)
	}
	w.happens("AR-2")
	w.happens("AR-3")
	before := len(w.board.notes)
	w.day()
	w.duty(room.PinDuty)
	if len(w.board.notes) != before || w.board.pinned != nil {
		t.Error("an older store goes on anchoring")
	}
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) {
		t.Errorf("what it wrote since makes it %q", w.quarantines())
	}
	w.stop()
	w.start()
	if _, err := w.tryHappen("AR-1"); err == nil || !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) {
		t.Errorf("after a restart: %v, quarantines %q", err, w.quarantines())
	}
}

// Attack 48, at start: what is left of the newest note in Slack is enough.
func TestAttack48OlderStoreBySlackAlone(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.day()
	older(t, w, func() {
		w.happens("AR-1")
		w.day()
		w.board.notes, w.board.pinned = w.board.notes[:1], nil
	})
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) || !strings.Contains(w.told(), "Slack, #it") {
		t.Errorf("quarantines %q, told %s", w.quarantines(), w.told())
	}
}

// A store that was lost with its key kept is known by its emptiness.
func TestEmptyStoreOfALogThatIsAnchored(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.day()
	w.stop()
	if err := os.Remove(w.path); err != nil {
		t.Fatal(err)
	}
	w.start()
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) || !strings.Contains(w.told(), "store is empty") {
		t.Errorf("quarantines %q, told %s", w.quarantines(), w.told())
	}
}

// Attack 47: a log that has another history than what is anchored alarms, and nothing
// is written into Jira.
func TestAttack47AnotherHistory(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	older(t, w, func() {
		w.happens("AR-1")
		w.day()
	})
	if got := w.quarantines(); !slices.Equal(got, []string{store.QuarantineOlder}) {
		t.Fatalf("quarantines %q", got)
	}
	w.stop()
	_ = os.Remove(w.path)
	w.board.notes, w.board.slack, w.board.pinned = nil, nil, nil
	w.start()
	w.happens("AR-1")
	w.day()
	ours := w.board.notes
	w.stop()
	_ = os.Remove(w.path)
	w.board.notes, w.board.slack = nil, nil
	w.start()
	w.happens("AR-other")
	w.happens("AR-1")
	w.stop()
	w.board.notes = ours
	w.start()
	if !slices.Equal(w.quarantines(), []string{store.QuarantineFork}) || !strings.Contains(w.told(), "another history") {
		t.Fatalf("quarantines %q, told %s", w.quarantines(), w.told())
	}
	if w.room.MayRecord() == nil {
		t.Error("stories are written into Jira all the same")
	}
	w.day()
	w.duty(room.PinDuty)
	if len(w.board.notes) != len(ours) || w.board.pinned != nil {
		t.Error("something was anchored over the other history")
	}
}

// Attack 58: of two bots on copies of one store, the one that was started first stops
// adding and writing once it sees the other.
func TestAttack58Twins(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.day()
	other := &world{T: t, path: w.path + ".copy", clock: w.clock, board: w.board, keys: w.keys}
	w.stop()
	raw, err := os.ReadFile(w.path)
	if err == nil {
		err = os.WriteFile(other.path, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.start()
	w.clock.Advance(time.Second)
	other.start()
	defer other.stop()
	if len(w.quarantines())+len(other.quarantines()) > 0 {
		t.Fatalf("before either writes: %q and %q", w.quarantines(), other.quarantines())
	}
	other.day()
	w.duty(room.PinDuty)
	if !slices.Equal(w.quarantines(), []string{store.QuarantineTwin}) || w.room.MayRecord() == nil || !strings.Contains(w.told(), "Another Latchkey works on the same log") {
		t.Errorf("the first: quarantines %q, told %s", w.quarantines(), w.told())
	}
	if other.duty(room.PinDuty); len(other.quarantines()) > 0 {
		t.Errorf("the second stops, too: %q", other.quarantines())
	}
	other.stop()
	w.stop()
	w.clock.Advance(time.Second)
	w.start() // it is the later one now
	if len(w.quarantines()) > 0 || w.room.MayRecord() != nil {
		t.Errorf("started anew it still quarantines %q", w.quarantines())
	}
}

// Another Latchkey that shares the tokens and not the key is told of.
func TestAnotherLatchkeyWithTheSameTokens(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	const theirs = "acme.test/latchkey/another2/1"
	sign := notetest.Keys(theirs).Signer
	head := anchor.Checkpoint{Log: theirs, Size: 3, Root: access.Hash{1}}
	heads := anchor.Heads{Log: theirs, No: 1, Size: 3, Root: access.Hash{1}, At: w.clock.Now()}
	text, err := heads.String()
	if err != nil {
		t.Fatal(err)
	}
	var p anchor.Post
	if p.Checkpoint, err = sign.Sign(t.Context(), theirs, "checkpoint", head.String()); err == nil {
		p.Heads, err = sign.Sign(t.Context(), theirs, "latchkey/heads/v1", text)
	}
	raw, bad := json.Marshal(p)
	if err != nil || bad != nil {
		t.Fatal(err, bad)
	}
	w.board.notes = append(w.board.notes, access.AnchorCopy{Where: "Jira, IT-9", At: w.clock.Now(), Draft: true, Post: raw})
	w.duty(room.PinDuty)
	if !strings.Contains(w.told(), "with the log "+theirs) || len(w.quarantines()) > 0 {
		t.Errorf("quarantines %q, told %s", w.quarantines(), w.told())
	}
}

// While Jira can't be asked nobody is added, and the room is made again as soon as it
// can.
func TestUncomparedStoreAddsNobody(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	w.stop()
	w.board.down = &access.Failure{Class: access.Transient, Sentence: "Jira is down"}
	w.start()
	if err := w.room.Compared(); access.Classify(err).Class != access.Limited {
		t.Errorf("additions: %v", err)
	}
	if err := w.room.Hello(t.Context()); err == nil {
		t.Error("readiness says nothing of it")
	}
	w.board.down = nil
	if err := w.room.Hello(t.Context()); err != nil || w.room.Compared() != nil {
		t.Errorf("once it answers: %v, %v", err, w.room.Compared())
	}
}

// Attack 62: a clock that is an hour behind is told of; the order of events does not
// depend on it.
func TestAttack62WrongClock(t *testing.T) {
	w := newWorld(t, func(w *world) { w.board.skew = time.Hour })
	first := w.happens("AR-1")
	w.day()
	if !strings.Contains(w.told(), "1h0m0s behind the clock of Jira") {
		t.Errorf("told %s", w.told())
	}
	w.clock.Set(w.clock.Now().Add(-30 * 24 * time.Hour))
	if second := w.happens("AR-1"); second.N != first.N+1 || second.Prev != first.Leaf || second.Place != first.Place+1 {
		t.Errorf("the event after %+v is %+v", first, second)
	}
}

// Attack 60: an append that never commits takes no place and no number.
func TestAttack60NoPlaceIsLostOrDoubled(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	broken := fmt.Errorf("the power fails")
	err := w.units.Update(t.Context(), func(u *engine.Unit) error {
		if _, err := u.Append(access.Event{Kind: access.EventNote, At: u.At, Request: "AR-1"}); err != nil {
			return err
		}
		return broken
	})
	if err == nil {
		t.Fatal("it was committed")
	}
	w.stop()
	w.start()
	if e := w.happens("AR-1"); e.Place != 2 || e.N != 2 {
		t.Errorf("the next one is at place %d, number %d", e.Place, e.N)
	}
}

// Attack 61: who has lost the lease makes no note.
func TestAttack61LostLeaseMakesNoNote(t *testing.T) {
	w := newWorld(t)
	w.happens("AR-1")
	err := w.store.Update(t.Context(), func(tx store.Tx) error {
		now := w.clock.Now()
		first, _, err := tx.Lease("anchor", "one", now, now.Add(time.Minute))
		if err != nil {
			return err
		}
		if _, taken, err := tx.Lease("anchor", "two", now.Add(time.Hour), now.Add(2*time.Hour)); err != nil || !taken {
			return fmt.Errorf("taken over: %v, %v", taken, err)
		}
		return tx.Guard("anchor", first)
	})
	if err == nil || !strings.Contains(err.Error(), store.ErrFenced.Error()) {
		t.Errorf("the first goes on: %v", err)
	}
}

// A witness signs every note, also those that nothing happened before; a log that was
// rolled back is known by what it remembers.
func TestWitnessedNotes(t *testing.T) {
	var server *emulated.Server
	w := newWorld(t, func(w *world) {
		server = emulated.New("witness.test/w1", [32]byte{1}, w.clock)
		web := httptest.NewServer(server)
		t.Cleanup(web.Close)
		key, err := witness.ParseKey(server.Key())
		if err == nil {
			err = server.Add(w.keys.Signer.Public().In(log))
		}
		if err != nil {
			t.Fatal(err)
		}
		w.more.Witnesses = []room.Witness{witness.New(web.URL, key, web.Client())}
	})
	w.happens("AR-1")
	w.day()
	w.day()
	w.happens("AR-1")
	w.happens("AR-2")
	w.day()
	if server.Size(log) != 3 {
		t.Errorf("the witness has seen %d events", server.Size(log))
	}
	r, err := w.room.Read(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(r.Attestations(), func(c evidence.Attestation) bool { return c.Size == 3 && c.Where == "witness witness.test/w1" }) {
		t.Errorf("attestations %+v", r.Attestations())
	}
	older(t, w, func() {
		w.happens("AR-1")
		w.day()
		w.board.notes, w.board.slack, w.board.pinned = w.board.notes[:3], w.board.slack[:3], nil
	})
	if !slices.Equal(w.quarantines(), []string{store.QuarantineOlder}) || !strings.Contains(w.told(), "witness witness.test/w1") {
		t.Errorf("quarantines %q, told %s", w.quarantines(), w.told())
	}
}
