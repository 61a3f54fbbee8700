package searchtest

// table numbers states by their fingerprints, 64 bits each: that two of ten million
// states share one has a chance of one in three hundred thousand.
type table struct {
	prints  []uint64
	numbers []uint32
	len     int
}

func newTable() table { return table{prints: make([]uint64, 1<<16), numbers: make([]uint32, 1<<16)} }

// slot is where a fingerprint stands, or would.
func (t *table) slot(print uint64) int {
	mask := len(t.prints) - 1
	i := int(print) & mask
	for t.prints[i] != 0 && t.prints[i] != print {
		i = (i + 1) & mask
	}
	return i
}

// has tells whether a fingerprint is known.
func (t *table) has(print uint64) bool { return t.prints[t.slot(max(print, 1))] != 0 }

// add gives a fingerprint's number: the one it has, or the given one.
func (t *table) add(print uint64, number uint32) (has uint32, fresh bool) {
	print = max(print, 1) // zero is an empty slot
	i := t.slot(print)
	if t.prints[i] == print {
		return t.numbers[i], false
	}
	t.prints[i], t.numbers[i] = print, number
	if t.len++; t.len*4 > len(t.prints)*3 {
		t.grow()
	}
	return number, true
}

func (t *table) grow() {
	bigger := table{prints: make([]uint64, 2*len(t.prints)), numbers: make([]uint32, 2*len(t.numbers)), len: t.len}
	for i, print := range t.prints {
		if print != 0 {
			j := bigger.slot(print)
			bigger.prints[j], bigger.numbers[j] = print, t.numbers[i]
		}
	}
	*t = bigger
}

// stateList keeps many states without ever moving them.
type stateList struct {
	blocks []*[block]state
	len    int
}

// block is how many states stand together.
const block = 1 << 12

func (h *stateList) add(s state) {
	if h.len%block == 0 {
		h.blocks = append(h.blocks, new([block]state))
	}
	h.blocks[h.len/block][h.len%block] = s
	h.len++
}

func (h *stateList) at(n int) *state { return &h.blocks[n/block][n%block] }

// clear lets go of a block, once its last state was looked at.
func (h *stateList) clear(n int) {
	if n >= 0 && n%block == block-1 {
		h.blocks[n/block] = nil
	}
}
