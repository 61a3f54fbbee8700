package searchtest

import (
	"encoding/json"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// now is the one moment of all worlds. When time passes, everything that is still to
// come moves nearer, and what is past moves away: states that differ in nothing but
// the date are the same. It is always a Monday, so what waits for a weekend to be over
// doesn't have to.
var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

// pool numbers the different values of a noun: a state names them by number.
type pool[T any] struct {
	values []T
	ids    map[string]uint32
	broken []string // what a value breaks, by number
}

func newPool[T any]() pool[T] {
	return pool[T]{values: make([]T, 1), ids: map[string]uint32{}, broken: make([]string, 1)}
}

// id numbers a value; new tells that it was not met before.
func (p *pool[T]) id(v T) (id uint32, fresh bool) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain data can always be written
	}
	if id, known := p.ids[string(raw)]; known {
		return id, false
	}
	id = uint32(len(p.values))
	p.ids[string(raw)] = id
	p.values, p.broken = append(p.values, v), append(p.broken, "")
	return id, true
}

// moment moves a time by d. What only has to be past is now.
func moment(t *time.Time, d time.Duration) {
	if t.IsZero() {
		return
	}
	if *t = t.Add(-d); t.Before(now) {
		*t = now
	}
}

// exactly moves a time by d, also where it is past: others are counted from it.
func exactly(t *time.Time, d time.Duration) {
	if !t.IsZero() {
		*t = t.Add(-d)
	}
}

// forget makes a moment that nothing depends on any more.
func forget(t *time.Time) {
	if !t.IsZero() {
		*t = now
	}
}

// laterRequest is a request after d has passed, in its canonical form.
func laterRequest(r access.Request, d time.Duration) access.Request {
	r.Version = 0
	forget(&r.Created)
	forget(&r.Decided)
	moment(&r.Look, d)
	if moment(&r.Lapses, d); r.State != access.RequestPending {
		r.Lapses = time.Time{}
	}
	later(&r.FollowUp, d)
	exactly(&r.Nudged.Last, d)
	r.Stages = append([]access.Stage(nil), r.Stages...)
	for i := range r.Stages {
		st := &r.Stages[i]
		forget(&st.AskedAt)
		forget(&st.Claim.At)
		st.Reassigned = append([]access.Reassignment(nil), st.Reassigned...)
		for j := range st.Reassigned {
			forget(&st.Reassigned[j].At)
		}
		st.Answers = append([]access.Answer(nil), st.Answers...)
		for j := range st.Answers {
			forget(&st.Answers[j].At)
		}
	}
	r.Starts = ahead(r.Starts, d)
	r.Waiting = append([]access.KeptAnswer(nil), r.Waiting...)
	for i := range r.Waiting {
		forget(&r.Waiting[i].At)
	}
	if r.Review != nil {
		v := *r.Review
		v.Rounds = min(v.Rounds, 4)
		moment(&v.Next, d)
		if v.Answer != nil {
			a := *v.Answer
			forget(&a.At)
			v.Answer = &a
		}
		r.Review = &v
	}
	return r
}

// later is a follow-up after d has passed. Beyond the eighth telling one week is like
// the other.
func later(f *access.FollowUp, d time.Duration) {
	exactly(&f.Since, d)
	moment(&f.Next, d)
	exactly(&f.Last, d)
	if over := f.Told - 8; over > 0 {
		f.Told, f.Since = 8, f.Since.Add(time.Duration(over)*catalog.Week)
	}
}

// laterGrant is a grant after d has passed, in its canonical form.
// ahead is a moment that has come nearer; none once it has come.
func ahead(t time.Time, d time.Duration) time.Time {
	if t.IsZero() || !t.Add(-d).After(now) {
		return time.Time{}
	}
	return t.Add(-d)
}

func laterGrant(g access.Grant, d time.Duration) access.Grant {
	g.Version = 0
	forget(&g.Created)
	forget(&g.Finished)
	forget(&g.TakenAt)
	moment(&g.Remind, d)
	if moment(&g.Starts, d); !g.Live() {
		g.Starts = time.Time{}
	}
	exactly(&g.Started, d)
	exactly(&g.Ends, d)
	if later(&g.FollowUp, d); g.State == access.GrantStuck && g.Revoking || g.Disputed {
		g.FollowUp.Told = min(g.FollowUp.Told, 4)
		forget(&g.FollowUp.Since)
	}
	if over := now.Sub(g.Ends); !g.Ends.IsZero() && over > 0 { // how long it has been over makes no difference
		exactly(&g.Started, -over)
		exactly(&g.Ends, -over)
	}
	if !g.Live() || g.Wanted == catalog.Forever {
		forget(&g.Started)
		forget(&g.Ends)
		g.Remind = time.Time{}
	}
	g.Entitlements = append([]access.Entitlement(nil), g.Entitlements...)
	return g
}
