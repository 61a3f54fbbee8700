package anchor

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/note"
)

// Anchor is what a copy says, once its signatures were found to count.
type Anchor struct {
	Checkpoint
	Heads  Heads
	Text   string // of the heads note
	Signed string // the checkpoint, as it is
	lines  []Line
	Where  string
	At     time.Time // when it was put there, by the clock of the place
	Draft  bool
}

// Dated is when it was there at the latest: by the place's clock, or else by the
// clock of whoever wrote it.
func (a Anchor) Dated() time.Time {
	if a.At.IsZero() {
		return a.Heads.At
	}
	return a.At
}

// Reading is what was found outside about a log, checked.
type Reading struct {
	Log     string
	Anchors []Anchor // of this log, by size, then by date
	Earlier []Anchor // of logs that this one succeeds
	Foreign []Anchor // of other logs, whose signatures nobody here can check
	Missing []uint64 // numbers of notes that are nowhere, though a later one is there
	Twice   []uint64 // numbers under which there are two different notes
	Unread  []string // places that could not be looked at, and why: sentences
	Doubts  []string // what was left out, and why: sentences
	Whole   bool     // all that is outside was read; otherwise the newest
}

// Read checks what was found about a log. What is not signed by somebody trusted
// is left out, and named.
func Read(t note.Trust, log string, all ...Found) Reading {
	r := Reading{Log: log}
	for _, f := range all {
		if f.Unread != "" {
			r.Unread = append(r.Unread, f.Unread)
		}
		r.Doubts, r.Whole = append(r.Doubts, f.Doubts...), r.Whole || f.Whole
		for _, c := range f.Copies {
			r.take(t, c)
		}
	}
	for _, list := range [][]Anchor{r.Anchors, r.Earlier, r.Foreign} {
		slices.SortStableFunc(list, func(a, b Anchor) int {
			return cmp.Or(cmp.Compare(a.Size, b.Size), cmp.Compare(a.Heads.No, b.Heads.No), a.Dated().Compare(b.Dated()))
		})
	}
	r.number()
	return r
}

// take checks one copy.
func (r *Reading) take(t note.Trust, c Copy) {
	a, err := open(t, c)
	switch {
	case errors.Is(err, note.ErrStranger):
		if foreign, ok := unchecked(c); ok && note.Family(foreign.Log) != note.Family(r.Log) {
			r.Foreign = append(r.Foreign, foreign)
			return
		}
		r.doubt(c, err)
	case err != nil:
		r.doubt(c, err)
	case a.Log == r.Log:
		r.Anchors = append(r.Anchors, a)
	case note.Family(a.Log) == note.Family(r.Log):
		r.Earlier = append(r.Earlier, a)
	default:
		r.Foreign = append(r.Foreign, a)
	}
}

func (r *Reading) doubt(c Copy, err error) {
	r.Doubts = append(r.Doubts, fmt.Sprintf("An anchor in %s does not count: %v.", c.Where, err))
}

// open checks a copy's signatures, and that its parts belong together.
func open(t note.Trust, c Copy) (a Anchor, err error) {
	a = Anchor{Where: c.Where, At: c.At, Draft: c.Draft, Signed: c.Post.Checkpoint}
	var head, list note.Opened
	if a.Checkpoint, head, err = OpenCheckpoint(t, c.Post.Checkpoint); err != nil {
		return a, err
	}
	if err := inTime(head, c); err != nil || c.Heads == "" {
		return a, err
	}
	if a.Heads, list, err = OpenHeads(t, c.Heads); err != nil {
		return a, err
	}
	if err := inTime(list, c); err != nil {
		return a, err
	}
	if a.Heads.Checkpoint() != a.Checkpoint {
		return a, errors.New("its checkpoint is not the one that its heads note is about: somebody has put together what does not belong together")
	}
	a.Text = list.Text
	if c.Bare {
		return a, nil
	}
	a.lines, err = a.Heads.DecodeList(c.List)
	return a, err
}

