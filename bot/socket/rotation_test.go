package socket_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"latchkey/bot/socket"
)

// TestRotation has Slack ask for a new connection in the middle of 50 envelopes, a hundred times over.
func TestRotation(t *testing.T) {
	cfg := socket.Config{Handler: handler(func(context.Context, socket.Envelope) ([]byte, error) {
		<-time.After(rand.N(40 * time.Millisecond))
		return nil, nil
	})}
	play(t, cfg, nil, func(w *world) {
		w.peer()
		w.peer()
		for round := range 100 {
			w.rotate(round)
		}
		w.noAck()
		if w.fewest < 2 {
			t.Errorf("as few as %d sockets were live, want 2 throughout", w.fewest)
		}
		if opens := len(w.opens()); opens != 102 {
			t.Errorf("%d connections opened, want 102", opens)
		}
	})
}

// rotate plays one round. Both sockets take their turn, and so do the reasons.
func (w *world) rotate(round int) {
	w.t.Helper()
	old, sent := w.live[round%2], map[string]*peer{}
	for n := range 50 {
		if n == 25 {
			old.disconnect([]string{"warning", "refresh_requested"}[round%2])
		}
		id, p := fmt.Sprintf("%d-%d", round, n), w.anyLive()
		sent[id] = p
		p.command(id)
	}
	w.peer()
	for range 50 {
		a := receive(w.t, w.acks, "ack")
		if sent[a.id] != a.peer {
			w.t.Fatalf("round %d: ack of %s on socket %d", round, a.id, a.peer.n)
		}
		delete(sent, a.id)
	}
	receive(w.t, old.gone, "end of the old socket")
	if !websocket.IsCloseError(old.end, websocket.CloseNormalClosure) {
		w.t.Fatalf("round %d: the old socket ended with %v", round, old.end)
	}
}

func (s *slack) anyLive() *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live[rand.N(len(s.live))]
}

func TestReplacedSocketStillListensForAWhile(t *testing.T) {
	play(t, socket.Config{Connections: 1}, nil, func(w *world) {
		old := w.peer()
		old.disconnect("warning")
		w.peer()
		for _, id := range []string{"straggler 1", "straggler 2", "straggler 3"} {
			pass(900 * time.Millisecond)
			old.command(id)
			w.ack(old, id, "")
		}
		last := time.Now()
		receive(t, old.gone, "end of the old socket")
		elapsed(t, "end of the old socket", time.Since(last), time.Second, time.Second)
	})
}

func TestReplacedSocketDoesNotStayForEver(t *testing.T) {
	cfg := socket.Config{Connections: 1, Handler: handler(func(context.Context, socket.Envelope) ([]byte, error) {
		<-time.After(time.Minute)
		return nil, nil
	})}
	play(t, cfg, nil, func(w *world) {
		old := w.peer()
		old.command("endless")
		synctest.Wait()
		told := time.Now()
		old.disconnect("refresh_requested")
		receive(t, old.gone, "end of the old socket")
		elapsed(t, "end of the old socket", time.Since(told), 10*time.Second, 10*time.Second)
		pass(time.Minute)
		w.noAck()
		if !w.log.has("socket is gone") {
			t.Error("the lost ack is not in the log")
		}
	})
}

func TestOldSocketWaitsForItsReplacement(t *testing.T) {
	play(t, socket.Config{Connections: 1, Backoff: socket.Backoff{Min: time.Second, Max: 4 * time.Second}}, nil, func(w *world) {
		old := w.peer()
		w.mu.Lock()
		w.refuse = []int{409, 500, 503}
		w.mu.Unlock()
		asked := time.Now()
		old.disconnect("refresh_requested")
		pass(time.Second)
		old.command("meanwhile")
		w.ack(old, "meanwhile", "")
		w.peer()
		elapsed(t, "replacement", time.Since(asked), 3500*time.Millisecond, 7*time.Second)
		if w.fewest == 0 {
			t.Error("no socket was live for a while")
		}
	})
}

func TestSocketsDoNotEndTogether(t *testing.T) {
	hello := `{"type":"hello","num_connections":2,"debug_info":{"approximate_connection_time":18000}}`
	play(t, socket.Config{}, func(s *slack) { s.greeting = hello }, func(w *world) {
		a, b, born := w.peer(), w.peer(), time.Now()
		w.peer()
		elapsed(t, "replacement of one socket", time.Since(born), 9000*time.Second, 9000*time.Second)
		select {
		case <-a.gone:
		case <-b.gone:
		}
		pass(time.Hour)
		if n := len(w.opens()); n != 3 {
			t.Errorf("%d connections opened, want 3", n)
		}
	})
}
