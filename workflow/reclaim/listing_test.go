package reclaim

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/idptest"
)

// counted is a directory with one application, that counts how often its applications are listed.
type counted struct {
	idp.Directory
	mu     sync.Mutex
	listed int
	err    error
}

func (c *counted) Apps(context.Context) ([]idp.App, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listed++
	return []idp.App{{ID: "0oa1", Active: true}}, c.err
}

func (c *counted) Assignments(context.Context, string) (out idp.Assignments, err error) {
	out.Groups = append(out.Groups, idp.Assignment{GroupID: "00g1"})
	return out, nil
}

// TestAssignmentsAreListedOnce for all who need them within a minute, side by side or one after the other; what failed is tried
// again.
func TestAssignmentsAreListedOnce(t *testing.T) {
	w := newWorld(t)
	d, l := &counted{Directory: idptest.NewVendor("okta", w.clock).Directory()}, newListings()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if found, err := l.of(t.Context(), d, d, w.clock.Now); err != nil || len(found["00g1"]) != 1 {
				t.Errorf("%v, %v", found, err)
			}
		})
	}
	all.Wait()
	if d.listed != 1 {
		t.Errorf("listed %d times", d.listed)
	}
	w.clock.Advance(readFor)
	d.err = errors.New("away")
	if _, err := l.of(t.Context(), d, d, w.clock.Now); err == nil {
		t.Error("what is old serves where nothing new can be had")
	}
	d.err = nil
	if _, err := l.of(t.Context(), d, d, w.clock.Now); err != nil || d.listed != 3 {
		t.Errorf("listed %d times: %v", d.listed, err)
	}
}

// TestWhoWaitsForAListingCanGiveUp: it takes as long as a directory takes.
func TestWhoWaitsForAListingCanGiveUp(t *testing.T) {
	l := newListings()
	l.turn <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := l.of(ctx, nil, nil, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it gives %v", err)
	}
}
