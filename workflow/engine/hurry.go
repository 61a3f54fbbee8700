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

func (h *hurried) has(seq uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seqs[seq]
}

func (h *hurried) forget(seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.seqs, seq)
}
