package bolt

import (
	"fmt"
	"time"
)

// Lease implements store.Leases.
func (t *tx) Lease(name, owner string, at, until time.Time) (bool, error) {
	if err := t.mayWrite(); err != nil {
		return false, err
	}
	if err := named("lease's name and owner", name, owner); err != nil {
		return false, err
	}
	if raw := t.get(leases, []byte(name)); raw != nil {
		u := &unpacker{rest: raw}
		holder, held := u.text(), u.moment()
		if u.err != nil {
			return false, fmt.Errorf("lease %s: %w", name, u.err)
		}
		if holder != owner && held.After(at) {
			return false, nil
		}
	}
	var p packer
	p.text(owner)
	p.moment(until)
	return true, t.put(leases, []byte(name), p)
}
