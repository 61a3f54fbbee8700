package idp_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/idp"
)

// gathered reads some keys, all of them in the same moment, and tells which reads it took.
func gathered(ctx context.Context, fails bool, keys ...string) (reads [][]string, found map[string]string) {
	var mu sync.Mutex
	var all sync.WaitGroup
	found = map[string]string{}
	for _, key := range keys {
		all.Go(func() {
			value, known, err := idp.Gather(ctx, "people", key, func(keys ...string) (map[string]string, error) {
				mu.Lock()
				defer mu.Unlock()
				slices.Sort(keys)
				reads = append(reads, keys)
				out := map[string]string{}
				for _, k := range keys {
					if k != "nobody" {
						out[k] = "is " + k
					}
				}
				if fails && len(keys) > 1 {
					return nil, errors.New("too many at once")
				}
				return out, nil
			})
			mu.Lock()
			defer mu.Unlock()
			if err == nil && known {
				found[key] = value
			}
		})
	}
	all.Wait()
	return reads, found
}

func TestWhatIsAskedForInOneMomentIsReadTogether(t *testing.T) {
	many := make([]string, 25)
	for i := range many {
		many[i] = string(rune('a' + i))
	}
	for name, c := range map[string]struct {
		apart, fails bool
		keys         []string
		reads, found int
	}{
		"one":                  {keys: []string{"maya"}, reads: 1, found: 1},
		"several":              {keys: []string{"maya", "noor", "nobody"}, reads: 1, found: 2},
		"more than go at once": {keys: many, reads: 2, found: 25},
		"no look":              {apart: true, keys: []string{"maya", "noor"}, reads: 2, found: 2},
		"a refusal of several": {fails: true, keys: []string{"maya", "noor"}, reads: 3, found: 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := idp.Together(t.Context())
				if c.apart {
					ctx = idp.Apart(ctx)
				}
				begun := time.Now()
				reads, found := gathered(ctx, c.fails, c.keys...)
				if len(reads) != c.reads || len(found) != c.found {
					t.Errorf("read %q, found %q", reads, found)
				}
				if took := time.Since(begun); took > 10*time.Millisecond {
					t.Errorf("it took %s", took)
				}
				if reads, _ := gathered(ctx, false, "lena"); len(reads) != 1 || len(reads[0]) != 1 {
					t.Errorf("afterwards, read %q", reads)
				}
			})
		})
	}
}

func TestWhoHasNoMoreTimeGathersNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(idp.Together(t.Context()))
		held := make(chan struct{})
		go func() {
			_, _, _ = idp.Gather(ctx, "people", "maya", func(...string) (map[string]int, error) { <-held; return nil, nil })
		}()
		synctest.Wait()
		var err error
		done := make(chan struct{})
		go func() {
			defer close(done)
			_, _, err = idp.Gather(ctx, "people", "noor", func(...string) (map[string]int, error) { return nil, nil })
		}()
		time.Sleep(time.Second)
		end()
		<-done
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		close(held)
	})
}
