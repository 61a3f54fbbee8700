package socket

import (
	"context"
	"sync"
)

// backlogLimit bounds the envelopes waiting for a handler, so that a stalled store costs memory in the hundreds of
// megabytes at worst, not the process.
const backlogLimit = 32_768

// pool runs jobs of any kind, at most limit at once and in order of arrival. submit never blocks: readers must stay free to
// answer pings while every handler is stuck.
type pool[job any] struct {
	limit int
	serve func(job)

	mu      sync.Mutex
	running int
	backlog []job
	head    int           // of the backlog; what lies before it is done
	idle    chan struct{} // non-nil while somebody waits for running to be 0; closed then
}

// submit takes a job, or reports false when too many wait already.
func (p *pool[job]) submit(j job) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running < p.limit {
		p.running++
		go p.work(j)
		return true
	}
	if len(p.backlog)-p.head >= backlogLimit {
		return false
	}
	p.compact()
	p.backlog = append(p.backlog, j)
	return true
}

// compact reuses the served front of the backlog once it is at least half of it, so that a backlog which never quite
// empties does not grow.
func (p *pool[job]) compact() {
	if len(p.backlog) < cap(p.backlog) || p.head < len(p.backlog)/2 || p.head == 0 {
		return
	}
	left := copy(p.backlog, p.backlog[p.head:])
	clear(p.backlog[left:])
	p.backlog, p.head = p.backlog[:left], 0
}

func (p *pool[job]) work(j job) {
	for more := true; more; j, more = p.next() {
		p.serve(j)
	}
}

// next hands the worker its next job, or lets it go.
func (p *pool[job]) next() (job, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.head < len(p.backlog) {
		j := p.backlog[p.head]
		var none job
		p.backlog[p.head] = none
		p.head++
		return j, true
	}
	p.backlog, p.head = p.backlog[:0], 0
	if p.running--; p.running == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
	var none job
	return none, false
}

// wait reports whether all jobs were done before ctx ended.
func (p *pool[job]) wait(ctx context.Context) bool {
	p.mu.Lock()
	if p.running == 0 {
		p.mu.Unlock()
		return true
	}
	if p.idle == nil {
		p.idle = make(chan struct{})
	}
	idle := p.idle
	p.mu.Unlock()
	select {
	case <-idle:
		return true
	case <-ctx.Done():
		return false
	}
}
