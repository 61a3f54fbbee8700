package engine

import "sync"

// hurried are tasks under way here that somebody wants tried now. Their attempt began
// before, so if it fails that says nothing of how it is now: it is followed by another one
// at once.
type hurried struct {
	mu   sync.Mutex
	seqs map[uint64]bool // by Task.Seq
}

func (h *hurried) note(seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.seqs == nil {
		h.seqs = map[uint64]bool{}
	}
	h.seqs[seq] = true
}

// take tells whether a task is one of them, and forgets it.
func (h *hurried) take(seq uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	is := h.seqs[seq]
	delete(h.seqs, seq)
	return is
}
