package socket

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestPoolKeepsItsLimitAndTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var order []string
		gate := make(chan struct{})
		p := pool[job]{limit: 1, serve: func(j job) {
			<-gate
			mu.Lock()
			defer mu.Unlock()
			order = append(order, j.env.ID)
		}}
		var want []string
		for n := range 2000 { // a backlog that never empties
			id := strconv.Itoa(n)
			want = append(want, id)
			if !p.submit(job{env: Envelope{ID: id}}) {
				t.Fatalf("job %s refused", id)
			}
			if n > 10 {
				gate <- struct{}{}
				synctest.Wait()
			}
		}
		if p.running != 1 {
			t.Errorf("%d jobs at once, want 1", p.running)
		}
		if c := cap(p.backlog); c > 64 {
			t.Errorf("room for %d jobs, though about 10 wait at a time", c)
		}
		close(gate)
		if !p.wait(t.Context()) {
			t.Error("wait ended early")
		}
		if diff := cmp.Diff(want, order); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

func TestPoolRefusesMoreThanItsBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		p := pool[job]{limit: 2, serve: func(job) { <-gate }}
		taken := 0
		for p.submit(job{}) {
			taken++
		}
		if want := backlogLimit + 2; taken != want {
			t.Errorf("%d jobs taken, want %d", taken, want)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if p.wait(ended) {
			t.Error("wait reports an end that was not reached")
		}
		close(gate)
		synctest.Wait()
		if !p.wait(ended) {
			t.Error("wait misses the end")
		}
	})
}
