package bolt

import (
	"fmt"
	"time"

	"latchkey/store"
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
	h, err := l.held(name)
	if err != nil {
		return 0, false, err
	}
	h, ok := h.Take(owner, at, until)
	if !ok {
		return 0, false, nil
	}
	var p packer
	p.text(h.Owner)
	p.moment(h.Until)
	p.number(h.Token)
	return h.Token, true, l.put(leases, []byte(name), p)
}

// Guard implements store.Leases. Transactions run one after the other here, so
// what is true now stays true until this one ends.
func (l leaseTable) Guard(name string, token uint64) error {
	if err := l.mayRead(); err != nil {
		return err
	}
	h, err := l.held(name)
	if err != nil {
		return err
	}
	return h.Guard(name, token)
}

func (l leaseTable) held(name string) (store.Held, error) {
	raw := l.get(leases, []byte(name))
	if raw == nil {
		return store.Held{}, nil
	}
	u := &unpacker{rest: raw}
	h := store.Held{Owner: u.text(), Until: u.moment(), Token: u.number()}
	if u.err != nil {
		return store.Held{}, fmt.Errorf("lease %s: %w", name, u.err)
	}
	return h, nil
}
