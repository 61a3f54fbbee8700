package membership

import (
	"errors"
	"time"

	"latchkey/idp"
)

// usualReadLag is for how long what a directory can't find is looked for again,
// where the directory doesn't say how long its answers may trail behind.
const usualReadLag = 5 * time.Second

// Missing is the error of a group or an account that a directory can't find.
type Missing struct {
	What string // "group" or "account"
	ID   string // by which it was asked for; empty: by a name or an address, which proves nothing
	In   Place  // as far as it is known
	err  error
}

func (m *Missing) Error() string { return m.err.Error() }

// Unwrap is what the directory said.
func (m *Missing) Unwrap() error { return m.err }

// ifMissing marks the error of a look-up that found nothing.
func ifMissing(err error, what, id string, in Place) error {
	if !errors.Is(err, idp.ErrNotFound) {
		return err
	}
	return &Missing{What: what, ID: id, In: in, err: err}
}

// ReadLag is how long after a change a directory may still answer as if it had not been made.
func ReadLag(d idp.Directory) time.Duration {
	if s, able := idp.As[idp.Lagging](d); able {
		return s.ReadLag()
	}
	return usualReadLag
}
