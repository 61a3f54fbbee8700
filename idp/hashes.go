package idp

// hashes is a set of hashes, in one piece of memory: a map of as many takes twice as much, and leaves as much again behind
// while it grows.
type hashes struct {
	table []uint64 // as many as a power of two; 0: nothing
	count int
	zero  bool // the hash 0 is in it
}

// add adds a hash, and tells whether it is new.
func (s *hashes) add(h uint64) bool {
	if h == 0 {
		isNew := !s.zero
		s.zero = true
		return isNew
	}
	if 4*(s.count+1) > 3*len(s.table) {
		s.grow()
	}
	isNew := s.enter(h)
	if isNew {
		s.count++
	}
	return isNew
}

func (s *hashes) enter(h uint64) bool {
	last := uint64(len(s.table) - 1)
	at := h & last
	for ; s.table[at] != 0; at = (at + 1) & last {
		if s.table[at] == h {
			return false
		}
	}
	s.table[at] = h
	return true
}

func (s *hashes) grow() {
	before := s.table
	s.table = make([]uint64, max(64, 2*len(before)))
	for _, h := range before {
		if h != 0 {
			s.enter(h)
		}
	}
}
