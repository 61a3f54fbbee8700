package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/store/bolt"
	"latchkey/workflow/requests"
)

// BenchmarkSubmit and BenchmarkDecide are what a click costs behind the socket:
// 64 people at once, flushes left to the system.
func BenchmarkSubmit(b *testing.B) {
	h := idle(b)
	clicks(b, func(ctx context.Context, n int) error {
		who, err := h.flow.People.Who(ctx, userID(1+n%crowd))
		if err != nil {
			return err
		}
		_, err = h.flow.Requests.Submit(ctx, requests.Submission{
			ID: fmt.Sprint("V", n), By: who, App: appID(n / crowd % appCount), Role: "editor", Wanted: 6 * time.Hour, Reason: "Launch assets for the spring campaign", Via: access.ViaSlack,
		})
		return err
	})
}

func BenchmarkDecide(b *testing.B) {
	h := idle(b)
	if err := h.fillRequests(b.Context(), b.N); err != nil {
		b.Fatal(err)
	}
	by := access.Actor{Person: idOf(approver), Via: access.ViaSlack}
	clicks(b, func(ctx context.Context, n int) error {
		_, err := h.flow.Requests.Decide(ctx, requests.Decision{Request: requestID(n), By: by, Yes: true})
		return err
	})
}

func idle(b *testing.B) *house {
	s, err := openStore(filepath.Join(b.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	h, err := newHouse(s, clock.System{})
	if err != nil {
		b.Fatal(err)
	}
	if err := h.meet(b.Context(), crowd+1); err != nil {
		b.Fatal(err)
	}
	return h
}

func clicks(b *testing.B, click func(ctx context.Context, n int) error) {
	var next atomic.Int64
	var people sync.WaitGroup
	measure(b, func() {
		for range 64 {
			people.Go(func() {
				for n := int(next.Add(1) - 1); n < b.N; n = int(next.Add(1) - 1) {
					if err := click(b.Context(), n); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		people.Wait()
	})
}
