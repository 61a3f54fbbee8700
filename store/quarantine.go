package store

import (
	"slices"
	"time"

	"latchkey/access"
)

// QuarantineRestored is the cause of the quarantine on a store that was restored from a backup.
const QuarantineRestored = "restored"

// Quarantine is a reason why nobody is put into a group for now: what the store knows may
// not be all that happened. It has no end of its own; it goes on until
// somebody, or something that was compared, drops it. Ends of access wait for none.
type Quarantine struct {
	Cause   string // one quarantine for each
	Version uint64
	Since   time.Time
	Why     string // a sentence, for everybody who waits

	// The log as it was when the quarantine began: what comes behind it may be another
	// history than others know.
	Log  string
	Size uint64
	Head access.Hash // leaf of the last event; none for an empty log

	Backup   time.Time `json:",omitzero"`  // QuarantineRestored: when the copy was taken
	Instance uint64    `json:",omitempty"` // QuarantineTwin: the start of the other one
}

func quarantines() table[Quarantine] {
	return table[Quarantine]{
		kind: "quarantine",
		row:  func(h *Quarantine) Record { return Record{ID: h.Cause, Version: h.Version} },
		set:  func(h *Quarantine, v uint64) { h.Version = v },
	}
}

// Quarantines are all there are, by cause.
func Quarantines(tx Tx) ([]Quarantine, error) { return quarantines().whole(tx, "") }

// LoadQuarantine loads the quarantine of a cause. Absent: ErrNotFound.
func LoadQuarantine(tx Tx, cause string) (Quarantine, error) { return quarantines().get(tx, cause) }

// PutQuarantine stores a quarantine.
func PutQuarantine(tx Tx, h *Quarantine) error { return quarantines().put(tx, h) }

// DropQuarantine drops the quarantine of a cause. Dropping an absent one is nothing.
func DropQuarantine(tx Tx, cause string) error { return tx.Delete("quarantine", cause) }

// PausedBy is what new access waits for at a moment: the quarantine that began first, which is a
// pause without an end, or else a pause. ok is false if it waits for nothing. A quarantine that can't be read
// back counts.
func PausedBy(tx Tx, at time.Time) (p access.Pause, ok bool, err error) {
	all, damage, err := Sound(Quarantines(tx))
	if err != nil {
		return access.Pause{}, false, err
	}
	for _, d := range damage {
		all = append(all, Quarantine{Cause: d.ID, Why: "What was found out about the store can't be read back."})
	}
	if len(all) > 0 {
		first := slices.MinFunc(all, func(a, b Quarantine) int { return a.Since.Compare(b.Since) })
		return access.Pause{ID: "quarantine/" + first.Cause, By: access.System(), Reason: first.Why, Since: first.Since}, true, nil
	}
	p, err = Pause(tx)
	return p, err == nil && p.On(at), err
}

// Acceptance is that somebody took a store as it is that was restored from a backup,
// though it may not know of what happened between the two.
type Acceptance struct {
	Version uint64
	At      time.Time // when it was taken
	Backup  time.Time // when the copy was taken
}

func acceptances() table[Acceptance] {
	return table[Acceptance]{
		kind: "acceptance",
		row:  func(a *Acceptance) Record { return Record{ID: QuarantineRestored, Version: a.Version} },
		set:  func(a *Acceptance, v uint64) { a.Version = v },
	}
}

// Accepted is the last time a restored store was taken as it is; the zero one if that
// never happened.
func Accepted(tx Tx) (Acceptance, error) {
	return acceptances().getOrZero(tx, QuarantineRestored)
}

// PutAccepted stores it.
func PutAccepted(tx Tx, a *Acceptance) error { return acceptances().put(tx, a) }

// LogEnd is how many events the log has, and the leaf of the last one.
func LogEnd(tx Tx) (size uint64, head access.Hash, err error) {
	if size, err = tx.Size(); err != nil || size == 0 {
		return size, head, err
	}
	leaves, err := tx.Leaves(size-1, 1)
	if err == nil && len(leaves) == 1 {
		head = leaves[0]
	}
	return size, head, err
}
