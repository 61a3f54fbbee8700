package postgres

import (
	"errors"
	"time"

	"latchkey/store"
	"latchkey/store/moment"
)

// leaseTable implements store.Leases.
type leaseTable struct{ *handle }

// Lease implements store.Leases.
func (l leaseTable) Lease(name, owner string, at, until time.Time) (uint64, bool, error) {
	if err := l.mayWrite(); err != nil {
		return 0, false, err
	}
	if err := store.CheckLease(name, owner); err != nil {
		return 0, false, err
	}
	h, err := l.held(name, " FOR UPDATE")
	if err != nil {
		return 0, false, err
	}
	h, ok := h.Take(owner, at, until)
	if !ok {
		return 0, false, nil
	}
	_, err = l.change(`
		INSERT INTO latchkey_lease (name, owner, until, token) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET owner = $2, until = $3, token = $4`,
		raw(name), raw(h.Owner), moment.Append(nil, h.Until), int64(h.Token))
	return h.Token, err == nil, err
}

// Guard implements store.Leases. In an update the lease can't be taken by anybody
// until that ends.
func (l leaseTable) Guard(name string, token uint64) error {
	if err := l.mayRead(); err != nil {
		return err
	}
	lock := ""
	if l.writable {
		lock = " FOR SHARE"
	}
	h, err := l.held(name, lock)
	if err != nil {
		return err
	}
	return h.Guard(name, token)
}

func (l leaseTable) held(name, lock string) (h store.Held, err error) {
	err = l.one(of(leases), `SELECT owner, until, token FROM latchkey_lease WHERE name = $1`+lock, []any{raw(name)}, (*text)(&h.Owner), (*when)(&h.Until), &h.Token)
	if errors.Is(err, store.ErrNotFound) {
		return store.Held{}, nil
	}
	return h, err
}
