// Package moment writes times as bytes that sort as the times do. It holds every time
// there is, the zero time included, to the nanosecond.
package moment

import (
	"encoding/binary"
	"time"
)

// Size is the length of a time: eight bytes of seconds, four of nanoseconds.
const Size = 12

// Append adds a time to b.
func Append(b []byte, t time.Time) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix())^1<<63) // the sign first, so that times before 1970 sort first
	return binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))
}

// Of is the time that b begins with, of which there have to be Size bytes.
func Of(b []byte) time.Time {
	sec := int64(binary.BigEndian.Uint64(b) ^ 1<<63)
	return time.Unix(sec, int64(binary.BigEndian.Uint32(b[8:]))).UTC()
}
