package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// page is how many events are read at once.
const page = 1000

// Verification is what came of checking the whole log.
type Verification struct {
	Log    string `json:"log,omitempty"`    // its name
	Events int    `json:"events"`           // that were checked and are whole
	Erased int    `json:"erased,omitempty"` // of them, those whose words and names were erased
	Newer  int    `json:"newer,omitempty"`  // of them, those that only a newer version can read
	Root   string `json:"root,omitempty"`   // of the tree of all of them
	// Head is the last whole event. Its leaf is also in the Jira issue it belongs
	// to, where nobody can change it along with the log.
	Head      string    `json:"head,omitempty"`
	HeadEvent string    `json:"head_event,omitempty"`
	HeadAt    time.Time `json:"head_at,omitzero"`
	HeadIssue string    `json:"head_issue,omitempty"`
	Broken    string    `json:"broken,omitempty"` // the first fault; empty if there is none
	// Rebuilt is what the log says about itself if it was rebuilt from Jira.
	Rebuilt string `json:"rebuilt,omitempty"`

	// Span is where the log is not what somebody outside says that it was; nil if
	// nobody says so.
	Span *Span `json:"span,omitempty"`
	// Confirmed is up to where each place outside confirms the log, the furthest first.
	Confirmed []Confirmation `json:"confirmed,omitempty"`
	// Unconfirmed is how many of the newest events only this log itself vouches for.
	Unconfirmed uint64 `json:"unconfirmed"`
	// Unread are places that were to be asked and can't be, and why: sentences.
	Unread []string `json:"unread,omitempty"`
	// Doubts are what else is amiss outside: sentences.
	Doubts []string `json:"doubts,omitempty"`
}

// Span is the part of the log that is not what it was: something in it was edited,
// removed, put in or put in another order.
type Span struct {
	From   uint64    `json:"from"`           // first place
	To     uint64    `json:"to"`             // last place, by those who knew it
	Since  time.Time `json:"since,omitzero"` // when the log was last seen as it is before it
	Until  time.Time `json:"until,omitzero"` // when the span was seen to be otherwise
	Agrees string    `json:"agrees,omitempty"`
	Says   string    `json:"says"` // who says otherwise
}

// Confirmation is that a place outside says what the log says.
type Confirmation struct {
	Where string    `json:"where"`
	At    time.Time `json:"at,omitzero"`
	Place uint64    `json:"place"` // of the last event that it confirms
}

// Attestation is what somebody outside says of a log: how many events it had, and what the
// root of its tree was.
type Attestation struct {
	Size  uint64
	Root  access.Hash
	Where string
	At    time.Time
}

// Whole reports whether no event was altered, removed or put in between.
func (v Verification) Whole() bool { return v.Broken == "" }

// Verify reads the log from its first event to its last. It hashes the stored
// bytes of each and compares that with the leaf that was kept; sees that each
// follows the one before it of the same subject; that the roots kept of the tree
// are those of the leaves; and that the tree was at each size what the attestations say. A
// fault is no error: it is in the result.
func Verify(ctx context.Context, s store.Store, attested ...Attestation) (Verification, error) {
	w := newWalk(attested)
	err := s.View(ctx, w.begin)
	for err == nil && w.v.Whole() && w.last.Place < w.size {
		err = s.View(ctx, w.next)
	}
	if err != nil {
		return w.v, err
	}
	err = s.View(ctx, w.issue)
	return w.end(), err
}

// VerifyEntries is Verify for the entries of a log that come one after the other. It
// stops at the first fault.
func VerifyEntries(log string, entries iter.Seq2[access.Entry, error], attested ...Attestation) (Verification, error) {
	w := newWalk(attested)
	w.v.Log = log
	for e, err := range entries {
		if err == nil {
			err = w.take(e)
		}
		if err != nil {
			return w.v, err
		}
		if !w.v.Whole() {
			break
		}
	}
	return w.end(), nil
}

// link is the end of a subject's chain.
type link struct {
	n    uint64
	leaf access.Hash
}

// walk is a log that is being verified.
type walk struct {
	v      Verification
	last   access.Entry // the last one that is whole
	chains map[access.Subject]link

	size  uint64        // of the log when the walk began
	wide  uint64        // leaves of the subtrees that the store keeps the roots of
	roots []access.Hash // as they are kept
	tree  frontier      // the subtree that is being walked through
	whole frontier      // the tree of all that was walked through

	attested []Attestation // by size
	met      int           // of them, those that were compared
	agreed   *Attestation  // the last that agrees
	split    *Attestation  // the first that doesn't
}

func newWalk(attested []Attestation) *walk {
	sorted := slices.Clone(attested)
	slices.SortStableFunc(sorted, func(a, b Attestation) int { return cmp.Compare(a.Size, b.Size) })
	return &walk{chains: map[access.Subject]link{}, attested: sorted}
}

func (w *walk) begin(tx store.Tx) (err error) {
	if w.size, err = tx.Size(); err == nil {
		w.wide, w.roots, err = tx.Subtrees()
	}
	if err == nil {
		w.v.Log, err = store.LogName(tx)
	}
	return err
}

// next checks some more entries, up to the first fault.
func (w *walk) next(tx store.Tx) error {
	entries, err := tx.Entries(store.Filter{}, w.last.Place, page)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		w.v.Broken = fmt.Sprintf("the events from place %d to %d are missing", w.last.Place+1, w.size)
	}
	for _, e := range entries {
		if err := w.take(e); err != nil || !w.v.Whole() {
			return err
		}
	}
	return nil
}

