package columns

import "encoding/binary"

// packBits appends each number with as many bits, the lowest first.
func packBits(to []byte, numbers []uint64, width int) []byte {
	var word uint64
	used := 0
	for _, n := range numbers {
		word |= n << used
		if used += width; used < 64 {
			continue
		}
		to = binary.LittleEndian.AppendUint64(to, word)
		used -= 64
		word = n >> (width - used)
	}
	for ; used > 0; used -= 8 {
		to = append(to, byte(word))
		word >>= 8
	}
	return to
}

// packedSize is how many bytes n numbers of a width take.
func packedSize(n, width int) int { return (n*width + 7) / 8 }

// unpackBits reads numbers of a width, of at most 64 bits, into all of out.
func unpackBits(from []byte, out []uint64, width int) {
	mask := ^uint64(0) >> (64 - width)
	bit := 0
	for i := range out {
		at, shift := bit/8, bit%8
		word := wordAt(from, at) >> shift
		if shift+width > 64 {
			word |= uint64(from[at+8]) << (64 - shift)
		}
		out[i] = word & mask
		bit += width
	}
}

// wordAt are up to eight bytes from there.
func wordAt(from []byte, at int) uint64 {
	if at+8 <= len(from) {
		return binary.LittleEndian.Uint64(from[at:])
	}
	var word uint64
	for i, b := range from[at:] {
		word |= uint64(b) << (8 * i)
	}
	return word
}
