package app

import (
	"context"
	"time"
)

// meetAgain is how long a first start waits before it asks a service again that couldn't be reached, at first and at most.
const meetAgain, meetAtMost = 5 * time.Second, time.Minute

// meet greets all services. One that can't be reached, or is busy, is waited for: whoever starts machines after an outage
// doesn't start them in order. What only a human can put right ends the start.
func (a *App) meet(ctx context.Context) error {
	said := ""
	for pause := meetAgain; ; pause = min(2*pause, meetAtMost) {
		err := greet(ctx, a.health.services)
		if err == nil || ctx.Err() != nil || !passing(err) {
			return err
		}
		if now := Sentence(err); now != said {
			a.log.InfoContext(ctx, "Waiting for a service: Latchkey begins once it answers.", "why", now)
			said = now
		}
		passed, stop := a.clock.Until(a.clock.Now().Add(pause))
		select {
		case <-passed:
		case <-ctx.Done():
			stop()
			return ctx.Err()
		}
		stop()
	}
}
