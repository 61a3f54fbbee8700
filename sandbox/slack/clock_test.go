package slack_test

import (
	"sync"
	"time"
)

// handClock only moves when told to.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	alarms []alarm
	asked  chan struct{} // an alarm was set
}

type alarm struct {
	at time.Time
	c  chan time.Time
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), asked: make(chan struct{}, 100)}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := alarm{at: c.now.Add(d), c: make(chan time.Time, 1)}
	c.alarms = append(c.alarms, a)
	c.asked <- struct{}{}
	return a.c
}

func (c *handClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	var later []alarm
	for _, a := range c.alarms {
		if a.at.After(c.now) {
			later = append(later, a)
			continue
		}
		a.c <- c.now
	}
	c.alarms = later
}
