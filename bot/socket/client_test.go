package socket_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"latchkey/bot/socket"
)

type handler = socket.HandlerFunc

func TestAckFollowsTheHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release, seen := make(chan []byte), make(chan socket.Envelope, 1)
		cfg := socket.Config{Handler: handler(func(_ context.Context, e socket.Envelope) ([]byte, error) {
			e.Payload = append([]byte(nil), e.Payload...)
			seen <- e
			return <-release, nil
		})}
		run(t, cfg, nil, func(w *world) {
			p := w.peer()
			for _, response := range []string{"", `{"response_type":"ephemeral","text":"Hello \"Maya\""}`} {
				p.command("e1")
				want := socket.Envelope{ID: "e1", Type: "slash_commands", AcceptsResponse: true, Payload: []byte(`{"command":"/access"}`), Received: time.Now()}
				if diff := cmp.Diff(want, receive(t, seen, "envelope")); diff != "" {
					t.Errorf("envelope (-want +got):\n%s", diff)
				}
				w.noAck()
				release <- []byte(response)
				w.ack(p, "e1", response)
			}
		})
	})
}

func TestEveryEnvelopeReachesTheHandler(t *testing.T) {
	var mu sync.Mutex
	var got []string
	cfg := socket.Config{HandlerLimit: 1, Handler: handler(func(_ context.Context, e socket.Envelope) ([]byte, error) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, fmt.Sprintf("%s %s %d %q %s", e.ID, e.Type, e.RetryAttempt, e.RetryReason, e.Payload))
		return nil, nil
	})}
	play(t, cfg, nil, func(w *world) {
		p := w.peer()
		for _, frame := range []string{
			`{"envelope_id":"a","type":"events_api","accepts_response_payload":false,"retry_attempt":0,"retry_reason":"","payload":{"event_id":"Ev1"}}`,
			`{"envelope_id":"a","type":"events_api","accepts_response_payload":false,"retry_attempt":1,"retry_reason":"timeout","payload":{"event_id":"Ev1"}}`,
			"\n{ \"payload\" : [ ] , \"type\" : \"from_the_future\" , \"envelope_id\" : \"b\" }",
			`{"envelope_id":"c","type":"interactive"}`,
		} {
			p.send(frame)
		}
		for _, id := range []string{"a", "a", "b", "c"} {
			w.ack(p, id, "")
		}
		want := []string{`a events_api 0 "" {"event_id":"Ev1"}`, `a events_api 1 "timeout" {"event_id":"Ev1"}`, `b from_the_future 0 "" [ ]`, `c interactive 0 "" `}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("handled (-want +got):\n%s", diff)
		}
	})
}

func TestOddFramesHurtNobody(t *testing.T) {
	play(t, socket.Config{}, nil, func(w *world) {
		p := w.peer()
		w.peer()
		for _, frame := range []string{"", "{", "null", `{"type":"goodnight"}`, `{"type":"hello"}`, `[1]`} {
			p.send(frame)
		}
		p.writing.Lock()
		_ = p.ws.WriteMessage(websocket.BinaryMessage, []byte{1, 2, 3})
		p.writing.Unlock()
		p.command("still here")
		w.ack(p, "still here", "")
		pass(time.Minute)
		if n := len(w.opens()); n != 2 {
			t.Errorf("%d connections opened, want the first two only", n)
		}
	})
}

func TestFailedHandlersAckNothing(t *testing.T) {
	cfg := socket.Config{Handler: handler(func(_ context.Context, e socket.Envelope) ([]byte, error) {
		switch e.ID {
		case "fails":
			return nil, errors.New("the store is full")
		case "panics":
			panic("nil pointer, say")
		}
		return nil, nil
	})}
	play(t, cfg, nil, func(w *world) {
		p := w.peer()
		p.command("fails")
		p.command("panics")
		p.command("works")
		w.ack(p, "works", "")
		w.noAck()
		for _, want := range []string{"the store is full", "nil pointer, say"} {
			if !w.log.has(want) {
				t.Errorf("log lacks %q", want)
			}
		}
	})
}

func TestUnsendableResponsesBecomePlainAcks(t *testing.T) {
	big := func(n int) string {
		return `{"text":"` + strings.Repeat("x", n-len(`{"envelope_id":"fits","payload":{"text":""}}`)) + `"}`
	}
	responses := map[string]string{"fits": big(20_479), "huge": big(20_480), "junk": `{"text":`}
	cfg := socket.Config{Handler: handler(func(_ context.Context, e socket.Envelope) ([]byte, error) {
		return []byte(responses[e.ID]), nil
	})}
	play(t, cfg, nil, func(w *world) {
		p := w.peer()
		p.command("fits")
		w.ack(p, "fits", responses["fits"])
		p.command("huge")
		w.ack(p, "huge", "")
		p.command("junk")
		w.ack(p, "junk", "")
		for _, want := range []string{"ack of 20480 bytes", "not valid JSON"} {
			if !w.log.has(want) {
				t.Errorf("log lacks %q", want)
			}
		}
	})
}

func TestStuckHandlersStopNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		cfg := socket.Config{HandlerLimit: 2, Handler: handler(func(_ context.Context, e socket.Envelope) ([]byte, error) {
			if strings.HasPrefix(e.ID, "stuck") {
				<-release
			}
			return nil, nil
		})}
		run(t, cfg, nil, func(w *world) {
			p := w.peer()
			p.command("stuck 1")
			p.command("free")
			w.ack(p, "free", "") // one handler is left
			p.command("stuck 2")
			for n := range 100 {
				p.command(fmt.Sprint("waits ", n))
			}
			pass(2 * time.Minute)
			w.noAck()
			if len(p.pongs) != 24 {
				t.Errorf("%d pongs to 24 pings", len(p.pongs))
			}
			if first := <-p.pongs; first != "beat 0" {
				t.Errorf("pong %q, want the ping's data", first)
			}
			close(release)
			got := map[string]int{}
			for range 102 {
				got[receive(t, w.acks, "ack").id]++
			}
			if len(got) != 102 || len(w.opens()) != 2 {
				t.Errorf("%d of 102 envelopes acked over %d connections, want all over 2", len(got), len(w.opens()))
			}
		})
	})
}

func TestDropsReconnectAtOnceAndThenMoreSlowly(t *testing.T) {
	play(t, socket.Config{Connections: 1, Backoff: socket.Backoff{Min: time.Second, Max: 8 * time.Second}}, nil, func(w *world) {
		p := w.peer()
		pass(time.Minute)
		low := []time.Duration{0, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 4 * time.Second}
		for n, least := range low {
			dropped := time.Now()
			p.drop()
			p = w.peer()
			elapsed(t, fmt.Sprint("reconnect ", n), time.Since(dropped), least, 2*least)
		}
		pass(time.Minute) // a good socket makes good for the bad ones
		dropped := time.Now()
		p.drop()
		w.peer()
		elapsed(t, "last reconnect", time.Since(dropped), 0, 0)
	})
}

func TestDropLosesOnlyItsOwnAcks(t *testing.T) {
	cfg := socket.Config{Handler: handler(func(context.Context, socket.Envelope) ([]byte, error) {
		<-time.After(100 * time.Millisecond)
		return nil, nil
	})}
	play(t, cfg, nil, func(w *world) {
		a, b := w.peer(), w.peer()
		a.command("on a")
		b.command("on b")
		synctest.Wait()
		a.drop()
		w.ack(b, "on b", "")
		c := w.peer()
		pass(time.Second)
		w.noAck() // never on another socket
		if !w.log.has("on a") {
			t.Error("the lost ack is not in the log")
		}
		c.command("on c")
		w.ack(c, "on c", "")
	})
}

func TestAcksStillGoOutAfterSlackClosed(t *testing.T) {
	cfg := socket.Config{Connections: 1, Handler: handler(func(context.Context, socket.Envelope) ([]byte, error) {
		<-time.After(time.Second)
		return nil, nil
	})}
	play(t, cfg, nil, func(w *world) {
		p := w.peer()
		p.command("just in time")
		closed := time.Now()
		_ = p.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
		w.peer()
		elapsed(t, "replacement", time.Since(closed), 0, 0)
		w.ack(p, "just in time", "")
		receive(t, p.gone, "end of the closed socket")
	})
}

func TestSilentSocketsAreReplaced(t *testing.T) {
	play(t, socket.Config{Connections: 1}, func(s *slack) { s.silent = true }, func(w *world) {
		p, born := w.peer(), time.Now()
		pass(20 * time.Second)
		p.command("a sign of life")
		w.ack(p, "a sign of life", "")
		w.peer()
		elapsed(t, "replacement", time.Since(born), 50*time.Second, 50*time.Second)
		if !w.log.has("neither a ping nor anything else for 30s") {
			t.Error("the log does not say why")
		}
	})
}

func TestPingsKeepASocket(t *testing.T) {
	play(t, socket.Config{}, nil, func(w *world) {
		w.peer()
		w.peer()
		pass(3 * time.Hour)
		if n := len(w.opens()); n != 2 {
			t.Errorf("%d connections opened in three quiet hours, want 2", n)
		}
	})
}

func TestMissingHelloIsAFailure(t *testing.T) {
	play(t, socket.Config{}, func(s *slack) { s.noHello = true }, func(w *world) {
		w.peer()
		w.mu.Lock()
		w.noHello = false
		w.mu.Unlock()
		w.peer()
		opens := w.opens()
		elapsed(t, "second attempt", opens[1].Sub(opens[0]), 10*time.Second, 11*time.Second)
	})
}