// take checks one entry.
func (w *walk) take(e access.Entry) (err error) {
	if err := w.check(e); err != nil {
		w.v.Broken = err.Error()
		return nil
	}
	w.last, w.chains[e.Subject] = e, link{e.N, e.Leaf}
	w.v.Events++
	if e.Erased != (access.Hash{}) {
		w.v.Erased++
	}
	if e.Newer() {
		w.v.Newer++
	}
	w.whole.add(e.Leaf)
	w.compare()
	if e.Subject != access.LogSubject() {
		return nil
	}
	meant, err := e.Event()
	if err == nil && meant.Kind == access.EventLogRebuilt {
		w.v.Rebuilt = meant.Note
	}
	return err
}

// compare compares the tree so far with what the attestations say of this size.
func (w *walk) compare() {
	for w.met < len(w.attested) && w.attested[w.met].Size <= w.whole.size {
		c := &w.attested[w.met]
		w.met++
		switch {
		case w.split != nil || c.Size == 0:
		case c.Root == w.whole.root():
			w.agreed = c
			w.confirm(*c)
		default:
			w.split = c
		}
	}
}

// confirm notes who confirms the log so far; who did before confirms more now.
func (w *walk) confirm(c Attestation) {
	w.v.Confirmed = slices.DeleteFunc(w.v.Confirmed, func(o Confirmation) bool { return o.Where == c.Where && o.Place < c.Size })
	if !slices.ContainsFunc(w.v.Confirmed, func(o Confirmation) bool { return o.Where == c.Where }) {
		w.v.Confirmed = append(w.v.Confirmed, Confirmation{c.Where, c.At, c.Size})
	}
}

func (w *walk) check(e access.Entry) error {
	if e.Place != w.last.Place+1 {
		return fmt.Errorf("the event at place %d is missing: the next one is at place %d", w.last.Place+1, e.Place)
	}
	before := w.chains[e.Subject]
	if err := errors.Join(e.Verify(), e.Follows(before.n, before.leaf)); err != nil {
		return err
	}
	return w.grow(e)
}

// grow adds a leaf to the subtree it belongs to, and compares its root with the
// one that was kept once it is full.
func (w *walk) grow(e access.Entry) error {
	if w.wide == 0 || (e.Place-1)/w.wide >= uint64(len(w.roots)) {
		return nil
	}
	w.tree.add(e.Leaf)
	if w.tree.size < w.wide {
		return nil
	}
	root := w.tree.nodes[0]
	w.tree = frontier{}
	if root != w.roots[(e.Place-1)/w.wide] {
		return fmt.Errorf("the events from place %d to %d are whole by themselves but not those whose root was kept: all of them were written anew", e.Place+1-w.wide, e.Place)
	}
	return nil
}

// issue names the issue that knows the leaf of the last whole event, too.
func (w *walk) issue(tx store.Tx) error {
	if w.last.Place == 0 {
		return nil
	}
	meant, err := w.last.Event()
	if err != nil || meant.Request == "" {
		return err
	}
	r, err := store.Request(tx, meant.Request)
	w.v.HeadIssue = r.Issue.Key
	return orAbsent(err)
}

// end names the last whole event and the root of the whole tree, and says what
// others confirm.
func (w *walk) end() Verification {
	v, last := &w.v, w.last
	if last.Place > 0 {
		v.Head, v.HeadEvent = last.Leaf.String(), last.ID
		if meant, err := last.Event(); err == nil {
			v.HeadAt = meant.At
		}
	}
	v.Unconfirmed = last.Place
	if w.agreed != nil {
		v.Unconfirmed -= w.agreed.Size
	}
	slices.SortStableFunc(v.Confirmed, func(a, b Confirmation) int { return cmp.Compare(b.Place, a.Place) })
	if !v.Whole() {
		return *v
	}
	if last.Place > 0 {
		v.Root = w.whole.root().String()
	}
	if w.split != nil {
		v.Span = w.span(*w.split)
		v.Broken = fmt.Sprintf("the events from place %d to %d are not those that were there: %s%s says otherwise (%s). Something between these places was edited, removed, put in or put in another order",
			v.Span.From, v.Span.To, v.Span.before(), w.split.Where, day(w.split.At))
		return *v
	}
	if w.met < len(w.attested) {
		most := w.attested[len(w.attested)-1]
		v.Span = w.span(most)
		v.Broken = fmt.Sprintf("the log ends at place %d, and %s knows of %d events (%s): its end was cut off, or this is an older store", last.Place, most.Where, most.Size, day(most.At))
	}
	return *v
}

func (w *walk) span(c Attestation) *Span {
	s := &Span{From: 1, To: c.Size, Until: c.At, Says: c.Where}
	if w.agreed != nil {
		s.From, s.Since, s.Agrees = w.agreed.Size+1, w.agreed.At, w.agreed.Where
	}
	return s
}

// before says up to where the log is what it was.
func (s Span) before() string {
	if s.Agrees == "" {
		return ""
	}
	return fmt.Sprintf("up to place %d %s confirms them (%s); ", s.From-1, s.Agrees, day(s.Since))
}

func day(at time.Time) string {
	if at.IsZero() {
		return "undated"
	}
	return at.UTC().Format("2 Jan 2006 15:04 MST")
}
