package query

import (
	"latchkey/access"
	"latchkey/store"
)

// pageSize is how many records or events are read at once.
const pageSize = 1000

// List is one page of a longer list.
type List[T any] struct {
	Items []T
	From  int // of the first item, from 0
	Total int
}

// cut cuts a page out of a whole list; all of it for size 0. A page that isn't
// there any more gives the last one that is.
func cut[T any](all []T, from, size int) List[T] {
	if size <= 0 {
		return List[T]{Items: all, Total: len(all)}
	}
	if from >= len(all) {
		from = (len(all) - 1) / size * size
	}
	from = max(0, from)
	return List[T]{Items: all[from:min(len(all), from+size)], From: from, Total: len(all)}
}

// All reads a listing of the store to its end, a page at a time. Like a listing
// it returns what can be read beside a store.Damage that names what can't be.
func All[T any](read func(after string, limit int) ([]T, error), id func(T) string) ([]T, error) {
	var all []T
	_, damage, err := store.Sound(all, Each(read, id, func(v T) { all = append(all, v) }))
	if err != nil {
		return nil, err
	}
	if len(damage) > 0 {
		return all, damage
	}
	return all, nil
}

// Each is All for listings that are too long to be held as a whole: what can be read is
// handed on, one by one.
func Each[T any](read func(after string, limit int) ([]T, error), id func(T) string, do func(T)) error {
	var hurt store.Damage
	for after := ""; ; {
		some, damage, err := store.Sound(read(after, pageSize))
		if err != nil {
			return err
		}
		for _, v := range some {
			do(v)
		}
		hurt = append(hurt, damage...)
		if len(some)+len(damage) < pageSize {
			break
		}
		after = Last(some, damage, id)
	}
	if len(hurt) > 0 {
		return hurt
	}
	return nil
}

// Last is the id of the last record of a page, after which the next page begins.
func Last[T any](some []T, damage store.Damage, id func(T) string) (last string) {
	if len(some) > 0 {
		last = id(some[len(some)-1])
	}
	if len(damage) > 0 {
		last = max(last, damage[len(damage)-1].ID)
	}
	return last
}

// RequestID and GrantID are what their listings are ordered by.
func RequestID(r access.Request) string { return r.ID }

// GrantID is what listings of grants are ordered by.
func GrantID(g access.Grant) string { return g.ID }

// Happened tells whether what an event came of was taken already: Slack and Jira
// deliver some things twice.
func Happened(tx store.Tx, e access.Event) (bool, error) {
	if e.Origin == "" {
		return false, nil
	}
	story, _, err := store.Sound(store.Story(tx, store.Filter{Subject: access.RequestSubject(e.Request)}))
	for _, other := range story {
		if other.Origin == e.Origin && other.Kind == e.Kind {
			return true, err
		}
	}
	return false, err
}
