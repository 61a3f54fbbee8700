package engine

import "sync"

// reruns are tasks under way here that somebody wants tried now. Their attempt began
// before they said so, so a failure says nothing of how it is now: it is followed by
// another attempt at once.
type reruns struct {
	mu   sync.Mutex
	seqs map[uint64]bool // by Task.Seq
}

func (r *reruns) want(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.seqs == nil {
		r.seqs = map[uint64]bool{}
	}
	r.seqs[seq] = true
}

func (r *reruns) wanted(seq uint64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.seqs[seq]
}

func (r *reruns) drop(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.seqs, seq)
}
