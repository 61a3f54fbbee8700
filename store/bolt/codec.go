package bolt

import (
	"encoding/binary"
	"errors"
	"time"

	"latchkey/access"
)

// errDamaged: stored bytes are not what was written.
var errDamaged = errors.New("the stored bytes are damaged; restore the file from a backup")

// packer writes the parts of a value one after the other.
type packer []byte

func (p *packer) number(n uint64)    { *p = binary.AppendUvarint(*p, n) }
func (p *packer) moment(t time.Time) { *p = withTime(*p, t) }

func (p *packer) text(s string) {
	p.number(uint64(len(s)))
	*p = append(*p, s...)
}

func (p *packer) bytes(b []byte) {
	p.number(uint64(len(b)))
	*p = append(*p, b...)
}

func (p *packer) flag(on bool) {
	if on {
		*p = append(*p, 1)
		return
	}
	*p = append(*p, 0)
}

// unpacker reads them back. After the first failure everything is zero and err
// is set.
type unpacker struct {
	rest  []byte
	err   error
	whole string // all that is unpacked, for values of many texts: each is a part of it, none a copy
}

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.rest, u.err = nil, errDamaged
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

func (u *unpacker) take(n uint64) []byte {
	if n > uint64(len(u.rest)) {
		u.rest, u.err = nil, errDamaged
		return nil
	}
	head := u.rest[:n]
	u.rest = u.rest[n:]
	return head
}

func (u *unpacker) text() string {
	b := u.take(u.number())
	if u.whole == "" || u.err != nil {
		return string(b)
	}
	end := len(u.whole) - len(u.rest)
	return u.whole[end-len(b) : end]
}

// bytes are a part of what is unpacked; nil if there are none.
func (u *unpacker) bytes() []byte {
	b := u.take(u.number())
	if len(b) == 0 {
		return nil
	}
	return b[:len(b):len(b)]
}

func (u *unpacker) hash() (h access.Hash) {
	copy(h[:], u.take(uint64(len(h))))
	return h
}

func (u *unpacker) moment() time.Time {
	b := u.take(timeSize)
	if b == nil {
		return time.Time{}
	}
	return timeOf(b)
}

func (u *unpacker) flag() bool {
	b := u.take(1)
	return len(b) == 1 && b[0] == 1
}
