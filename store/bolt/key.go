package bolt

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// Keys are made of texts, each ended by a NUL, of times and of numbers. They
// sort as their parts do, which is what finding relies on.

// timeSize is the length of a time in a key: eight bytes of seconds, four of
// nanoseconds. It holds every time there is, the zero time included.
const timeSize = 12

// key joins texts, each ended by a NUL.
func key(parts ...string) []byte {
	n := len(parts)
	for _, p := range parts {
		n += len(p)
	}
	out := make([]byte, 0, n+timeSize+9) // room for what a key may end in
	for _, p := range parts {
		out = append(append(out, p...), 0)
	}
	return out
}

// withID ends a key by an id.
func withID(k []byte, id string) []byte { return append(k, id...) }

func withTime(k []byte, t time.Time) []byte {
	k = binary.BigEndian.AppendUint64(k, uint64(t.Unix())^1<<63) // the sign first, so that times before 1970 sort first
	return binary.BigEndian.AppendUint32(k, uint32(t.Nanosecond()))
}

func timeOf(k []byte) time.Time {
	sec := int64(binary.BigEndian.Uint64(k) ^ 1<<63)
	return time.Unix(sec, int64(binary.BigEndian.Uint32(k[8:]))).UTC()
}

func withSeq(k []byte, seq uint64) []byte { return binary.BigEndian.AppendUint64(k, seq) }

func seqKey(seq uint64) []byte { return withSeq(make([]byte, 0, 8), seq) }

// seqOf reads the number a key ends in.
func seqOf(k []byte) uint64 { return binary.BigEndian.Uint64(k[len(k)-8:]) }

// plain refuses texts that would break the keys they go into.
func plain(what string, texts ...string) error {
	for _, s := range texts {
		if strings.IndexByte(s, 0) >= 0 {
			return fmt.Errorf("store: a %s can't hold a NUL character: %q", what, s)
		}
	}
	return nil
}

// named is plain for texts that can't be empty either.
func named(what string, texts ...string) error {
	for _, s := range texts {
		if s == "" {
			return fmt.Errorf("store: a %s can't be empty", what)
		}
	}
	return plain(what, texts...)
}
