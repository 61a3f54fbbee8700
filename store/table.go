package store

import (
	"encoding/json"
	"errors"
	"fmt"
)

// table maps one noun to records.
type table[T any] struct {
	kind   string
	schema Schema
	row    func(*T) Record // everything but kind, schema and body
	set    func(*T, uint64)
	recall func(*cachingTx, Record) (T, bool) // nil: nothing of the kind is cached
	retain func(*cachingTx, Record, T)
}

// rows is what a table needs to read and write one record.
type rows interface {
	Get(kind, id string) (Record, error)
	Put(r Record) (uint64, error)
}

func (t table[T]) get(tx rows, id string) (T, error) {
	r, err := tx.Get(t.kind, id)
	if err != nil {
		var zero T
		return zero, t.unfound(id, err)
	}
	return t.decode(tx, r)
}

func (t table[T]) unfound(name string, err error) error {
	if errors.Is(err, ErrNotFound) {
		return &absent{t.kind, name}
	}
	return fmt.Errorf("%s %s: %w", t.kind, name, err)
}

// absent is ErrNotFound of one thing. Much is looked for that is rarely there, so it is
// only put into words if somebody reads it.
type absent struct{ kind, name string }

func (a *absent) Error() string { return a.kind + " " + a.name + ": " + ErrNotFound.Error() }
func (a *absent) Unwrap() error { return ErrNotFound }

// getUnless is get of what was seen at a version: where that is still the one that is
// stored, it needs no decoding.
func (t table[T]) getUnless(tx rows, id string, version uint64, seen T) (T, error) {
	r, err := tx.Get(t.kind, id)
	switch {
	case err != nil:
		return seen, t.unfound(id, err)
	case version > 0 && r.Version == version:
		return seen, nil
	}
	return t.decode(tx, r)
}

// idsOf are the ids of all records with an index key.
func idsOf(tx Tx, kind, key string) (all []string, err error) {
	for after := ""; ; after = all[len(all)-1] {
		some, err := tx.IDs(kind, key, after, wholePage)
		if all = append(all, some...); err != nil || len(some) < wholePage {
			return all, err
		}
	}
}

// getOrZero is get of what need not be there: then it is the zero value.
func (t table[T]) getOrZero(tx rows, id string) (T, error) {
	v, err := t.get(tx, id)
	if errors.Is(err, ErrNotFound) {
		return v, nil
	}
	return v, err
}

func (t table[T]) decode(tx rows, r Record) (T, error) {
	cached, caching := tx.(*cachingTx)
	caching = caching && t.recall != nil
	if caching {
		if v, known := t.recall(cached, r); known {
			return v, nil
		}
	}
	v, err := t.read(r)
	if err == nil && caching {
		t.retain(cached, r, v)
	}
	return v, err
}

func (t table[T]) read(r Record) (T, error) {
	var v T
	if err := t.schema.Decode(r.Schema, r.Body, &v); err != nil {
		return v, &Damaged{Kind: t.kind, ID: r.ID, Index: r.Index, Err: err}
	}
	t.set(&v, r.Version)
	return v, nil
}

func (t table[T]) put(tx rows, v *T) error {
	r := t.row(v)
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("%s %s can't be stored: %w", t.kind, r.ID, err)
	}
	r.Kind, r.Schema, r.Body = t.kind, t.schema.Number(), body
	version, err := tx.Put(r)
	if err != nil {
		return fmt.Errorf("%s %s: %w", t.kind, r.ID, err)
	}
	t.set(v, version)
	if cached, caching := tx.(*cachingTx); caching && t.retain != nil {
		t.retain(cached, r, *v)
	}
	return nil
}

// all reads records back. Those that can't be are named in a Damage, beside the
// others.
func (t table[T]) all(found []Record, err error) ([]T, error) { return t.allIn(nil, found, err) }

// allIn is all, in a transaction that may have a cache.
func (t table[T]) allIn(tx rows, found []Record, err error) ([]T, error) {
	if err != nil {
		return nil, fmt.Errorf("%ss: %w", t.kind, err)
	}
	out := make([]T, 0, len(found))
	var damage Damage
	for _, r := range found {
		v, err := t.decode(tx, r)
		var d *Damaged
		switch {
		case err == nil:
			out = append(out, v)
		case errors.As(err, &d):
			damage = append(damage, d)
		default:
			return nil, err
		}
	}
	if len(damage) > 0 {
		return out, damage
	}
	return out, nil
}

// wholePage is how many records are read at once where all are wanted.
const wholePage = 1000

// whole reads all records with an index key back, however many there are; see all.
func (t table[T]) whole(tx Tx, key string) ([]T, error) {
	var found []Record
	for after := ""; ; after = found[len(found)-1].ID {
		some, err := tx.Find(t.kind, key, after, wholePage)
		if found = append(found, some...); err != nil || len(some) < wholePage {
			return t.allIn(tx, found, err)
		}
	}
}

// first finds the one record with an index key. Absent: ErrNotFound.
func (t table[T]) first(tx Tx, key string) (T, error) {
	rows, err := tx.Find(t.kind, key, "", 1)
	found, err := t.allIn(tx, rows, err)
	var none T
	if err != nil {
		return none, err
	}
	if len(found) == 0 {
		return none, &absent{t.kind, "with " + key}
	}
	return found[0], nil
}
