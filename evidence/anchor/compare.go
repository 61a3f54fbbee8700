package anchor

import (
	"fmt"

	"latchkey/evidence"
	"latchkey/store"
)

// Standing is how a log stands beside what is anchored of it.
type Standing string

// The ways a log can stand.
const (
	Agrees  Standing = "agrees" // it goes on from the newest anchor
	Older   Standing = "older"  // an anchor knows of more events
	Forked  Standing = "fork"   // at a size that both have, it has another history
	Twin    Standing = "twin"   // it agrees, and a later start of Latchkey writes to it
	Unknown Standing = "unknown"
)

// Comparison is how a log stands, and beside which anchor that was seen.
type Comparison struct {
	Standing Standing
	Size     uint64  // how far the log was compared
	Anchor   *Anchor // the one that decided; nil if there is none
	Latest   uint64  // instance of the twin
	Where    string  // where the twin was seen
}

// Compare compares the first events of a log with what was read outside. instance
// is the present start of Latchkey.
func Compare(tx store.Tx, r Reading, upto, instance uint64) (Comparison, error) {
	c := Comparison{Standing: Unknown, Size: upto, Anchor: r.Newest()}
	if c.Anchor == nil {
		return c, nil
	}
	c.Standing = Agrees
	if c.Anchor.Size > upto {
		c.Standing = Older
	}
	if split, err := firstSplit(tx, r, upto); err != nil {
		return c, err
	} else if split != nil {
		c.Standing, c.Anchor = Forked, split
		return c, nil
	}
	if latest, where := r.Instance(); c.Standing == Agrees && latest > instance {
		c.Standing, c.Latest, c.Where = Twin, latest, where
	}
	return c, nil
}

// firstSplit is the smallest anchor whose root is not the log's, of those that the
// log is long enough for.
func firstSplit(tx store.Tx, r Reading, upto uint64) (*Anchor, error) {
	for i, a := range r.Anchors {
		if a.Size > upto {
			break
		}
		if i > 0 && r.Anchors[i-1].Checkpoint == a.Checkpoint {
			continue
		}
		if same, err := agrees(tx, a); err != nil || !same {
			return &r.Anchors[i], err
		}
	}
	return nil, nil
}

func agrees(tx store.Tx, a Anchor) (bool, error) {
	root, err := evidence.Root(tx, a.Size)
	if err != nil {
		return false, fmt.Errorf("the root of the log's first %d events: %w", a.Size, err)
	}
	return root == a.Root, nil
}
