package engine

import (
	"time"

	"latchkey/store"
)

const (
	// idleLook is how long the timer waits when nothing is due.
	idleLook = time.Hour
	// heard is how far ahead something has to fall due for other processes' timers to hear of
	// it at once. They look again by themselves before that, even where clocks differ a little.
	heard = idleLook + 5*time.Minute
)

// minding is a transaction that tells what falls due.
type minding struct {
	store.Tx
	falls func(due time.Time)
}

// Put implements store.Records.
func (m *minding) Put(r store.Record) (uint64, error) {
	if !r.Due.IsZero() {
		m.falls(r.Due)
	}
	return m.Tx.Put(r)
}
