package store

import (
	"errors"
	"time"
)

// InForce is which catalogue is in force, and since when.
type InForce struct {
	Version uint64
	Catalog string // its version
	Since   time.Time
}

const inForceID = "now"

func inForceTable() table[InForce] {
	return table[InForce]{
		kind: "catalogue",
		row:  func(f *InForce) Record { return Record{ID: inForceID, Version: f.Version} },
		set:  func(f *InForce, v uint64) { f.Version = v },
	}
}

// LoadInForce is the catalogue that was noted last; none for a store that has noted none.
func LoadInForce(tx Tx) (InForce, error) {
	f, err := inForceTable().get(tx, inForceID)
	if errors.Is(err, ErrNotFound) {
		return InForce{}, nil
	}
	return f, err
}

// PutInForce notes it.
func PutInForce(tx Tx, f *InForce) error { return inForceTable().put(tx, f) }
