package engine

import (
	"context"
	"time"
)

// Follow has every process that shares the store take up what one of them has found: at once, whenever a unit has notified
// the topic, and after every so long, for a notice can be lost. It ends with ctx. Where only one process can have the
// store open there is nobody to hear of, and nothing is done.
func (s *Units) Follow(ctx context.Context, topic string, every time.Duration, takeUp func(context.Context) error) {
	if s.Replica() == "" {
		return
	}
	news, err := s.store.Wait(ctx, topic)
	if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "news of other processes can't be heard; looking from time to time instead", "topic", topic, "error", err)
	}
	for ctx.Err() == nil {
		next := every
		if err := takeUp(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "what other processes have found can't be taken up yet", "topic", topic, "error", err)
			next = min(every, longestBackoff)
		}
		due, stop := s.clock.Until(s.Now().Add(next))
		select {
		case _, open := <-news:
			if !open {
				news = nil // the store is being closed
			}
		case <-due:
		case <-ctx.Done():
		}
		stop()
	}
}
