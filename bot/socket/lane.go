package socket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

const (
	openWait  = 15 * time.Second // for apps.connections.open
	helloWait = 10 * time.Second // from the handshake to the hello
	// A socket that lived this long was a good one, and its loss says nothing about the next.
	proven = 10 * time.Second
)

// lane keeps one socket open: it replaces each before letting it go.
type lane struct {
	*session
	index    int
	turn     <-chan struct{} // closed when the lane may begin
	greeted  chan struct{}   // closed at the lane's first hello
	failures int             // in a row
	delay    time.Duration   // before the next attempt
}

func (l *lane) run() error {
	select {
	case <-l.turn:
	case <-l.ctx.Done():
		return nil
	}
	var old *conn
	for first := true; ; first = false {
		next, err := l.connect()
		if old != nil {
			old.retire()
		}
		if err != nil {
			return err
		}
		if first {
			close(l.greeted)
		}
		if err := l.watch(next); err != nil {
			return err
		}
		old = next
	}
}

// connect tries until Slack greets a socket, ctx ends or there is no point in trying.
func (l *lane) connect() (*conn, error) {
	for {
		if err := sleep(l.ctx, max(l.delay, l.pausedFor())); err != nil {
			return nil, err
		}
		next, err := l.attempt()
		if err == nil {
			return next, nil
		}
		if l.ctx.Err() != nil || fatal(err) && !l.persists() {
			return nil, err
		}
		l.failed(err)
	}
}

// persists tells whether refusals that a human has to mend are waited out.
func (l *lane) persists() bool { return l.cfg.Persist || !l.State().LastHello.IsZero() }

// failed decides how long to wait after an attempt that may yet succeed.
func (l *lane) failed(err error) {
	l.failures++
	l.delay = l.cfg.Backoff.after(l.failures)
	level := slog.LevelWarn
	var refused *OpenError
	if errors.As(err, &refused) && refused.limited() || errors.Is(err, errTooMany) {
		level = slog.LevelInfo // asked to wait
		l.delay = jitter(l.cfg.Backoff.Max)
		if refused != nil && refused.RetryAfter > 0 {
			l.delay = refused.RetryAfter
			l.pauseAll(refused.RetryAfter)
		}
	}
	l.log.Log(l.ctx, level, "no connection to Slack yet", "lane", l.index, "error", err, "retry_in", l.delay)
	l.change(func(st *State) { st.LastError = err })
}

// attempt opens one socket and waits for its hello.
func (l *lane) attempt() (*conn, error) {
	ctx, cancel := context.WithTimeout(l.ctx, openWait)
	defer cancel()
	url, err := l.cfg.Open(ctx)
	if err != nil {
		return nil, err
	}
	c, err := l.dial(url)
	if err != nil {
		return nil, err
	}
	timer := time.NewTimer(helloWait)
	defer timer.Stop()
	select {
	case <-c.greeted:
	case <-c.leaving:
		err = c.disconnectError()
	case <-c.readDone:
		err = c.lossReason()
	case <-timer.C:
		err = fmt.Errorf("no hello from Slack within %v of connecting", helloWait)
	case <-l.ctx.Done():
		err = l.ctx.Err()
	}
	if isClosed(c.greeted) { // whatever else happened, watch will see it
		return c, nil
	}
	c.retire()
	return nil, err
}

// watch returns when the socket needs a replacement, or with the reason why there can be none.
func (l *lane) watch(c *conn) error {
	born := time.Now()
	var ahead <-chan time.Time
	if wait := l.spread(l.index, c.life()); wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		ahead = timer.C
	}
	select {
	case <-l.ctx.Done():
		return l.ctx.Err()
	case <-c.leaving:
		return l.asked(c)
	case <-ahead:
		l.failures, l.delay = 0, 0
		l.log.Info("replacing a socket ahead of time, so that two do not end together", "lane", l.index)
		return nil
	case <-c.readDone:
	}
	if isClosed(c.leaving) {
		return l.asked(c)
	}
	l.dropped(c, time.Since(born))
	return nil
}

// asked answers Slack's disconnect frame.
func (l *lane) asked(c *conn) error {
	reason := c.disconnectError()
	l.log.Info("Slack asks for a new connection", "lane", l.index, "reason", reason)
	l.failures, l.delay = 0, 0
	switch {
	case errors.Is(reason, ErrSocketModeOff) && !l.persists():
		return reason
	case errors.Is(reason, errTooMany), errors.Is(reason, ErrSocketModeOff):
		l.delay = jitter(l.cfg.Backoff.Max)
		l.change(func(st *State) { st.LastError = reason })
	}
	return nil
}

// dropped decides how long to wait after a socket died unannounced: not at all, unless that keeps happening.
func (l *lane) dropped(c *conn, lived time.Duration) {
	if lived >= proven {
		l.failures = 0
	}
	l.delay = l.cfg.Backoff.after(l.failures)
	l.failures++
	l.log.Warn("connection to Slack lost", "lane", l.index, "error", c.lossReason(), "retry_in", l.delay)
}
