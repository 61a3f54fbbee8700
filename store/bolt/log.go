package bolt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"iter"
	"strconv"

	"latchkey/access"
	"latchkey/store"
)

// eventLog implements store.Log. It is all that knows where entries are kept: the
// newest in the main file, older ones in sealed stretches beside it (seal.go). An
// entry has its place as soon as it is written.
type eventLog struct {
	*handle
	*logState
}

// logState is what the functions of one group find out about the log, once for all
// of them.
type logState struct {
	stretches *stretches
	last      uint64   // the last place that was given, once somebody asked
	named     namedLog // the one that was named last
}

// Append implements store.Log.
func (l eventLog) Append(e access.Entry, about store.About) (access.Entry, error) {
	if err := l.mayWrite(); err != nil {
		return access.Entry{}, err
	}
	if err := store.CheckEvent(e, about); err != nil {
		return access.Entry{}, err
	}
	return l.append(e, about)
}

// Entries implements store.Log.
func (l eventLog) Entries(f store.Filter, after uint64, limit int) ([]access.Entry, error) {
	if err := l.mayRead(); err != nil {
		return nil, err
	}
	return l.find(f, after, limit)
}

// Size implements store.Log.
func (l eventLog) Size() (uint64, error) {
	if err := l.mayRead(); err != nil {
		return 0, err
	}
	return l.size(), nil
}

// append writes an entry to its place and makes it findable. For a subject, the
// trail also says what has to be known to go on with its chain.
func (l eventLog) append(e access.Entry, about store.About) (access.Entry, error) {
	trail := trailOf(store.Filter{Subject: e.Subject})
	e, err := l.chain(e, trail)
	if err != nil {
		return access.Entry{}, err
	}
	e.Place = l.size() + 1
	raw, err := l.packEntry(e)
	if err != nil {
		return access.Entry{}, err
	}
	if err := l.put(events, seqKey(e.Place), raw); err != nil {
		return access.Entry{}, err
	}
	l.last = e.Place
	end := append(seqKey(e.Place), e.Leaf[:]...)
	if err := l.put(trails, withSeq(trail, e.N), end); err != nil {
		return access.Entry{}, err
	}
	return e, l.mark(e.Place, about)
}

// chain puts the entry behind the last one of its subject, or checks that it
// follows it.
func (l eventLog) chain(e access.Entry, trail []byte) (access.Entry, error) {
	n, prev, err := l.end(trail)
	if err != nil {
		return access.Entry{}, err
	}
	return store.Chained(e, n, prev)
}

// end is the end of the chain that a subject's trail leads along: 0 and none
// where there is none.
func (l eventLog) end(trail []byte) (n uint64, leaf access.Hash, err error) {
	cursor := l.take(trails)
	defer l.give(trails, cursor)
	var v []byte
	k, _ := cursor.Seek(withSeq(trail[:len(trail):len(trail)], 1<<64-1))
	if k == nil {
		k, v = cursor.Last()
	} else {
		k, v = cursor.Prev()
	}
	if !bytes.HasPrefix(k, trail) || len(k) != len(trail)+8 {
		return 0, leaf, nil
	}
	if len(v) != 8+len(leaf) {
		return 0, leaf, fmt.Errorf("the end of the events of %q: %w", trail, errDamaged)
	}
	return seqOf(k), access.Hash(v[8:]), nil
}

// mark makes an entry findable by what it is about.
func (l eventLog) mark(place uint64, about store.About) error {
	if about.Person == "" {
		return nil
	}
	if err := l.put(trails, withSeq(trailOf(store.Filter{Person: about.Person}), place), nil); err != nil || about.App == "" {
		return err
	}
	return l.put(trails, withSeq(trailOf(store.Filter{Person: about.Person, App: about.App}), place), nil)
}

// trailOf is where the places of the entries that match a filter are kept; nil
// for the filter that matches all.
func trailOf(f store.Filter) []byte {
	switch {
	case f.Subject != access.Subject{}:
		return key("subject", f.Subject.String())
	case f.Person != "" && f.App != "":
		return key("app", string(f.Person), f.App)
	case f.Person != "":
		return key("person", string(f.Person))
	}
	return nil
}

// size is the last place that was given. It is remembered for the rest of the
// batch.
func (l eventLog) size() uint64 {
	if l.last == 0 {
		if k, _ := l.in(events).Cursor().Last(); k != nil {
			l.last = seqOf(k)
		}
	}
	return l.last
}

func (l eventLog) find(f store.Filter, after uint64, limit int) ([]access.Entry, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	trail := trailOf(f)
	if trail == nil {
		return l.run(after, limit)
	}
	var found []access.Entry
	var damage store.Damage
	for place := range l.places(trail, after) {
		if len(found) >= limit {
			break
		}
		e, err := l.entry(place)
		if err != nil {
			damage = append(damage, &store.Damaged{Kind: "event", ID: strconv.FormatUint(place, 10), Err: err})
			continue
		}
		found = append(found, e)
	}
	if len(damage) > 0 {
		return found, damage
	}
	return found, nil
}

// run reads entries one after the other. Those of a stretch are read together.
func (l eventLog) run(after uint64, limit int) ([]access.Entry, error) {
	var found []access.Entry
	last := l.size()
	if uint64(limit) < last-min(after, last) {
		last = after + uint64(limit)
	}
	for place := after + 1; place > after && place <= last; place = after + 1 + uint64(len(found)) {
		s, sealed, err := l.stretchOf(place)
		if err != nil {
			return nil, err
		}
		if !sealed {
			e, err := l.entry(place)
			if err != nil {
				return nil, err
			}
			found = append(found, e)
			continue
		}
		more, err := l.stretches.run(s, place, min(last, s.last))
		if err != nil {
			return nil, err
		}
		for i, raw := range more {
			e, err := l.unpackEntry(place+uint64(i), raw)
			if err != nil {
				return nil, err
			}
			found = append(found, l.without(e))
		}
	}
	return found, nil
}

// places are those of the entries that a trail leads to, in order.
func (l eventLog) places(trail []byte, after uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for k, v := range l.scan(trails, trail, withSeq(bytes.Clone(trail), after)) {
			number := seqOf(k)
			if number <= after {
				continue
			}
			if len(v) >= 8 { // of a subject: the key has the number in its chain
				number = binary.BigEndian.Uint64(v)
			}
			if !yield(number) {
				return
			}
		}
	}
}

// entry reads what stands at a place up to the end of the log.
func (l eventLog) entry(place uint64) (access.Entry, error) {
	raw := bytes.Clone(l.get(events, seqKey(place))) // the file's own bytes end with the transaction
	if raw == nil {
		var err error
		if raw, err = l.sealedEntry(place); err != nil {
			return access.Entry{}, err
		}
	}
	if raw == nil {
		return access.Entry{}, fmt.Errorf("the event at place %d is missing from the log: %w", place, errDamaged)
	}
	e, err := l.unpackEntry(place, raw)
	if err != nil {
		return access.Entry{}, err
	}
	return l.without(e), nil
}
