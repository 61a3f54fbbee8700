package store

import (
	"latchkey/access"
)

// pauseID is the id of the one record there is of its kind.
const pauseID = "pause"

func pauses() table[access.Pause] {
	return table[access.Pause]{
		kind: "pause",
		row:  func(p *access.Pause) Record { return Record{ID: pauseID, Version: p.Version, Due: p.Due()} },
		set:  func(p *access.Pause, v uint64) { p.Version = v },
	}
}

// Pause is the pause of new access, as it is or was last; the zero one if there never
// was any.
func Pause(tx Tx) (access.Pause, error) {
	return pauses().getOrZero(tx, pauseID)
}

// PutPause stores p at its version and raises it.
func PutPause(tx Tx, p *access.Pause) error { return pauses().put(tx, p) }
