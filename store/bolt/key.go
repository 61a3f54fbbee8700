package bolt

import (
	"encoding/binary"
	"time"

	"latchkey/store/moment"
)

// Keys are made of texts, each ended by a NUL, of times and of numbers. They
// sort as their parts do, which is what finding relies on.

// timeSize is the length of a time in a key.
const timeSize = moment.Size

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

func withTime(k []byte, t time.Time) []byte { return moment.Append(k, t) }

func timeOf(k []byte) time.Time { return moment.Of(k) }

func withSeq(k []byte, seq uint64) []byte { return binary.BigEndian.AppendUint64(k, seq) }

func seqKey(seq uint64) []byte { return withSeq(make([]byte, 0, 8), seq) }

// seqOf reads the number a key ends in.
func seqOf(k []byte) uint64 { return binary.BigEndian.Uint64(k[len(k)-8:]) }
