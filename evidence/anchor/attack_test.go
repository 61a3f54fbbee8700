package anchor_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
)

// edited is an entry in which one bit of what happened was turned round.
func edited(e access.Entry, at int) access.Entry {
	e.Body = slices.Clone(e.Body)
	e.Body[at%len(e.Body)] ^= 1
	return e
}

// Attack 40: every event that was edited is named. Short logs take ten thousand edits;
// one of ten thousand events is edited here and there, and at every place with
// LATCHKEY_EVERY_EDIT=yes.
func TestAttack40EveryEditedEventIsNamed(t *testing.T) {
	short := long(t, 50)
	for round := range 200 {
		for i := range short.entries {
			namesEdit(t, short, i, round)
		}
	}
	h, step := long(t, 10_000), 797
	if os.Getenv("LATCHKEY_EVERY_EDIT") != "" {
		step = 1
	}
	for i := 0; i < len(h.entries); i += step {
		namesEdit(t, h, i, i)
	}
}

func namesEdit(t *testing.T, h *history, i, at int) {
	t.Helper()
	was := h.entries[i]
	h.entries[i] = edited(was, at)
	v := h.verify(t)
	h.entries[i] = was
	if v.Events != i || !strings.Contains(v.Broken, was.ID) || !strings.Contains(v.Broken, "was altered after it was written") {
		t.Fatalf("the edit of event %d of %d is told as %+v", i, len(h.entries), v)
	}
}

// anchored is a log of which a note was posted after every tenth event.
func anchored(t *testing.T, n int) (*history, []evidence.Attestation) {
	h, k := long(t, n), newKeeper(t)
	var all []anchor.Copy
	for size := 10; size < n; size += 10 {
		all = append(all, k.note(h, size))
	}
	return h, k.read(all...).Attestations()
}

