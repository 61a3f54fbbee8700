package limit

import "time"

// paced is a quota that is known beforehand: so many calls in any stretch of time.
type paced struct {
	most int
	per  time.Duration
	past []time.Time // of calls let through, oldest first

	told, rested time.Time   // when the vendor asked for a rest, and until when
	promised     []time.Time // when calls that were sent away may come back
}

// share is this process's part of a quota that several have together: fewer calls in the same
// time, or one in a longer one.
func (b *paced) share(q Quota, among int) {
	b.most, b.per = q.Most/among, q.Per
	if b.most == 0 {
		b.most, b.per = 1, q.Per*time.Duration(among)/time.Duration(q.Most)
	}
}

// ask leaves room for the calls of a higher priority in line.
func (b *paced) ask(now time.Time, _ Priority, ahead int) (verdict, time.Time) {
	b.expire(now)
	at, room := now, max(1, b.most-ahead)
	if n := len(b.past); n >= room {
		at = b.past[n-room].Add(b.per)
	}
	if ahead >= b.most {
		at = now.Add(b.per)
	}
	if b.rested.After(at) {
		at = b.rested
	}
	if at.After(now) {
		return closed, at
	}
	return open, time.Time{}
}

func (b *paced) take(now time.Time, _ *call) { b.past = append(b.past, now) }

func (b *paced) done(now time.Time, _ *call, l *Feedback) {
	if l != nil && l.Rest > 0 {
		b.told, b.rested = now, now.Add(l.Rest)
	}
}

// promise tells a call that is sent away when to come back: after all those that were sent away before it.
func (b *paced) promise(at time.Time) time.Time {
	taken := append(b.past[:len(b.past):len(b.past)], b.promised...)
	if n := len(taken); n >= b.most {
		if next := taken[n-b.most].Add(b.per); next.After(at) {
			at = next
		}
	}
	b.promised = append(b.promised, at)
	return at
}

// expire forgets what is over, and what lies in the future because the clock was set back.
func (b *paced) expire(now time.Time) {
	if n := len(b.past); n > 0 && b.past[n-1].After(now) {
		b.past, b.promised = nil, nil
	}
	if b.told.After(now) {
		b.rested = time.Time{}
	}
	b.past = later(b.past, now.Add(-b.per))
	b.promised = later(b.promised, now)
}

// later are the times after t, of times in order.
func later(times []time.Time, t time.Time) []time.Time {
	for i, at := range times {
		if at.After(t) {
			return times[i:]
		}
	}
	return nil
}

func (b *paced) idle(now time.Time) bool {
	b.expire(now)
	return len(b.past) == 0 && !b.rested.After(now)
}
