package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/clock"
	"latchkey/store"
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

// BenchmarkClick is what an approval costs from the envelope on, but for the socket.
func BenchmarkClick(b *testing.B) {
	h, counted, envelopes := approvals(b, b.N)
	views, updates := counted.views.Load(), counted.updates.Load()
	clicks(b, func(ctx context.Context, n int) error {
		_, err := h.bot.Handle(ctx, envelopes[n])
		return err
	})
	b.ReportMetric(float64(counted.views.Load()-views)/float64(b.N), "views/op")
	b.ReportMetric(float64(counted.updates.Load()-updates)/float64(b.N), "updates/op")
}

// TestAClickTakesFewTransactions: one to read the request, one for all that has to be known of the people in it, and
// one to write. Each costs as much as what is done in it.
func TestAClickTakesFewTransactions(t *testing.T) {
	h, counted, envelopes := approvals(t, 3)
	for _, e := range envelopes {
		views, updates := counted.views.Load(), counted.updates.Load()
		if _, err := h.bot.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		if read, written := counted.views.Load()-views, counted.updates.Load()-updates; read != 2 || written != 1 {
			t.Errorf("it reads %d times and writes %d times", read, written)
		}
	}
}

// TestAClickReadsLittle approves one of several requests of somebody while many wait: neither the others nor a story is
// read, for which everybody would have to wait.
func TestAClickReadsLittle(t *testing.T) {
	const people, each = 20, 3
	h, counted, _ := approvals(t, people)
	for n := range each - 1 {
		for who := range people {
			if err := h.another(t.Context(), who, (n+1)*crowd+who); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 100 {
		defer h.flow.Answering()()
	}
	by := access.Actor{Person: idOf(approver), Via: access.ViaSlack}
	for n := range people {
		requestsRead, stories := counted.requests.Load(), counted.stories.Load()
		if _, err := h.flow.Requests.Decide(t.Context(), requests.Decision{Request: requestID(n), By: by, Yes: true}); err != nil {
			t.Fatal(err)
		}
		if r, s := counted.requests.Load()-requestsRead, counted.stories.Load()-stories; r != 2 || s != 0 {
			t.Fatalf("it reads requests %d times and the log %d times; that one, and whether it has changed, is enough", r, s)
		}
	}
}

// another makes a request that waits, of somebody who has one already.
func (h *house) another(ctx context.Context, who, n int) error {
	at := time.Now().UTC()
	return h.store.Update(ctx, func(tx store.Tx) error {
		r, err := h.ask(tx, n, at)
		if err != nil {
			return err
		}
		if want := idOf(userID(1 + who)); r.Beneficiary != want {
			return fmt.Errorf("it is for %s, not %s", r.Beneficiary, want)
		}
		return h.move(tx, &r, asked(r, at), at)
	})
}

// approvals are clicks on requests that wait, in a house in which everybody was met.
func approvals(t testing.TB, n int) (*house, *countedStore, []socket.Envelope) {
	s, err := openStore(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	counted := &countedStore{Store: s}
	h, err := newHouse(counted, clock.System{})
	if err == nil {
		h.people = min(n, crowd)
		err = h.fillRequests(t.Context(), n)
	}
	if err == nil {
		err = h.meet(t.Context(), h.people+1)
	}
	if err != nil {
		t.Fatal(err)
	}
	load, err := approval()
	if err != nil {
		t.Fatal(err)
	}
	envelopes := make([]socket.Envelope, n)
	for n := range envelopes {
		var e struct {
			Type    string          `json:"type"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(load.fill(nil, n)[4:], &e); err != nil { // behind the header of the frame
			t.Fatal(err)
		}
		envelopes[n] = socket.Envelope{ID: fmt.Sprint(n), Type: e.Type, Payload: e.Payload}
	}
	return h, counted, envelopes
}

// countedStore counts transactions, how many requests they read, and how often they read the log.
type countedStore struct {
	store.Store
	views, updates, requests, stories atomic.Int64
}

type countedTx struct {
	store.Tx
	c *countedStore
}

func (t countedTx) Get(kind, id string) (store.Record, error) {
	if kind == "request" {
		t.c.requests.Add(1)
	}
	return t.Tx.Get(kind, id)
}

func (t countedTx) Find(kind, key, after string, limit int) ([]store.Record, error) {
	found, err := t.Tx.Find(kind, key, after, limit)
	if kind == "request" {
		t.c.requests.Add(int64(len(found)))
	}
	return found, err
}

func (t countedTx) Entries(f store.Filter, after uint64, limit int) ([]access.Entry, error) {
	t.c.stories.Add(1)
	return t.Tx.Entries(f, after, limit)
}

func (c *countedStore) View(ctx context.Context, fn func(store.Tx) error) error {
	c.views.Add(1)
	return c.Store.View(ctx, func(tx store.Tx) error { return fn(countedTx{tx, c}) })
}

func (c *countedStore) Update(ctx context.Context, fn func(store.Tx) error) error {
	c.updates.Add(1)
	return c.Store.Update(ctx, func(tx store.Tx) error { return fn(countedTx{tx, c}) })
}
