package columns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
)

// ErrDamaged: stored bytes are not what was written.
var ErrDamaged = errors.New("the stored bytes are damaged; restore the store from a backup")

// Packer writes values one after the other.
type Packer []byte

// Number writes a number with as many bytes as it needs.
func (p *Packer) Number(n uint64) { *p = binary.AppendUvarint(*p, n) }

// Count writes a number of things.
func (p *Packer) Count(n int) { p.Number(uint64(n)) }

// Hash writes a hash.
func (p *Packer) Hash(h access.Hash) { *p = append(*p, h[:]...) }

// Moment writes a time to the millisecond; see Keepable.
func (p *Packer) Moment(t time.Time) { p.Number(Ticks(t)) }

// Text writes a text.
func (p *Packer) Text(s string) {
	p.Count(len(s))
	*p = append(*p, s...)
}

// Texts writes several texts.
func (p *Packer) Texts(all []string) {
	p.Count(len(all))
	for _, s := range all {
		p.Text(s)
	}
}

// Flag writes yes or no.
func (p *Packer) Flag(on bool) {
	n := byte(0)
	if on {
		n = 1
	}
	*p = append(*p, n)
}

// Unpacker reads them back. After the first failure everything is zero and Err is set.
// It allocates no more than a fixed multiple of the bytes it reads.
type Unpacker struct {
	Rest []byte   // what isn't read yet
	Err  error    // ErrDamaged after a failure
	Room []uint64 // for columns of numbers; where it is used up, they get their own
}

// Fail notes that the bytes are damaged.
func (u *Unpacker) Fail() { u.Rest, u.Err = nil, ErrDamaged }

// Number reads what Packer.Number wrote.
func (u *Unpacker) Number() uint64 {
	n, size := binary.Uvarint(u.Rest)
	if size <= 0 {
		u.Fail()
		return 0
	}
	u.Rest = u.Rest[size:]
	return n
}

// Count is a number of things, no more than most.
func (u *Unpacker) Count(most int) int {
	n := u.Number()
	if n > uint64(most) {
		u.Fail()
		return 0
	}
	return int(n)
}

// Things is a number of things that take a byte each, or more.
func (u *Unpacker) Things() int { return u.Count(len(u.Rest)) }

// Take reads n bytes as they are.
func (u *Unpacker) Take(n int) []byte {
	if n < 0 || n > len(u.Rest) {
		u.Fail()
		return nil
	}
	head := u.Rest[:n]
	u.Rest = u.Rest[n:]
	return head
}

// Text reads a text.
func (u *Unpacker) Text() string { return string(u.Take(u.Things())) }

// Texts reads several texts; nil for none.
func (u *Unpacker) Texts() []string {
	n := u.Things()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = u.Text()
	}
	return out
}

// Flag reads yes or no.
func (u *Unpacker) Flag() bool {
	b := u.Take(1)
	if len(b) == 1 && b[0] > 1 {
		u.Fail()
	}
	return len(b) == 1 && b[0] == 1
}

// Hash reads a hash.
func (u *Unpacker) Hash() (h access.Hash) {
	copy(h[:], u.Take(len(h)))
	return h
}

// Moment reads a time, in UTC.
func (u *Unpacker) Moment() time.Time { return Instant(u.Number()) }

// End is the outcome, when all must have been read.
func (u *Unpacker) End() error {
	if u.Err == nil && len(u.Rest) > 0 {
		u.Fail()
	}
	return u.Err
}

// The Unix times of the zero time, and of the first year of five digits, in seconds.
const fromYearOne, untilYear10000 = -62135596800, 253402300800

// Ticks are the milliseconds since the zero time, which is 0.
func Ticks(t time.Time) uint64 {
	if t.IsZero() { // as most are
		return 0
	}
	return uint64(t.Unix()-fromYearOne)*1000 + uint64(t.Nanosecond()/1_000_000)
}

// Instant is the time with these ticks, in UTC.
func Instant(n uint64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n/1000)+fromYearOne, int64(n%1000)*1_000_000).UTC()
}

// Keepable refuses times that have no ticks: those before the first year, and after the
// years that are written with four digits.
func Keepable(times ...time.Time) error {
	for _, t := range times {
		if sec := t.Unix(); sec < fromYearOne || sec >= untilYear10000 {
			return fmt.Errorf("the time %v can't be kept", t)
		}
	}
	return nil
}
