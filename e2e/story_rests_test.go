package e2e

import (
	"context"
	"fmt"
	"time"

	"latchkey/store"
)

// A story waits for a bot that has something to do before it moves the clock, until nothing
// has come of that for so many looks: what waits for a service that is down, or for the clock
// itself, has no end. On a slow machine the looks are slow, too.
const (
	lookAtRest  = lookAgain / 10
	looksInVain = 150
	longestToDo = time.Minute
)

// rests waits until the bot has nothing under way, so that what a jump of the clock meets
// doesn't depend on how fast the machine is.
func (c *company) rests(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, longestToDo)
	defer cancel()
	left, inVain := "", 0
	for inVain < looksInVain && ctx.Err() == nil {
		changed := c.world.Changed()
		now := c.underWay(ctx)
		if now == "" {
			return
		}
		if now != left {
			left, inVain = now, 0
		}
		select {
		case <-changed:
			inVain = 0
		case <-time.After(lookAtRest): // what is done in the store is seen nowhere
			inVain++
		case <-ctx.Done():
		}
	}
	fmt.Fprintf(c.log, "level=INFO msg=\"the clock is moved although there is something under way\" what=%q\n", left)
}

// underWay names something that the bot has to do; "" if it rests, or was stopped.
func (c *company) underWay(ctx context.Context) (left string) {
	s := c.store.Load()
	if s == nil {
		return ""
	}
	err := (*s).View(ctx, func(tx store.Tx) (err error) {
		left, err = leftToDo(tx, c.world.Clock.Now(), 0)
		return err
	})
	if err != nil {
		return ""
	}
	return left
}
