package bolt

import (
	"encoding/binary"
	"fmt"

	"latchkey/access"
)

// The main file keeps on record which stretches there are.

// takeOut puts a stretch on record and removes its entries from the main file.
func (l eventLog) takeOut(s stretch) error {
	for place := s.first; place <= s.last; place++ {
		if err := l.drop(events, seqKey(place)); err != nil {
			return err
		}
	}
	return l.put(sealed, seqKey(s.last), packStretch(s))
}

func packStretch(s stretch) []byte { return append(seqKey(s.first), s.root[:]...) }

func unpackStretch(k, raw []byte) (stretch, error) {
	var root access.Hash
	if len(raw) != 8+len(root) {
		return stretch{}, fmt.Errorf("the record of the stretch that ends at place %d: %w", seqOf(k), errDamaged)
	}
	return stretch{first: binary.BigEndian.Uint64(raw), last: seqOf(k), root: access.Hash(raw[8:])}, nil
}

// stretchOf finds the stretch a place lies in; ok is false if it is in none.
func (l eventLog) stretchOf(place uint64) (s stretch, ok bool, err error) {
	cursor := l.take(sealed)
	defer l.give(sealed, cursor)
	k, raw := cursor.Seek(seqKey(place))
	if k == nil {
		return stretch{}, false, nil
	}
	s, err = unpackStretch(k, raw)
	return s, err == nil && place >= s.first, err
}

// inStretch are the places between two others, these included, whose private parts a
// stretch may still have although they were erased.
func (l eventLog) inStretch(s stretch) (places []uint64) {
	for k := range l.scan(erased, nil, seqKey(s.first)) {
		if seqOf(k) > s.last {
			break
		}
		places = append(places, seqOf(k))
	}
	return places
}

// sealedEntry finds an entry that has been moved out; nil if it was not.
func (l eventLog) sealedEntry(place uint64) ([]byte, error) {
	s, ok, err := l.stretchOf(place)
	if err != nil || !ok {
		return nil, err
	}
	return l.stretches.read(s, place)
}
