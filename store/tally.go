package store

import "time"

// Tally counts what somebody does again and again, so that the log needn't hold
// each time of it.
type Tally struct {
	ID      string // who does what, to what
	Version uint64
	Count   int       // since Since
	Since   time.Time // the first time
	Last    time.Time // the latest
}

func tallies() table[Tally] {
	return table[Tally]{
		kind: "tally",
		row:  func(t *Tally) Record { return Record{ID: t.ID, Version: t.Version} },
		set:  func(t *Tally, v uint64) { t.Version = v },
	}
}

// LoadTally loads a tally. Absent: ErrNotFound.
func LoadTally(tx Tx, id string) (Tally, error) { return tallies().get(tx, id) }

// PutTally stores t at its version and raises it.
func PutTally(tx Tx, t *Tally) error { return tallies().put(tx, t) }
