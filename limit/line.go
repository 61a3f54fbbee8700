package limit

import (
	"slices"
	"time"
)

// verdict says what a call that wants to go now must do.
type verdict int

const (
	open   verdict = iota // go
	busy                  // wait for an answer that is under way
	closed                // wait for time to pass
)

// bucket is what is known of one quota.
type bucket interface {
	// ask says whether a call of the priority may go now, when as many of a higher one stand in line as
	// ahead says, and when time alone will change the verdict; zero if it won't.
	ask(now time.Time, p Priority, ahead int) (verdict, time.Time)
	// take notes that the call goes.
	take(now time.Time, c *call)
	// done notes that the call is back, and what its answer says of this quota; nil: nothing.
	done(now time.Time, c *call, l *Feedback)
	// promise is when a call that is sent away may come back, if the quota is closed until at.
	promise(at time.Time) time.Time
	// idle tells that nothing would be lost by forgetting the bucket.
	idle(now time.Time) bool
}

// quota is a bucket and how many calls of each priority wait for it.
type quota struct {
	bucket
	name    string
	waiting [Urgent + 1]int
}

// ahead is how many calls of a higher priority stand in line.
func (q *quota) ahead(p Priority) (n int) {
	for _, waiting := range q.waiting[p+1:] {
		n += waiting
	}
	return n
}

// call is one call, from its arrival to its answer.
type call struct {
	quotas   []*quota
	priority Priority
	latest   time.Time     // it won't wait beyond; zero: it will
	at       time.Time     // when time alone may change its case; zero: it can't
	ready    chan struct{} // closed when it may go, or when err is set
	err      error
}

// ask asks all of a call's quotas; the strictest one counts.
func (c *call) ask(now time.Time) (v verdict, at time.Time, strictest *quota) {
	for _, q := range c.quotas {
		qv, qat := q.ask(now, c.priority, q.ahead(c.priority))
		if qv > v || qv == v && qat.After(at) {
			v, at, strictest = qv, qat, q
		}
	}
	return v, at, strictest
}

func (c *call) line(by int) {
	for _, q := range c.quotas {
		q.waiting[c.priority] += by
	}
}

// arrive lets the newcomer through or puts it in line. Nobody else's case has changed, so nobody else is asked.
func (l *Limiter) arrive(c *call, now time.Time) {
	if l.admit(c, now) {
		close(c.ready)
		return
	}
	at := len(l.waiting)
	for at > 0 && l.waiting[at-1].priority < c.priority {
		at--
	}
	l.waiting = slices.Insert(l.waiting, at, c)
	c.line(+1)
	if !c.at.IsZero() && (l.alarm == nil || c.at.Before(l.alarm.at)) {
		l.arm(c.at)
	}
}

// admit tells whether the call is done with waiting, for better or worse.
func (l *Limiter) admit(c *call, now time.Time) bool {
	c.at = time.Time{}
	if l.full() {
		return false
	}
	v, at, strictest := c.ask(now)
	switch {
	case v == closed && !c.latest.IsZero() && c.latest.Before(at):
		c.err = &Exceeded{After: strictest.promise(at).Sub(now)}
		return true
	case v != open:
		c.at = at
		return false
	}
	l.flight++
	for _, q := range c.quotas {
		q.take(now, c)
	}
	return true
}

func (l *Limiter) full() bool {
	return l.cfg.InFlight > 0 && l.flight >= max(1, l.cfg.InFlight/l.among())
}

// dispatch lets go whoever may go now, and sees to it that it is called again when time alone may change
// somebody's case. While the limiter is full, the next call that returns sees to that.
func (l *Limiter) dispatch(now time.Time) {
	var wake time.Time
	l.waiting = slices.DeleteFunc(l.waiting, func(c *call) bool {
		if l.admit(c, now) {
			c.line(-1)
			close(c.ready)
			return true
		}
		if !c.at.IsZero() && (wake.IsZero() || c.at.Before(wake)) {
			wake = c.at
		}
		return false
	})
	l.arm(wake)
}

// giveUp takes back a call whose caller has gone, also if it was just let through.
func (l *Limiter) giveUp(c *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Clock.Now()
	if at := slices.Index(l.waiting, c); at >= 0 {
		l.waiting = slices.Delete(l.waiting, at, at+1)
		c.line(-1)
	} else if c.err == nil {
		l.land(c, nil, now)
	}
	l.dispatch(now) // whoever left room for it may go
}

func (l *Limiter) land(c *call, feedback *Feedback, now time.Time) {
	l.flight--
	for _, q := range c.quotas {
		if feedback != nil && feedback.Quota == q.name {
			q.done(now, c, feedback)
		} else {
			q.done(now, c, nil)
		}
	}
}

// alarm is a wait for time to pass.
type alarm struct {
	at   time.Time
	stop func()
}

// arm sets the alarm, in place of the one that is set; with the zero time it unsets it.
func (l *Limiter) arm(at time.Time) {
	if l.alarm != nil {
		if l.alarm.at.Equal(at) {
			return
		}
		l.alarm.stop()
		l.alarm = nil
	}
	if at.IsZero() {
		return
	}
	ready, giveUp := l.cfg.Clock.Until(at)
	stopped := make(chan struct{})
	a := &alarm{at: at, stop: func() {
		giveUp()
		close(stopped)
	}}
	l.alarm = a
	go func() {
		select {
		case <-ready:
			l.ring(a)
		case <-stopped:
		}
	}()
}

func (l *Limiter) ring(a *alarm) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.alarm == a {
		l.alarm = nil
		l.dispatch(l.cfg.Clock.Now())
	}
}
