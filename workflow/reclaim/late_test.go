package reclaim

import (
	"context"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// trailing is a directory whose records of use trail what happens.
type trailing struct {
	idp.Directory
	by  time.Duration
	now func() time.Time
}

func (l trailing) Unwrap() idp.Directory { return l.Directory }

// Usage implements idp.UsageReporter.
func (l trailing) Usage(ctx context.Context, app string) (idp.Usage, error) {
	inner, _ := idp.As[idp.UsageReporter](l.Directory)
	u, err := inner.Usage(ctx, app)
	if err != nil {
		return u, err
	}
	all, complete := u.All, l.now().Add(-l.by)
	u.Complete = complete
	u.All = func(yield func(idp.Use, error) bool) {
		for one, err := range all {
			if (err != nil || !one.Last.After(complete)) && !yield(one, err) {
				return
			}
		}
	}
	return u, nil
}

// lateWorld is one in which Maya is asked about a seat of which every use is on record a day late.
func lateWorld(t *testing.T) *world {
	w := newWorld(t)
	w.dirs[0] = trailing{w.dirs[0], day, w.clock.Now}
	w.Service.seats.dirs = people.Directories{w.dirs[0]}
	w.has("maya", "editor", 100*day)
	w.has("tom", "editor", 100*day)
	w.used("maya", 80*day)
	w.used("tom", 2*day)
	w.turned()
	w.want("idle", "maya asked")
	w.pass(7*day - time.Hour)
	return w
}

// TestLateRecords: what was used in the last hour keeps its seat, though that isn't on record when the time is up; nothing ends
// before records have caught up.
func TestLateRecords(t *testing.T) {
	w := lateWorld(t)
	w.used("maya", 0)
	w.pass(time.Hour)
	w.want("the time is up", "maya checking")
	if c := w.only(); !c.Certain.Equal(c.Over.Add(day)) || c.Unread == "" {
		t.Errorf("it is known at %s, the time was up at %s", c.Certain, c.Over)
	}
	w.pass(day)
	w.want("records have caught up", "maya in_use")
	if !w.in(w.group, "maya") {
		t.Error("she was taken out though she used it in time")
	}
}

// TestLateRecordsAndSilence: it ends once, and as soon as, it is certain that nobody used it in time.
func TestLateRecordsAndSilence(t *testing.T) {
	w := lateWorld(t)
	w.pass(time.Hour)
	w.want("the time is up", "maya checking")
	w.pass(day - time.Minute)
	w.want("a minute before it is certain", "maya checking")
	w.pass(2 * time.Minute)
	w.want("it is certain", "maya removed gone")
	if c := w.only(); c.Seen.Complete.Before(c.Over) || c.Outcome != access.ReclaimGone {
		t.Errorf("%+v", c)
	}
}

// silentDirectory keeps no record of sign-ins, as SCIM has none.
type silentDirectory struct{ idp.Directory }

// TestNoRecordOfUse: where a directory has none, nothing is known, and what isn't known is never idle.
func TestNoRecordOfUse(t *testing.T) {
	for _, named := range []bool{true, false} {
		w := newWorld(t)
		w.dirs[0] = silentDirectory{w.dirs[0]}
		w.Service.seats.dirs = people.Directories{w.dirs[0]}
		if !named {
			w.app.Uses = nil
		}
		w.has("maya", "editor", 300*day)
		w.pass(3 * day)
		w.want("nobody is asked")
		p, err := w.Preview(t.Context())
		if err != nil || len(p.Apps) != 1 || len(p.Apps[0].Seats) != 1 {
			t.Fatalf("%+v, %v", p, err)
		}
		if seat := p.Apps[0].Seats[0]; seat.Standing != access.SeatUnknown || seat.Why != "The directory okta doesn't tell when an app was used." {
			t.Errorf("it is %s: %s", seat.Standing, seat.Why)
		}
	}
}
