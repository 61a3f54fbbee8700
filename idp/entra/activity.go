package entra

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
)

// activity is when accounts last signed in to the tenant (learn.microsoft.com, "signInActivity resource type"). It takes a
// permission and a licence of its own, and is nothing that anybody waits for: it is asked for apart from everything else,
// since one refusal takes all that was asked for with it, and what isn't seen in time stays unknown.
type activity struct {
	*api
	turn chan struct{} // held by whoever goes on with the round

	mu     sync.Mutex
	known  map[string]signedIn
	quiet  time.Time           // until when nobody asks, since it was refused or failed
	round  *pager[lastSignIns] // through the whole tenant; nil: none is under way
	begun  time.Time           // when the round did
	ending time.Time           // when the last whole one began
}

// signedIn is what is known of an account's last sign-in, as of when it was asked for.
type signedIn struct {
	last, asked time.Time
}

// lastSignIns is an account with its sign-ins. Of those that Graph tells, two are attempts, whatever came of them; only
// the last one that succeeded is a sign-in. Microsoft records it since December 2023.
type lastSignIns struct {
	ID   string `json:"id"`
	Seen *struct {
		Success *time.Time `json:"lastSuccessfulSignInDateTime"`
	} `json:"signInActivity"`
}

const (
	activitySelect = "id,signInActivity"
	// activityInPage is how many accounts Graph lists at a time with their sign-ins; it cuts a larger page without a word.
	activityInPage = "500"
	// The time that what is told of sign-ins may add to a read.
	activityWait, activityShare = 5 * time.Second, 4
	// The sign-ins that are told trail by hours, so that newer answers say little more: of one account, and of all.
	oneKept, allKept = time.Hour, 12 * time.Hour
	// How long nobody asks after a refusal, which only an administrator can change, and after a failure.
	quietRefused, quietFailed = time.Hour, 5 * time.Minute
)

func newActivity(a *api) *activity {
	return &activity{api: a, turn: make(chan struct{}, 1), known: map[string]signedIn{}}
}

// of is when an account last signed in; zero if that isn't known.
func (l *activity) of(ctx context.Context, id string) time.Time {
	now := l.cfg.Clock.Now()
	l.mu.Lock()
	seen, quiet := l.known[id], now.Before(l.quiet)
	l.mu.Unlock()
	if fresh := !seen.asked.IsZero() && now.Sub(seen.asked) < oneKept; fresh || quiet || !l.allowed(ctx) {
		return seen.last
	}
	ctx, cancel := inPassing(ctx)
	defer cancel()
	last, err := idp.Once(ctx, l.cfg.ID+"/users/"+id+"/signInActivity", func() (time.Time, error) {
		var one lastSignIns
		err := l.call(ctx, "read the last sign-in of account "+id, exchange{path: "/users/" + id, query: options("$select", activitySelect)}, &one)
		if err == nil && !strings.EqualFold(one.ID, id) {
			err = answeredOther(l.cfg.ID, "account", id, one.ID)
		}
		return one.last(), err
	})
	if err != nil {
		l.failed(ctx, err)
		return seen.last
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known[id] = signedIn{last, now}
	return last
}

// all is when accounts last signed in, as far as that is known. It goes on with the round through the tenant if the last
// one is old, as far as that goes in passing: the next call goes on where this one stopped. Nothing that changes
// who has access waits for it.
func (l *activity) all(ctx context.Context) func(id string) time.Time {
	if idp.PriorityOf(ctx) == idp.Read && l.due() && l.allowed(ctx) {
		l.goOn(ctx)
	}
	return l.seen
}

// seen is what is known already of an account's last sign-in.
func (l *activity) seen(id string) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[id].last
}

func (l *activity) due() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.cfg.Clock.Now()
	return !now.Before(l.quiet) && (l.ending.IsZero() || now.Sub(l.ending) >= allKept)
}

// goOn reads pages until the round is whole or the time is over.
func (l *activity) goOn(ctx context.Context) {
	ctx, cancel := inPassing(ctx)
	defer cancel()
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return
	}
	for l.due() {
		p := l.next()
		got, err := p.next(ctx)
		if err != nil {
			l.failed(ctx, err)
			return
		}
		l.take(got.Value, p.more())
	}
}

// next is the round that is under way, or a new one.
func (l *activity) next() *pager[lastSignIns] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.round == nil {
		l.begun = l.cfg.Clock.Now()
		l.round = newPager[lastSignIns](l.api, "list the last sign-ins", exchange{path: "/users", query: options("$select", activitySelect, "$top", activityInPage)})
	}
	return l.round
}

// take notes a page. Who isn't on any page of a whole round is forgotten.
func (l *activity) take(some []lastSignIns, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range some {
		l.known[one.ID] = signedIn{one.last(), l.begun}
	}
	if more {
		return
	}
	for id, seen := range l.known {
		if seen.asked.Before(l.begun) {
			delete(l.known, id)
		}
	}
	l.round, l.ending = nil, l.begun
}

// failed has nobody ask for a while. That the time was over is no failure.
func (l *activity) failed(ctx context.Context, err error) {
	if ctx.Err() != nil || errors.Is(err, idp.ErrNotFound) {
		return
	}
	wait := quietFailed
	if errors.Is(err, idp.ErrDenied) {
		wait = quietRefused
	}
	l.mu.Lock()
	l.quiet, l.round = l.cfg.Clock.Now().Add(wait), nil
	l.mu.Unlock()
	l.cfg.Logger.InfoContext(ctx, "last sign-ins are unknown", "directory", l.cfg.ID, "again_in", wait, "error", err)
}

// allowed tells whether the permission may have been granted: one that is known to lack is not tried.
func (l *activity) allowed(ctx context.Context) bool {
	said, err := l.claims(ctx)
	return err == nil && (len(said.Roles) == 0 || said.may(permitLogs))
}

// inPassing leaves most of the time that a read has to what it is about.
func inPassing(ctx context.Context) (context.Context, context.CancelFunc) {
	wait := activityWait
	if end, bounded := ctx.Deadline(); bounded {
		wait = min(wait, time.Until(end)/activityShare)
	}
	return context.WithTimeout(ctx, wait)
}

// last is the last sign-in that succeeded; zero where none is told.
func (s lastSignIns) last() time.Time {
	if s.Seen == nil || s.Seen.Success == nil {
		return time.Time{}
	}
	return *s.Seen.Success
}
