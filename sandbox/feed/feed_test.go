package feed_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/sandbox/feed"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func at() time.Time { return time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC) }

// TestFollowersMissNothing lets several writers write while several followers,
// who begin at different moments, read: each sees every number once, in order.
func TestFollowersMissNothing(t *testing.T) {
	const writers, each = 8, 500
	var f feed.Feed
	var writing, following sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				f.Add(at(), "thing.made", fmt.Sprintf("%d/%d", w, i))
			}
		})
	}
	for range 4 {
		after := f.Seq()
		following.Go(func() {
			next := after + 1
			for c, err := range f.Follow(t.Context(), after) {
				if err != nil || c.Seq != next {
					t.Errorf("got change %d (%v), want %d", c.Seq, err, next)
					return
				}
				if next++; c.Seq == writers*each {
					return
				}
			}
		})
	}
	writing.Wait()
	following.Wait()
}

// TestEachWritersOrderIsKept: what one writer does comes in the order in which it
// was done, whatever others do meanwhile.
func TestEachWritersOrderIsKept(t *testing.T) {
	const writers, each = 4, 200
	var f feed.Feed
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				f.Add(at(), fmt.Sprint(w), fmt.Sprint(i))
			}
		})
	}
	writing.Wait()
	next := map[string]int{}
	for c, err := range f.Follow(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Subject != fmt.Sprint(next[c.Kind]) {
			t.Fatalf("writer %s: got its change %s, want %d", c.Kind, c.Subject, next[c.Kind])
		}
		if next[c.Kind]++; c.Seq == writers*each {
			break
		}
	}
}

// TestAFollowerWaits is woken by the next change and by the end of its context.
func TestAFollowerWaits(t *testing.T) {
	var f feed.Feed
	ctx, stop := context.WithCancel(t.Context())
	seen := make(chan feed.Change)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for c := range f.Follow(ctx, 0) {
			seen <- c
		}
	}()
	for i := range 3 {
		f.Add(at(), "thing.made", fmt.Sprint(i))
		if c := <-seen; c.Subject != fmt.Sprint(i) || c.Kind != "thing.made" || !c.At.Equal(at()) {
			t.Errorf("saw %+v", c)
		}
	}
	stop()
	<-ended
}

// TestWhoFallsBehindIsTold: a follower that can't be told everything is told so
// instead of being told less.
func TestWhoFallsBehindIsTold(t *testing.T) {
	var f feed.Feed
	for range 50_000 {
		f.Add(at(), "thing.made", "")
	}
	for _, after := range []uint64{0, 50_001} {
		told := 0
		for _, err := range f.Follow(t.Context(), after) {
			if told++; !errors.Is(err, feed.ErrBehind) {
				t.Fatalf("after %d: %v, want ErrBehind", after, err)
			}
		}
		if told != 1 {
			t.Errorf("after %d: told %d times", after, told)
		}
	}
	for c, err := range f.Follow(t.Context(), f.Seq()-1) {
		if err != nil || c.Seq != 50_000 {
			t.Errorf("the newest change: %d, %v", c.Seq, err)
		}
		break
	}
}
