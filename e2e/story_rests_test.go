package e2e

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/store"
)

// A story waits for a bot that has something to do before it goes on, until nothing
// has come of that for so many looks, not even a call: what waits for a service that is down, or for the clock
// itself, has no end. On a slow machine the looks are slow, too.
const (
	lookAtRest  = lookAgain / 10
	looksInVain = 150
	longestToDo = time.Minute
)

// Before days go by, what waits for the pace of a service, such as Slack's message a second in a channel, isn't waited for as long as in
// life: in each look in vain, the clock is moved on a little, and by a few seconds in all.
const (
	hurried     = 250 * time.Millisecond
	hurriedMost = 5 * time.Second
)

// restsBefore waits until the bot has nothing under way, so that what a move of the clock meets doesn't depend on how fast the
// machine is.
func (c *company) restsBefore(ctx context.Context, moved string) {
	hurry := time.Duration(0)
	if by, err := catalog.ParseDuration(strings.TrimPrefix(moved, "+")); err == nil && by >= catalog.Day {
		hurry = hurriedMost
	}
	c.waits(ctx, func(tx store.Tx) (string, error) {
		left, err := leftToDo(tx, c.world.Clock.Now(), together)
		if left != "" && hurry > 0 {
			hurry -= hurried
			c.world.Clock.Advance(hurried)
		}
		return left, err
	})
}

// showsAll waits until every card is as it will be in a moment: whoever clicks does so on what
// they see, and not on what is just being edited.
func (c *company) showsAll(ctx context.Context) {
	c.waits(ctx, func(tx store.Tx) (string, error) { return toShow(tx, c.world.Clock.Now().Add(together)) })
}

// waits waits until nothing is left to do, or nothing comes of it.
func (c *company) waits(ctx context.Context, look func(store.Tx) (left string, err error)) {
	ctx, cancel := context.WithTimeout(ctx, longestToDo)
	defer cancel()
	left, made, inVain := "", 0, 0
	for inVain < looksInVain && ctx.Err() == nil {
		changed := c.world.Changed()
		now := c.stillToDo(ctx, look)
		if now == "" {
			return
		}
		if calls := c.world.Calls(); now != left || calls != made { // who reads a lot changes nothing for a long time
			left, made, inVain = now, calls, 0
		}
		select {
		case <-changed:
			inVain = 0
		case <-time.After(lookAtRest): // what is done in the store is seen nowhere
			inVain++
		case <-ctx.Done():
		}
	}
	fmt.Fprintf(c.log, "level=INFO msg=\"the story goes on although there is something under way\" what=%q\n", left)
}

// stillToDo names something that the bot has to do; "" if there is nothing, or it was stopped.
func (c *company) stillToDo(ctx context.Context, look func(store.Tx) (string, error)) (left string) {
	s := c.store.Load()
	if s == nil {
		return ""
	}
	err := (*s).View(ctx, func(tx store.Tx) (err error) {
		left, err = look(tx)
		return err
	})
	if err != nil {
		return ""
	}
	return left
}
