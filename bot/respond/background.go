package respond

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"latchkey/bot/webapi"
)

// workTime is how long work after an ack may take.
const workTime = 30 * time.Second

// Later does what the ack doesn't have to wait for; what names it in the log if it fails.
func (r *Responder) Later(what string, do func(context.Context) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	r.work.Go(func() {
		ctx, cancel := context.WithTimeout(webapi.Interactive(r.ctx), workTime)
		defer cancel()
		err := caught(func() error { return do(ctx) })
		if err != nil && !errors.Is(err, context.Canceled) {
			r.log.WarnContext(ctx, "Slack follow-up failed", "what", what, "error", err)
		}
	})
}

// caught turns a panic into an error: a fault in what one person asked for must not
// end the process, and with it what is due for everybody.
func caught(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// Close waits for the work that goes on after acks. When ctx ends first, that
// work is cut short; nothing that was acknowledged is lost by it.
func (r *Responder) Close(ctx context.Context) error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	done := make(chan struct{})
	go func() { r.work.Wait(); close(done) }()
	defer r.stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		r.stop()
		<-done
		return ctx.Err()
	}
}
