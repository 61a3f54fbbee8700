package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Damaged is the error of one record that is there and can't be read back.
type Damaged struct {
	Kind, ID string
	Index    []string // the keys it is found by, which say what it is about
	Err      error
}

// Error names the record and says why it can't be read back.
func (d *Damaged) Error() string {
	return fmt.Sprintf("%s %s can't be read back: %v", d.Kind, d.ID, d.Err)
}

// Unwrap is why it can't.
func (d *Damaged) Unwrap() error { return d.Err }

// Has tells whether the record is found by a key.
func (d *Damaged) Has(key string) bool { return slices.Contains(d.Index, key) }

// Damage is the error of a listing that met records that can't be read back.
// Beside it, the listing returns all others: who can go on without the damaged
// ones takes the two apart with Sound, and says which they are.
type Damage []*Damaged

// Error names them all.
func (d Damage) Error() string {
	said := make([]string, len(d))
	for i, one := range d {
		said[i] = one.Error()
	}
	return strings.Join(said, "; ")
}

// Unwrap are the records.
func (d Damage) Unwrap() []error {
	out := make([]error, len(d))
	for i, one := range d {
		out[i] = one
	}
	return out
}

// Sound takes the answer of a listing apart: what can be read, and what can't.
// Other errors stand.
func Sound[T any](all []T, err error) ([]T, Damage, error) {
	var damage Damage
	if errors.As(err, &damage) {
		return all, damage, nil
	}
	return all, nil, err
}
