package snapshot

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
)

// errDamaged: stored bytes are not what was written.
var errDamaged = errors.New("the stored bytes are damaged; restore the store from a backup")

// packer writes values one after the other.
type packer []byte

func (p *packer) number(n uint64)    { *p = binary.AppendUvarint(*p, n) }
func (p *packer) count(n int)        { p.number(uint64(n)) }
func (p *packer) hash(h access.Hash) { *p = append(*p, h[:]...) }
func (p *packer) moment(t time.Time) { p.number(ticks(t)) }

func (p *packer) text(s string) {
	p.count(len(s))
	*p = append(*p, s...)
}

func (p *packer) texts(all []string) {
	p.count(len(all))
	for _, s := range all {
		p.text(s)
	}
}

func (p *packer) flag(on bool) {
	n := byte(0)
	if on {
		n = 1
	}
	*p = append(*p, n)
}

// unpacker reads them back. After the first failure everything is zero and err is set.
// It allocates no more than a fixed multiple of the bytes it reads.
type unpacker struct {
	rest []byte
	err  error
	room []uint64 // for columns of numbers; where it is used up, they get their own
}

func (u *unpacker) fail() { u.rest, u.err = nil, errDamaged }

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.fail()
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

// count is a number of things, no more than most.
func (u *unpacker) count(most int) int {
	n := u.number()
	if n > uint64(most) {
		u.fail()
		return 0
	}
	return int(n)
}

// things is a number of things that take a byte each, or more.
func (u *unpacker) things() int { return u.count(len(u.rest)) }

func (u *unpacker) take(n int) []byte {
	if n < 0 || n > len(u.rest) {
		u.fail()
		return nil
	}
	head := u.rest[:n]
	u.rest = u.rest[n:]
	return head
}

func (u *unpacker) text() string { return string(u.take(u.things())) }

func (u *unpacker) texts() []string {
	n := u.things()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = u.text()
	}
	return out
}

func (u *unpacker) flag() bool {
	b := u.take(1)
	if len(b) == 1 && b[0] > 1 {
		u.fail()
	}
	return len(b) == 1 && b[0] == 1
}

func (u *unpacker) hash() (h access.Hash) {
	copy(h[:], u.take(len(h)))
	return h
}

func (u *unpacker) moment() time.Time { return instant(u.number()) }

// end is the outcome, when all must have been read.
func (u *unpacker) end() error {
	if u.err == nil && len(u.rest) > 0 {
		u.fail()
	}
	return u.err
}

// The Unix times of the zero time, and of the first year of five digits, in seconds.
const fromYearOne, untilYear10000 = -62135596800, 253402300800

// ticks are the milliseconds since the zero time, which is 0.
func ticks(t time.Time) uint64 {
	return uint64(t.Unix()-fromYearOne)*1000 + uint64(t.Nanosecond()/1_000_000)
}

// instant is the time with these ticks, in UTC.
func instant(n uint64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n/1000)+fromYearOne, int64(n%1000)*1_000_000).UTC()
}

// keepable refuses times that have no ticks: those before the first year, and after the
// years that are written with four digits.
func keepable(times ...time.Time) error {
	for _, t := range times {
		if sec := t.Unix(); sec < fromYearOne || sec >= untilYear10000 {
			return fmt.Errorf("the time %v can't be kept", t)
		}
	}
	return nil
}
