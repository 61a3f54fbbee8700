package bolt

import (
	"fmt"
	"time"

	"latchkey/store"
)

// held is a lease as it is stored. One that ran out stays, for its token.
type held struct {
	owner string
	until time.Time
	token uint64 // 0 if nobody ever had it
}

// Lease implements store.Leases.
func (t *tx) Lease(name, owner string, at, until time.Time) (uint64, bool, error) {
	if err := t.mayWrite(); err != nil {
		return 0, false, err
	}
	if err := named("lease's name and owner", name, owner); err != nil {
		return 0, false, err
	}
	h, err := t.held(name)
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
	return h.token, true, t.put(leases, []byte(name), p)
}

// Guard implements store.Leases. Transactions run one after the other here, so
// what is true now stays true until this one ends.
func (t *tx) Guard(name string, token uint64) error {
	if err := t.mayRead(); err != nil {
		return err
	}
	h, err := t.held(name)
	if err == nil && h.token != token {
		err = fmt.Errorf("lease %s: %w", name, store.ErrFenced)
	}
	return err
}

func (b *batch) held(name string) (held, error) {
	raw := b.get(leases, []byte(name))
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
