package store

import (
	"time"

	"latchkey/catalog"
)

// GroupPin is which group of a directory a name of the configuration was found to
// mean. A name may be given on, an id is not.
type GroupPin struct {
	Ref     catalog.GroupRef
	Version uint64
	GroupID string
	Name    string // what the group was called when it was looked at last
	Since   time.Time
}

func groupPins() table[GroupPin] {
	return table[GroupPin]{
		kind: "group-pin",
		row:  func(p *GroupPin) Record { return Record{ID: p.Ref.String(), Version: p.Version} },
		set:  func(p *GroupPin, v uint64) { p.Version = v },
	}
}

// LoadGroupPin is what a name of the configuration means. Absent: ErrNotFound.
func LoadGroupPin(tx Tx, ref catalog.GroupRef) (GroupPin, error) {
	return groupPins().get(tx, ref.String())
}

// PutGroupPin stores p at its version and raises it.
func PutGroupPin(tx Tx, p *GroupPin) error { return groupPins().put(tx, p) }
