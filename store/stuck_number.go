package store

import "time"

// StuckNumber is the number under which people know something that is stuck. It means that
// alone for as long as it is stuck, and nothing else for long after.
type StuckNumber struct {
	Thing   string // the sum of what the thing is known by
	Version uint64
	Number  int       // from 1
	Seen    time.Time // when it was last seen to be stuck, to a day or so
}

func stuckNumbers() table[StuckNumber] {
	return table[StuckNumber]{
		kind: "stuck-number",
		row:  func(n *StuckNumber) Record { return Record{ID: n.Thing, Version: n.Version} },
		set:  func(n *StuckNumber, v uint64) { n.Version = v },
	}
}

// StuckNumbers are those that are known. Those that can't be read back are named in a Damage,
// beside the others.
func StuckNumbers(tx Tx) ([]StuckNumber, error) { return stuckNumbers().whole(tx, "") }

// PutStuckNumber stores n at its version and raises it.
func PutStuckNumber(tx Tx, n *StuckNumber) error { return stuckNumbers().put(tx, n) }

// ForgetStuckNumber lets the number of a thing be another's.
func ForgetStuckNumber(tx Tx, thing string) error { return tx.Delete(stuckNumbers().kind, thing) }