// inTime refuses what a stolen key may have signed: only what a place dates before
// the theft is the owner's.
func inTime(o note.Opened, c Copy) error {
	since, stolen := o.Stolen()
	if stolen && (c.At.IsZero() || !c.At.Before(since)) {
		return fmt.Errorf("its key was stolen at %s, and nothing shows that it was signed before", since.UTC().Format("2006-01-02 15:04 MST"))
	}
	return nil
}

// unchecked reads a copy whose signature can't be checked here.
func unchecked(c Copy) (a Anchor, ok bool) {
	head, err := ParseCheckpoint(unsigned(c.Post.Checkpoint))
	if err != nil {
		return a, false
	}
	a = Anchor{Checkpoint: head, Where: c.Where, At: c.At, Draft: c.Draft}
	_ = note.Decode(note.Heads, unsigned(c.Heads), &a.Heads) // without it nothing is known of when it was written
	return a, true
}

// unsigned is a note's text without its signatures.
func unsigned(signed string) string {
	for i := len(signed) - 1; i > 0; i-- {
		if signed[i] == '\n' && signed[i-1] == '\n' {
			return signed[:i]
		}
	}
	return ""
}

// number looks for notes that are missing and for two that share a number. Of a
// reading that is not whole the oldest notes are not expected.
func (r *Reading) number() {
	texts, prev := map[uint64]string{}, map[uint64]access.Hash{}
	first, last := uint64(0), uint64(0)
	for _, a := range r.Anchors {
		if a.Draft || a.Text == "" {
			continue
		}
		no := a.Heads.No
		if was, known := texts[no]; known && was != a.Text && !slices.Contains(r.Twice, no) {
			r.Twice = append(r.Twice, no)
		}
		texts[no], prev[no] = a.Text, a.Heads.Prev
		if last = max(last, no); first == 0 || no < first {
			first = no
		}
	}
	if r.Whole && last > 0 {
		first = 1
	}
	for no := first; no < last; no++ {
		if _, there := texts[no]; !there {
			r.Missing = append(r.Missing, no)
		}
		was, next := texts[no], texts[no+1]
		if was != "" && next != "" && prev[no+1] != Sum(was) && !slices.Contains(r.Twice, no+1) {
			r.Twice = append(r.Twice, no+1)
		}
	}
}

// Newest is the anchor of the longest log; nil if there is none.
func (r Reading) Newest() *Anchor {
	if len(r.Anchors) == 0 {
		return nil
	}
	return &r.Anchors[len(r.Anchors)-1]
}

// Last is the heads note with the greatest number that is not a draft; nil if there
// is none.
func (r Reading) Last() (last *Anchor) {
	for i, a := range r.Anchors {
		if !a.Draft && a.Text != "" && (last == nil || a.Heads.No > last.Heads.No) {
			last = &r.Anchors[i]
		}
	}
	return last
}

// Instance is the latest start of Latchkey that wrote any of it, and where that
// was seen.
func (r Reading) Instance() (latest uint64, where string) {
	for _, a := range r.Anchors {
		if a.Heads.Instance > latest {
			latest, where = a.Heads.Instance, a.Where
		}
	}
	return latest, where
}

// Heads are what the notes say Jira was seen to hold of each subject. They go on
// from log to log: a request keeps its chain.
func (r Reading) Heads() evidence.Heads {
	out := evidence.Heads{Known: len(r.Anchors)+len(r.Earlier) > 0, By: map[evidence.HeadKey]evidence.Head{}, Doubts: slices.Concat(r.Unread, r.Doubts, r.Amiss())}
	for _, a := range slices.Concat(r.Earlier, r.Anchors) {
		if out.Log == "" || later(a.Log, out.Log) || a.Log == out.Log {
			out.Log, out.Newest = a.Log, a.Signed
		}
		for _, l := range a.lines {
			n, leaf := l.head()
			if was, known := out.By[l.key()]; known && (was.N > n || was.N == n && !was.Seen.After(a.Dated())) {
				continue
			}
			out.By[l.key()] = evidence.Head{N: n, Leaf: leaf, Seen: a.Dated(), Where: a.Where}
		}
	}
	return out
}

// later tells whether a log succeeds another.
func later(log, other string) bool {
	_, n, err := note.Epoch(log)
	_, m, bad := note.Epoch(other)
	return err == nil && bad == nil && n > m
}
