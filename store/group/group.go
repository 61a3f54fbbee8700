// Package group lets many callers share transactions: whoever waits while one group
// is written makes up the next, so that a burst of updates costs a few flushes of a
// disk and not one each. It knows nothing of what a transaction is.
package group

import (
	"context"
	"runtime"
)

// Line is where callers wait for their turn. T is what their functions work on.
type Line[T any] struct {
	calls   chan *Call[T] // unbuffered: whoever waits here goes into the next group
	closing <-chan struct{}
	closed  error
}

// NewLine is a line that ends with closing; who waits then, and later, gets closed.
func NewLine[T any](closing <-chan struct{}, closed error) *Line[T] {
	return &Line[T]{calls: make(chan *Call[T]), closing: closing, closed: closed}
}

// Do has fn run in a group and comes back when it is known what became of it. The
// function runs in the goroutine that called Do, so a panic unwinds there and never
// touches who serves the line. It runs a second time if another one of its group
// failed after it had written.
func (l *Line[T]) Do(ctx context.Context, fn func(T) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c := NewCall[T](ctx)
	select {
	case l.calls <- c:
	case <-l.closing:
		return l.closed
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.Run(fn)
}

// First delivers who is first in line.
func (l *Line[T]) First() <-chan *Call[T] { return l.calls }

// Gather takes up to limit of those who stand in line, first included. Those whom the
// last group has just released get a moment to come back; otherwise they would make
// up every other group, and the rest the groups between.
func (l *Line[T]) Gather(first *Call[T], limit int) Group[T] {
	runtime.Gosched()
	g := Group[T]{first}
	for len(g) < limit {
		select {
		case c := <-l.calls:
			g = append(g, c)
		default:
			return g
		}
	}
	return g
}

// Group are callers that share a transaction.
type Group[T any] []*Call[T]

// Serve tries to write the group, again as long as it has to be tried again, and
// tells everybody how it went. What a failed call read may have been written by
// others of its group, so even failures are told only when those are durable.
func (g Group[T]) Serve(try func(Group[T]) (again bool, err error)) {
	again, err := true, error(nil)
	for again {
		again, err = try(g)
	}
	for _, c := range g {
		if err != nil && !c.out {
			c.err = err
		}
		if !c.crashed {
			close(c.turn)
		}
	}
}

// Call is one function on its way through a line. Whoever serves the line decides
// whose turn it is; the function itself runs in its caller's goroutine.
type Call[T any] struct {
	ctx  context.Context
	turn chan T        // who serves hands over a transaction; closed when all is said
	ran  chan struct{} // the caller hands it back

	out     bool  // takes no further part: cancelled, crashed, or failed after writing
	crashed bool  // panicked, so nobody waits for the outcome any more
	err     error // the outcome; written by who serves or while holding the turn
}

// NewCall is a call that nobody serves yet.
func NewCall[T any](ctx context.Context) *Call[T] {
	return &Call[T]{ctx: ctx, turn: make(chan T), ran: make(chan struct{})}
}

// Run waits for the call's turns, runs fn in each, and returns how the last one ended.
func (c *Call[T]) Run(fn func(T) error) error {
	for t := range c.turn {
		c.run(t, fn)
	}
	return c.err
}

// run takes the turn. It gives it back even if fn panics.
func (c *Call[T]) run(t T, fn func(T) error) {
	c.crashed = true
	defer func() { c.ran <- struct{}{} }()
	c.err = fn(t)
	c.crashed = false
}

// Out tells that the call takes no further part in its group.
func (c *Call[T]) Out() bool { return c.out }

// Take lets the call run on t. kept tells whether what it did stands; otherwise it
// failed, and may have written before.
func (c *Call[T]) Take(t T) (kept bool) {
	c.turn <- t
	<-c.ran
	return !c.crashed && c.err == nil
}

// Cancelled takes a call out whose context has ended.
func (c *Call[T]) Cancelled() bool {
	if err := c.ctx.Err(); err != nil {
		c.out, c.err = true, err
		return true
	}
	return false
}

// Leave takes a call out that did not succeed, if it spoiled the transaction or
// crashed: nobody runs it again.
func (c *Call[T]) Leave(spoiled bool) { c.out = c.crashed || spoiled }
