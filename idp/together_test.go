package idp_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"latchkey/idp"
)

func TestWhatIsReadTogetherIsReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, reads, answer := idp.Together(t.Context()), atomic.Int64{}, make(chan struct{})
		if idp.Together(ctx) != ctx {
			t.Error("a look within a look is another one")
		}
		read := func() (string, error) { reads.Add(1); <-answer; return "maya", nil }
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if got, err := idp.Once(ctx, "okta/maya", read); got != "maya" || err != nil {
					t.Error(got, err)
				}
			})
		}
		synctest.Wait()
		close(answer)
		all.Wait()
		for what, next := range map[string]struct {
			ctx context.Context
			key string
			n   int64
		}{
			"the same":                       {ctx, "okta/maya", 1},
			"what joins the look":            {idp.Joining(t.Context(), ctx), "okta/maya", 1},
			"what doesn't belong to a look":  {t.Context(), "okta/maya", 2},
			"what is to be read anew":        {idp.Apart(ctx), "okta/maya", 2},
			"what joins one that is no look": {idp.Joining(ctx, t.Context()), "okta/maya", 2},
			"somebody else":                  {ctx, "okta/noor", 2},
		} {
			reads.Store(1)
			if _, err := idp.Once(next.ctx, next.key, read); err != nil || reads.Load() != next.n {
				t.Errorf("%s: read %d times, want %d: %v", what, reads.Load(), next.n, err)
			}
		}
	})
}

func TestAReadThatFailsIsMadeByEach(t *testing.T) {
	ctx, reads := idp.Together(t.Context()), 0
	for want := 1; want <= 2; want++ {
		if _, err := idp.Once(ctx, "okta/maya", func() (int, error) { reads++; return 0, errors.New("too late") }); err == nil || reads != want {
			t.Errorf("read %d times, want %d: %v", reads, want, err)
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = idp.Once(ctx, "okta/noor", func() (int, error) { panic("a fault") })
	}()
	if got, err := idp.Once(ctx, "okta/noor", func() (int, error) { return 7, nil }); got != 7 || err != nil {
		t.Errorf("after a fault: %d, %v", got, err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	held := make(chan struct{})
	go idp.Once(ctx, "okta/lena", func() (int, error) { close(held); <-t.Context().Done(); return 0, nil })
	<-held
	if _, err := idp.Once(ended, "okta/lena", func() (int, error) { return 1, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("who has no more time: %v", err)
	}
}
