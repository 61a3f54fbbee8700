package erasure

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// note is what the log says of it.
func (f *finding) note() string {
	return fmt.Sprintf("The names and words in %d events from before %s were erased, and what %d requests said of them.", f.Events, f.Before.UTC().Format("2006-01-02 15:04 MST"), len(f.requests))
}

// batches are units that erase what was found, each a part of it. Issues come behind the
// events: what they carry is made of these.
func (f *finding) batches() (all []func(*engine.Unit) error) {
	for some := range slices.Chunk(f.places, atOnce) {
		all = append(all, func(u *engine.Unit) error { return u.Tx.Erase(some) })
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(f.grants)), atOnce) {
		all = append(all, func(u *engine.Unit) error { return eachOf(u, some, f.eraseGrant) })
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(f.requests)), atOnce) {
		all = append(all, func(u *engine.Unit) error { return eachOf(u, some, f.eraseRequest) })
	}
	return all
}

func eachOf(u *engine.Unit, ids []string, do func(*engine.Unit, string) error) error {
	for _, id := range ids {
		if err := do(u, id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

func (f *finding) eraseGrant(u *engine.Unit, id string) error {
	g, err := u.Grant(id)
	if err != nil {
		return err
	}
	g = access.EraseGrant(g, f.Person, f.Before)
	return engine.Save(u, engine.Grants(), &g)
}

func (f *finding) eraseRequest(u *engine.Unit, id string) error {
	r, err := u.Request(id)
	if err != nil {
		return err
	}
	if r.State != access.RequestPending {
		r = r.Erase(f.Person, f.Before)
	}
	if err := engine.Save(u, engine.Requests(), &r); err != nil {
		return err
	}
	return ledger.EraseIssue(u, r)
}
