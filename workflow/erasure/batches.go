package erasure

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// note is what the log says of it under an id of theirs.
func (f *finding) note(who access.PersonID) string {
	said := fmt.Sprintf("The names and words in %d events from before %s were erased, and what %d requests said of them.", f.Events, f.Before.UTC().Format("2006-01-02 15:04 MST"), len(f.requests))
	switch {
	case who != f.Person:
		said += fmt.Sprintf(" They are the same person as %s, whose names and words these are too.", f.Person)
	case len(f.Also) > 0:
		said += " They were also known as " + listed(f.Also) + "."
	}
	return said
}

func listed(ids []access.PersonID) string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return strings.Join(all, ", ")
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
	for some := range slices.Chunk(slices.Sorted(maps.Keys(f.rows)), atOnce) {
		all = append(all, func(u *engine.Unit) error { return eachOf(u, some, f.eraseRow) })
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(f.seats)), atOnce) {
		all = append(all, func(u *engine.Unit) error { return eachOf(u, some, f.eraseSeat) })
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(f.listed)), atOnce) {
		all = append(all, func(u *engine.Unit) error { return eachOf(u, some, eraseListed) })
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(f.frozen)), 1) {
		all = append(all, func(u *engine.Unit) error { return eachOf(u, some, f.eraseFrozen) })
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
	for _, who := range f.ids() {
		g = access.EraseGrant(g, who, f.Before)
	}
	return engine.Save(u, engine.Grants(), &g)
}

func (f *finding) eraseSeat(u *engine.Unit, id string) error {
	c, err := store.Reclaim(u.Tx, id)
	if err != nil {
		return err
	}
	for _, who := range f.ids() {
		c = access.EraseReclaim(c, who, f.Before)
	}
	return store.PutReclaim(u.Tx, &c)
}

func (f *finding) eraseRequest(u *engine.Unit, id string) error {
	r, err := u.Request(id)
	if err != nil {
		return err
	}
	if r.State != access.RequestPending {
		for _, who := range f.ids() {
			r = r.Erase(who, f.Before)
		}
	}
	if err := engine.Save(u, engine.Requests(), &r); err != nil {
		return err
	}
	return ledger.EraseIssue(u, r)
}