// Attacks 41 and 42: whoever edits, removes, puts in or swaps events and makes all
// hashes fit is found as far as the anchors reach, and the place is in the span that
// is named. Behind the last anchor nobody is found, and that is what is said.
func TestAttack41And42RewrittenHistoryIsFoundUpToTheLastAnchor(t *testing.T) {
	const n = 205
	h, claims := anchored(t, n)
	if v := h.verify(t, claims...); !v.Whole() || v.Unconfirmed != 5 || len(v.Confirmed) != 1 || v.Confirmed[0].Place != 200 {
		t.Fatalf("untouched it reads %+v", v)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for round := range 400 {
		i := chance.IntN(n - 1)
		name, change := rewriting(round%4, i)
		v := h.resealed(t, change).verify(t, claims...)
		if i >= 200 {
			if !v.Whole() || v.Unconfirmed == 0 {
				t.Errorf("%s at %d, behind the last anchor: %+v", name, i+1, v)
			}
			continue
		}
		// What moved is seen where the first tree differs.
		if v.Whole() || v.Span == nil || uint64(i+1) < v.Span.From || uint64(i+1) > v.Span.To || v.Span.To-v.Span.From != 9 {
			t.Fatalf("%s at %d: %q, span %+v", name, i+1, v.Broken, v.Span)
		}
	}
}

func rewriting(kind, i int) (string, func([]string) []string) {
	return []string{"edited", "removed", "put in", "swapped"}[kind], func(texts []string) []string {
		switch kind {
		case 0:
			texts[i] = "something else"
		case 1:
			texts = slices.Delete(texts, i, i+1)
		case 2:
			texts = slices.Insert(texts, i, "what never was")
		default:
			texts[i], texts[i+1] = texts[i+1], texts[i]
		}
		return texts
	}
}

// Attack 43: a log that was cut at its end is whole by itself; the anchors know of
// more.
func TestAttack43CutAtTheEnd(t *testing.T) {
	h, claims := anchored(t, 205)
	h.entries = h.entries[:193]
	v := h.verify(t, claims...)
	if v.Whole() || !strings.Contains(v.Broken, "ends at place 193") || !strings.Contains(v.Broken, "knows of 200 events") || v.Span.From != 191 {
		t.Errorf("told as %q, %+v", v.Broken, v.Span)
	}
	if v := h.verify(t); !v.Whole() || v.Unconfirmed != 193 {
		t.Errorf("by itself it reads %+v", v)
	}
}

// Attack 48: the newest note was deleted in Jira; the one in Slack counts.
func TestAttack48OneCopyIsEnough(t *testing.T) {
	h, k := long(t, 30), newKeeper(t)
	first, second := k.note(h, 10), k.note(h, 20)
	second.Where, second.Bare, second.List = "Slack, #it", true, ""
	r := k.read(first, second)
	if r.Newest() == nil || r.Newest().Size != 20 || r.Newest().Where != "Slack, #it" || len(r.Missing)+len(r.Doubts) > 0 {
		t.Errorf("read %+v", r)
	}
}

// Attack 49: a note that is nowhere is missed, and the span is named that it was to
// prove.
func TestAttack49MissingNote(t *testing.T) {
	h, k := long(t, 50), newKeeper(t)
	all := []anchor.Copy{k.note(h, 10), k.note(h, 20), k.note(h, 30)}
	r := k.read(all[0], all[2])
	if !slices.Equal(r.Missing, []uint64{2}) || len(r.Amiss()) != 1 || !strings.Contains(r.Amiss()[0], "no. 2 isn't found") || !strings.Contains(r.Amiss()[0], "from place 11 to 30") {
		t.Errorf("missing %v, said %q", r.Missing, r.Amiss())
	}
	if r := anchor.Read(k.trust, log, anchor.Found{Copies: all[1:]}); len(r.Missing) > 0 {
		t.Errorf("of the newest notes alone the first are missed: %v", r.Missing)
	}
}

// Attack 50: what is of another log, or signed by somebody else, does not count, and
// is said.
func TestAttack50OthersAnchors(t *testing.T) {
	h, k, stranger := long(t, 30), newKeeper(t), newKeeper(t)
	ours, forged := k.note(h, 10), stranger.note(h, 30)
	r := k.read(ours, forged)
	if len(r.Anchors) != 1 || len(r.Doubts) != 1 || !strings.Contains(r.Doubts[0], "does not count") {
		t.Errorf("a stranger's under our name: %+v", r)
	}
	const theirs = "acme.test/latchkey/another2/1"
	other := notetest.Keys(theirs).Signer
	head := anchor.Checkpoint{Log: theirs, Size: 9, Root: access.Hash{1}}
	signed, err := other.Sign(t.Context(), theirs, note.Checkpoint, head.String())
	if err != nil {
		t.Fatal(err)
	}
	r = k.read(ours, anchor.Copy{Where: "Jira, IT-9", At: noon, Post: anchor.Post{Checkpoint: signed}})
	if len(r.Anchors) != 1 || len(r.Foreign) != 1 || r.Foreign[0].Log != theirs || len(r.Doubts) > 0 {
		t.Errorf("of another log: %+v", r)
	}
	for name, change := range map[string]func(*anchor.Copy){
		"a heads note as checkpoint": func(c *anchor.Copy) { c.Checkpoint = c.Heads },
		"a checkpoint as heads note": func(c *anchor.Copy) { c.Heads = c.Checkpoint },
		"a list of another note":     func(c *anchor.Copy) { c.List = anchor.EncodeList([]anchor.Line{{1}}) },
		"a list that was taken away": func(c *anchor.Copy) { c.List = "" },
		"two notes put together":     func(c *anchor.Copy) { c.Checkpoint = newNote(k, h, 20).Checkpoint },
		"a size that was changed":    func(c *anchor.Copy) { c.Checkpoint = strings.Replace(c.Checkpoint, "\n10\n", "\n11\n", 1) },
		"nothing":                    func(c *anchor.Copy) { c.Post = anchor.Post{} },
	} {
		c := newNote(k, h, 10, anchor.LineOf(access.RequestSubject("AR-1"), 2, access.Hash{7}))
		change(&c)
		if r := k.read(c); len(r.Anchors) > 0 || len(r.Doubts) != 1 {
			t.Errorf("%s counts: %+v", name, r)
		}
	}
}

func newNote(k *keeper, h *history, size int, lines ...anchor.Line) anchor.Copy {
	return k.note(h, size, lines...)
}

// A stolen key counts for what somebody else dates before the theft.
func TestStolenKey(t *testing.T) {
	h, k := long(t, 30), newKeeper(t)
	before, after := k.note(h, 10), k.note(h, 20)
	undated := before
	undated.At = time.Time{}
	k.trust = note.NewTrust(note.Trusted{Public: k.sign.Public(), Stolen: after.At.Add(-time.Hour)})
	if r := k.read(before, after, undated); len(r.Anchors) != 1 || r.Anchors[0].Size != 10 || len(r.Doubts) != 2 {
		t.Errorf("read %+v", r)
	}
}

// The newest number that any note gives of a subject counts, and the oldest date at
// which somebody had it.
func TestHeadsAreJoined(t *testing.T) {
	h, k := long(t, 30), newKeeper(t)
	one, two := access.RequestSubject("AR-1"), access.RequestSubject("AR-2")
	a := k.note(h, 10, anchor.LineOf(one, 3, access.Hash{3}), anchor.LineOf(two, 1, access.Hash{1}))
	b := k.note(h, 20, anchor.LineOf(one, 70_000, access.Hash{4}))
	later := b
	later.At = later.At.AddDate(1, 0, 0)
	heads := k.read(a, later, b).Heads()
	if head, ok := heads.Of(one); !ok || head.N != 65_535 || !head.Is(access.Hash{4}) || !head.Seen.Equal(b.At) || head.Where != "Jira, IT-1" {
		t.Errorf("of the first: %+v", head)
	}
	if head, ok := heads.Of(two); !ok || head.N != 1 || !head.Is(access.Hash{1}) || head.Is(access.Hash{2}) {
		t.Errorf("of the second: %+v", head)
	}
	if _, ok := heads.Of(access.RequestSubject("AR-3")); ok || !heads.Known {
		t.Error("a subject that no note names is known")
	}
}

// A full note fits into a property of Jira's.
func TestFullNoteFits(t *testing.T) {
	h, k := long(t, 30), newKeeper(t)
	lines := make([]anchor.Line, anchor.LineLimit)
	for i := range lines {
		lines[i] = anchor.LineOf(access.RequestSubject(fmt.Sprint("AR-", i)), uint64(i), access.Hash{byte(i)})
	}
	c := k.note(h, 30, lines...)
	if size := len(c.Checkpoint) + len(c.Heads) + len(c.List); size > 32_000 {
		t.Errorf("a full note takes %d characters", size)
	}
	if r := k.read(c); len(r.Heads().By) != anchor.LineLimit {
		t.Errorf("of %d lines %d came back: %v", anchor.LineLimit, len(r.Heads().By), r.Doubts)
	}
}

// Two notes under one number are two histories.
func TestTwoHistoriesOfNotes(t *testing.T) {
	h, k := long(t, 30), newKeeper(t)
	a := k.note(h, 10)
	twin := *k
	b, c := k.note(h, 20), twin.note(h, 25)
	if r := k.read(a, b, c); !slices.Equal(r.Twice, []uint64{2}) || len(r.Amiss()) != 1 {
		t.Errorf("twice %v, %q", r.Twice, r.Amiss())
	}
	d := twin.note(h, 30)
	if r := k.read(a, b, d); !slices.Equal(r.Twice, []uint64{3}) {
		t.Errorf("the third does not go on from the second: twice %v", r.Twice)
	}
}

func TestCheckpointText(t *testing.T) {
	c := anchor.Checkpoint{Log: log, Size: 1234, Root: access.Hash{1, 2}}
	if back, err := anchor.ParseCheckpoint(c.String() + "an extension\n"); err != nil || back != c {
		t.Errorf("%q came back as %+v, %v", c, back, err)
	}
	for _, text := range []string{"", "a\n1\n", "a\n01\n" + c.Root.String() + "\n", "a\n-1\n" + c.Root.String() + "\n", "a\n1\n-\n", "a\n1\n" + c.Root.String(), "\n1\n" + c.Root.String() + "\n"} {
		if c, err := anchor.ParseCheckpoint(text); err == nil {
			t.Errorf("%q passes as %+v", text, c)
		}
	}
}
