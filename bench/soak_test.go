package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.etcd.io/bbolt"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/workflow/requests"
)

// soakEnv says how many requests the day brings. A company of 50,000 makes about
// 15,000 on a Monday, two thirds of them between nine and ten.
const soakEnv = "LATCHKEY_SOAK_REQUESTS"

// TestSoakDay lives through a day in virtual time: requests come in, are
// approved, granted for some hours and end. Nothing may end late, and nothing
// may be left over.
func TestSoakDay(t *testing.T) {
	requests := 100
	if said := os.Getenv(soakEnv); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil {
			t.Fatal(err)
		}
		requests = n
	}
	path := filepath.Join(t.TempDir(), "latchkey.db")
	synctest.Test(t, func(t *testing.T) { soak(t, path, requests) })
	size, free := pages(t, path)
	t.Logf("file %.1f MB, %.1f kB a request, %.0f %% of it free", float64(size)/1e6, float64(size)/1e3/float64(requests), 100*free)
	if free > 0.6 {
		t.Errorf("%.0f %% of the file is free pages: it grew for nothing", 100*free)
	}
}

func soak(t *testing.T, path string, requests int) {
	s, err := openStore(path, bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := fillPeople(t.Context(), s, requests); err != nil {
		t.Fatal(err)
	}
	watch := &stopwatch{Store: s, want: -1}
	h, err := newHouse(watch, clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.flow.Run(ctx) }()
	begun := time.Now()
	synctest.Wait()
	atRest := runtime.NumGoroutine()

	var people sync.WaitGroup
	random := rand.New(rand.NewPCG(1, 2))
	for n := range requests {
		arrives := 9*time.Hour + rand.N(time.Hour)
		if n%3 == 0 {
			arrives = rand.N(16 * time.Hour)
		}
		decides := time.Duration(random.ExpFloat64() * float64(10*time.Minute))
		people.Go(func() { live(t, h, n, arrives, min(decides, time.Hour)) })
	}
	people.Wait()
	time.Sleep(time.Until(begun.Add(24 * time.Hour)))
	synctest.Wait()

	if left := runtime.NumGoroutine(); left > atRest {
		t.Errorf("%d goroutines at the end of the day, %d at its beginning", left, atRest)
	}
	late := watch.late
	if len(late) != requests {
		t.Errorf("%d of %d grants ended", len(late), requests)
	}
	if worst := quantile(late, 1); worst > time.Second {
		t.Errorf("a grant ended %v late", worst)
	}
	if err := errors.Join(noneLeft(ctx, s), allEnded(ctx, s, requests)); err != nil {
		t.Error(err)
	}
	t.Logf("%d requests granted and ended, the latest %v late, %d goroutines left over, no task left", len(late), quantile(late, 1), max(0, runtime.NumGoroutine()-atRest))
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// live is one person's request: asked for, approved some time later.
func live(t *testing.T, h *house, n int, arrives, decides time.Duration) {
	time.Sleep(arrives)
	ctx := t.Context()
	who, err := h.flow.People.Who(ctx, userID(1+n))
	if err != nil {
		t.Error(err)
		return
	}
	r, err := h.flow.Requests.Submit(ctx, requests.Submission{
		ID: fmt.Sprint("view-", n), By: who, App: appID(n % appCount), Role: "editor", Wanted: time.Hour + time.Duration(n%300)*time.Minute,
		Reason: "Launch assets for the spring campaign", Via: access.ViaSlack,
	})
	if err != nil {
		t.Error(err)
		return
	}
	time.Sleep(time.Minute + decides)
	_, err = h.flow.Requests.Decide(ctx, requests.Decision{Request: r.ID, By: access.Actor{Person: idOf(approver), Via: access.ViaSlack}, Yes: true})
	if err != nil {
		t.Error(err)
	}
}

func allEnded(ctx context.Context, s store.Store, want int) error {
	return s.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Find("grant", "", "", want+1)
		if err != nil {
			return err
		}
		if len(rows) != want {
			return fmt.Errorf("%d grants, want %d", len(rows), want)
		}
		for _, r := range rows {
			g, err := store.Grant(tx, r.ID)
			if err != nil {
				return err
			}
			if g.State != access.GrantEnded {
				return fmt.Errorf("grant %s is %s at the end of the day", g.ID, g.State)
			}
		}
		return nil
	})
}

// pages tells the size of a store's file and which share of it is free.
func pages(t *testing.T, path string) (size int64, free float64) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	st := db.Stats()
	return info.Size(), float64(st.FreePageN+st.PendingPageN) * float64(db.Info().PageSize) / float64(info.Size())
}
