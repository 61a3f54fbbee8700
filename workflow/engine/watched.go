package engine

import (
	"context"
	"sync"
	"time"
)

// watched are the queues that this process doesn't work on and others may.
type watched struct {
	engine   *Engine
	searched time.Time            // when it was looked last which there are
	idle     map[string]time.Time // since when nobody was seen to work on one
	adopting sync.WaitGroup

	mu   sync.Mutex
	ours map[string]bool // that are worked on here meanwhile
}

// look adopts the queues that nobody has worked on for long.
func (w *watched) look(ctx context.Context) error {
	now := w.engine.units.Now()
	if w.searched.IsZero() || now.Sub(w.searched) >= searchEvery {
		queues, err := w.engine.queuesOfOthers(ctx)
		if err != nil {
			return err
		}
		w.candidates(queues, now)
	}
	for queue, since := range w.idle {
		s, err := w.engine.stands(ctx, queue)
		switch {
		case err != nil:
			return err
		case w.adopts(queue):
		case s.others || !s.waits:
			w.idle[queue] = now
		case now.Sub(since) >= leftFor:
			w.adopt(ctx, queue)
		}
	}
	return nil
}

// candidates has those queues watched, and no others.
func (w *watched) candidates(queues []string, now time.Time) {
	before := w.idle
	w.searched, w.idle = now, map[string]time.Time{}
	for _, queue := range queues {
		since, known := before[queue]
		if !known {
			since = now
		}
		w.idle[queue] = since
	}
}

func (w *watched) adopts(queue string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ours[queue]
}

func (w *watched) ends(queue string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ours, queue)
}

// adopt has a queue worked on, and once that is over watched anew.
func (w *watched) adopt(ctx context.Context, queue string) {
	w.mu.Lock()
	put(&w.ours, queue, true)
	w.mu.Unlock()
	w.idle[queue] = w.engine.units.Now()
	w.adopting.Go(func() {
		defer w.ends(queue)
		w.engine.adopt(ctx, queue)
	})
}
