package bolt

import (
	"fmt"
	"time"

	"latchkey/store"
)

// leaseTable implements store.Leases.
type leaseTable struct{ *handle }

// held is a lease as it is stored. One that ran out stays, for its token.
type held struct {
	owner string
	until time.Time
	token uint64 // 0 if nobody ever had it
}

// Lease implements store.Leases.
func (l leaseTable) Lease(name, owner string, at, until time.Time) (uint64, bool, error) {
	if err := l.mayWrite(); err != nil {
		return 0, false, err
	}
	if err := named("lease's name and owner", name, owner); err != nil {
		return 0, false, err
	}
	h, err := l.held(name)
	if err != nil {
		return 0, false, err
	}
	holds := h.until.After(at)
	if holds && h.owner != owner {
		return 0, false, nil
	}
	if !holds {
		h.token++
	}
	var p packer
	p.text(owner)
	p.moment(until)
	p.number(h.token)
	return h.token, true, l.put(leases, []byte(name), p)
}

// Guard implements store.Leases. Transactions run one after the other here, so
// what is true now stays true until this one ends.
func (l leaseTable) Guard(name string, token uint64) error {
	if err := l.mayRead(); err != nil {
		return err
	}
	h, err := l.held(name)
	if err == nil && h.token != token {
		err = fmt.Errorf("lease %s: %w", name, store.ErrFenced)
	}
	return err
}

func (l leaseTable) held(name string) (held, error) {
	raw := l.get(leases, []byte(name))
	if raw == nil {
		return held{}, nil
	}
	u := &unpacker{rest: raw}
	h := held{u.text(), u.moment(), u.number()}
	if u.err != nil {
		return held{}, fmt.Errorf("lease %s: %w", name, u.err)
	}
	return h, nil
}
