package store

import (
	"fmt"
	"time"

	"latchkey/access"
)

// What new access waits for while the log does not stand as it is anchored: see Hold.
const (
	QuarantineOlder = "older" // an anchor knows of more events than the store
	QuarantineFork  = "fork"  // an anchor knows another history
	QuarantineTwin  = "twin"  // another Latchkey works on the same log
)

// Anchor is a heads note as it was made, with its checkpoint, and where it stands
// outside by now.
type Anchor struct {
	ID      string // see AnchorID
	Version uint64
	Log     string
	No      uint64
	Size    uint64
	Root    access.Hash
	At      time.Time

	Checkpoint string // signed; a witness adds its signature
	Heads      string // signed
	List       string

	Posted map[string]time.Time // by place, when it was put there by the place's clock
}

// AnchorID orders the notes of a log by their numbers.
func AnchorID(log string, no uint64) string { return fmt.Sprintf("%s/%012d", log, no) }

func anchors() table[Anchor] {
	return table[Anchor]{
		kind: "anchor",
		row:  func(a *Anchor) Record { return Record{ID: a.ID, Version: a.Version} },
		set:  func(a *Anchor, v uint64) { a.Version = v },
	}
}

// LoadAnchor loads a note. Absent: ErrNotFound.
func LoadAnchor(tx Tx, id string) (Anchor, error) { return anchors().get(tx, id) }

// PutAnchor stores a at its version and raises it.
func PutAnchor(tx Tx, a *Anchor) error { return anchors().put(tx, a) }

// Anchors lists up to limit notes, by log and number.
func Anchors(tx Tx, after string, limit int) ([]Anchor, error) {
	found, err := tx.Find(anchors().kind, "", after, limit)
	return anchors().all(found, err)
}

// Anchoring is how far the log has been anchored: one record.
type Anchoring struct {
	Version uint64

	// The newest checkpoint, which may be younger than the newest note.
	Checkpoint string
	Log        string
	Size       uint64
	At         time.Time
	Pinned     uint64 // size of the checkpoint that was put where the next one replaces it

	No   uint64      // of the newest note of this log
	Sum  access.Hash // of its text
	Made time.Time   // when

	// The issue that notes stand in now: one a year, or more where it is full.
	Opened   time.Time // when it was to be opened; zero for none
	Comments int       // how many stand in it
	Issue    access.Issue

	Witnessed map[string]uint64 `json:",omitempty"` // by witness, the size that it signed last
}

const anchoringID = "anchoring"

func anchoring() table[Anchoring] {
	return table[Anchoring]{
		kind: "anchoring",
		row:  func(a *Anchoring) Record { return Record{ID: anchoringID, Version: a.Version} },
		set:  func(a *Anchoring, v uint64) { a.Version = v },
	}
}

// LoadAnchoring is how far the log has been anchored; the zero one if it never was.
func LoadAnchoring(tx Tx) (Anchoring, error) {
	return anchoring().getOrZero(tx, anchoringID)
}

// PutAnchoring stores a at its version and raises it.
func PutAnchoring(tx Tx, a *Anchoring) error { return anchoring().put(tx, a) }
