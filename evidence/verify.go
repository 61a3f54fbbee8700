package evidence

import (
	"context"
	"errors"
	"fmt"
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
}

// Whole reports whether no event was altered, removed or put in between.
func (v Verification) Whole() bool { return v.Broken == "" }

// Verify reads the log from its first event to its last. It hashes the stored
// bytes of each and compares that with the leaf that was kept; sees that each
// follows the one before it of the same subject; and that the roots kept of the
// tree are those of the leaves. A fault is no error: it is in the result.
func Verify(ctx context.Context, s store.Store) (Verification, error) {
	w := walk{chains: map[access.Subject]link{}}
	err := s.View(ctx, w.begin)
	for err == nil && w.v.Whole() && w.last.Place < w.size {
		err = s.View(ctx, w.next)
	}
	if err != nil {
		return w.v, err
	}
	return w.v, s.View(ctx, w.finish)
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
}

func (w *walk) begin(tx store.Tx) (err error) {
	if w.size, err = tx.Size(); err == nil {
		w.wide, w.roots, err = tx.Subtrees()
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
		if err := w.rebuilt(e); err != nil {
			return err
		}
	}
	return nil
}

// rebuilt takes in what the log says about itself.
func (w *walk) rebuilt(e access.Entry) error {
	if e.Subject != access.LogSubject() {
		return nil
	}
	meant, err := e.Event()
	if err == nil && meant.Kind == access.EventLogRebuilt {
		w.v.Rebuilt = meant.Note
	}
	return err
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

// finish names the last whole event and the issue that knows its leaf too, and
// the root of the whole tree.
func (w *walk) finish(tx store.Tx) (err error) {
	v, last := &w.v, w.last
	if last.Place == 0 {
		return nil
	}
	meant, err := last.Event()
	if err != nil {
		return err
	}
	v.Head, v.HeadEvent, v.HeadAt = last.Leaf.String(), last.ID, meant.At
	if v.Log, err = store.LogName(tx); err != nil {
		return err
	}
	if v.Whole() {
		root, err := Root(tx, last.Place)
		if err != nil {
			return err
		}
		v.Root = root.String()
	}
	if meant.Request == "" {
		return nil
	}
	r, err := store.Request(tx, meant.Request)
	v.HeadIssue = r.Issue.Key
	return orAbsent(err)
}
