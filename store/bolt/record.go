package bolt

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/store"
)

// recordTable implements store.Records.
type recordTable struct{ *handle }

// Get implements store.Records.
func (t recordTable) Get(kind, id string) (store.Record, error) {
	if err := t.mayRead(); err != nil {
		return store.Record{}, err
	}
	return t.record(kind, id)
}

func (t recordTable) record(kind, id string) (store.Record, error) {
	r, err := t.head(kind, id)
	r.Body = append([]byte(nil), r.Body...) // nil if there is none
	return r, err
}

// head is a record whose body is the file's own bytes.
func (t recordTable) head(kind, id string) (store.Record, error) {
	raw := t.get(records, withID(key(kind), id))
	if raw == nil {
		return store.Record{}, store.ErrNotFound
	}
	return unpackRecord(kind, id, raw)
}

// Put implements store.Records.
func (t recordTable) Put(r store.Record) (uint64, error) {
	if err := t.mayWrite(); err != nil {
		return 0, err
	}
	if err := r.Check(); err != nil {
		return 0, err
	}
	old, err := t.head(r.Kind, r.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, err
	}
	if old.Version != r.Version {
		return 0, store.ErrConflict
	}
	r.Version++
	r.Index = r.Keys()
	if err := t.reindex(old, r); err != nil {
		return 0, err
	}
	return r.Version, t.put(records, withID(key(r.Kind), r.ID), packRecord(r))
}

// Kinds implements store.Copyable.
func (t recordTable) Kinds() (kinds []string, err error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	cursor := t.in(records).Cursor()
	for k, _ := cursor.First(); k != nil; {
		kind, _ := splitText(k)
		kinds = append(kinds, kind)
		k, _ = cursor.Seek(append([]byte(kind), 1)) // past the NUL that ends it
	}
	return kinds, nil
}

// PutAs implements store.Copyable.
func (t recordTable) PutAs(r store.Record) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	if err := r.Check(); err != nil {
		return err
	}
	old, err := t.head(r.Kind, r.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	r.Index = r.Keys()
	if err := t.reindex(old, r); err != nil {
		return err
	}
	return t.put(records, withID(key(r.Kind), r.ID), packRecord(r))
}

// Delete implements store.Records.
func (t recordTable) Delete(kind, id string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	old, err := t.head(kind, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := t.reindex(old, store.Record{Kind: kind, ID: id}); err != nil {
		return err
	}
	return t.drop(records, withID(key(kind), id))
}

// reindex makes next findable the way old was; keys that stay are not touched.
func (t recordTable) reindex(old, next store.Record) error {
	for _, k := range old.Index {
		if !slices.Contains(next.Index, k) {
			if err := t.drop(index, withID(key(next.Kind, k), next.ID)); err != nil {
				return err
			}
		}
	}
	for _, k := range next.Index {
		if !slices.Contains(old.Index, k) {
			if err := t.put(index, withID(key(next.Kind, k), next.ID), nil); err != nil {
				return err
			}
		}
	}
	return t.reschedule(next.Kind, next.ID, old.Due, next.Due)
}

func (t recordTable) reschedule(kind, id string, old, next time.Time) error {
	if old.Equal(next) {
		return nil
	}
	if !old.IsZero() {
		if err := t.drop(due, dueKey(kind, old, id)); err != nil {
			return err
		}
	}
	if next.IsZero() {
		return nil
	}
	return t.put(due, dueKey(kind, next, id), nil)
}

// Find implements store.Records.
func (t recordTable) Find(kind, by, after string, limit int) ([]store.Record, error) {
	ids, err := t.IDs(kind, by, after, limit)
	if err != nil {
		return nil, err
	}
	var found []store.Record
	for _, id := range ids {
		r, err := t.listed(kind, id)
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

// IDs implements store.Records.
func (t recordTable) IDs(kind, by, after string, limit int) ([]string, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	which, prefix := records, key(kind)
	if by != "" {
		which, prefix = index, key(kind, by)
	}
	var found []string
	for k := range t.scan(which, prefix, withID(bytes.Clone(prefix), after)) {
		id := string(k[len(prefix):])
		if len(found) >= limit {
			break
		}
		if id != after {
			found = append(found, id)
		}
	}
	return found, nil
}

// listed is record for a listing. One that can't be taken apart comes without
// anything but its name, which nobody can read anything back from: it doesn't keep
// the others from being listed.
func (t recordTable) listed(kind, id string) (store.Record, error) {
	r, err := t.record(kind, id)
	if errors.Is(err, errDamaged) {
		return store.Record{Kind: kind, ID: id}, nil
	}
	return r, err
}

// Due implements store.Records.
func (t recordTable) Due(kind string, at time.Time, limit int) ([]store.Record, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	prefix := key(kind)
	var found []store.Record
	for k := range t.scan(due, prefix, prefix) {
		if len(found) >= limit || timeOf(k[len(prefix):]).After(at) {
			break
		}
		r, err := t.listed(kind, string(k[len(prefix)+timeSize:]))
		if err != nil {
			return nil, err
		}
		found = append(found, r)
	}
	return found, nil
}

// NextDue implements store.Records.
func (t recordTable) NextDue(kind string) (time.Time, bool, error) {
	if err := t.mayRead(); err != nil {
		return time.Time{}, false, err
	}
	prefix := key(kind)
	for k := range t.scan(due, prefix, prefix) {
		return timeOf(k[len(prefix):]), true, nil
	}
	return time.Time{}, false, nil
}

func dueKey(kind string, at time.Time, id string) []byte {
	return withID(withTime(key(kind), at), id)
}

func packRecord(r store.Record) []byte {
	p := make(packer, 0, 64+len(r.Body))
	p.number(r.Version)
	p.number(uint64(r.Schema))
	p.moment(r.Due)
	p.text(strings.Join(r.Index, "\x00"))
	return append(p, r.Body...)
}

// unpackRecord is what raw says; the body is a part of it.
func unpackRecord(kind, id string, raw []byte) (store.Record, error) {
	u := &unpacker{rest: raw}
	r := store.Record{Kind: kind, ID: id, Version: u.number(), Schema: int(u.number()), Due: u.moment()}
	if keys := u.text(); keys != "" {
		r.Index = strings.Split(keys, "\x00")
	}
	r.Body = u.rest
	if u.err != nil {
		return store.Record{}, fmt.Errorf("%s %s: %w", kind, id, u.err)
	}
	return r, nil
}
