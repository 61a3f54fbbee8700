package sandbox

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Delays has what the services answer come late from now on, in real time and by as much as
// by says for each call of "slack", "jira" or a directory, by its id. Half of it the call is on its way, half
// of it the answer: so things end in another order than they were begun.
func (w *World) Delays(by func(service string) time.Duration) { w.delays.Store(&by) }

// Calls is how many calls the services got so far.
func (w *World) Calls() int { return int(w.calls.Load()) }

// late serves a service with the delays of the world.
func (w *World) late(service string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.calls.Add(1)
		by := w.delays.Load()
		if by == nil {
			h.ServeHTTP(rw, r)
			return
		}
		half := (*by)(service) / 2
		if !pass(r.Context(), half) {
			return // whoever called has gone, and nothing was asked
		}
		h.ServeHTTP(&lateAnswer{ResponseWriter: rw, ctx: r.Context(), half: half}, r)
	})
}

// pass waits; false if the caller has gone meanwhile.
func pass(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lateAnswer is an answer whose first byte is a while on its way.
type lateAnswer struct {
	http.ResponseWriter
	ctx  context.Context
	half time.Duration
	once sync.Once
}

func (a *lateAnswer) wait() { a.once.Do(func() { pass(a.ctx, a.half) }) }

func (a *lateAnswer) WriteHeader(status int) {
	a.wait()
	a.ResponseWriter.WriteHeader(status)
}

func (a *lateAnswer) Write(b []byte) (int, error) {
	a.wait()
	return a.ResponseWriter.Write(b)
}

// Hijack is for sockets, and for connections that are cut.
func (a *lateAnswer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	a.wait()
	return http.NewResponseController(a.ResponseWriter).Hijack()
}
