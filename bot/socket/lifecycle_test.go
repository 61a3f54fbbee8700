package socket_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"latchkey/bot/socket"
)

// answers is an http.RoundTripper that plays apps.connections.open.
type answers []func(*http.Request) (*http.Response, error)

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	next := (*a)[0]
	if len(*a) > 1 {
		*a = (*a)[1:]
	}
	return next(r)
}

func answer(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

func openWith(a ...func(*http.Request) (*http.Response, error)) socket.Opener {
	list := answers(a)
	return socket.OpenWith(&http.Client{Transport: &list}, "https://slack.test/api/", "xapp-secret")
}

func TestOpenWithAsksAsSlackWants(t *testing.T) {
	var got *http.Request
	opened := answer(200, `{"ok":true,"url":"wss://wss.slack.test/link/?ticket=1"}`)
	open := openWith(func(r *http.Request) (*http.Response, error) { got = r; return opened(r) })
	url, err := open(t.Context())
	if err != nil || url != "wss://wss.slack.test/link/?ticket=1" {
		t.Fatalf("open = %q, %v", url, err)
	}
	if got.Method != http.MethodPost || got.URL.String() != "https://slack.test/api/apps.connections.open" || got.Header.Get("Authorization") != "Bearer xapp-secret" {
		t.Errorf("asked with %s %s %q", got.Method, got.URL, got.Header.Get("Authorization"))
	}
}

func TestOpenWithErrors(t *testing.T) {
	tests := []struct {
		name  string
		reply func(*http.Request) (*http.Response, error)
		want  *socket.OpenError // nil for an error of no special kind
		fatal bool
	}{
		{"bad token", answer(200, `{"ok":false,"error":"invalid_auth"}`), &socket.OpenError{Code: "invalid_auth", Status: 200}, true},
		{"bot token", answer(200, `{"ok":false,"error":"not_allowed_token_type"}`), &socket.OpenError{Code: "not_allowed_token_type", Status: 200}, true},
		{"scope", answer(200, `{"ok":false,"error":"missing_scope"}`), &socket.OpenError{Code: "missing_scope", Status: 200}, true},
		{"wrong address", answer(404, `<html>`), &socket.OpenError{Status: 404}, true},
		{"too often", answer(429, `{"ok":false,"error":"ratelimited"}`, "Retry-After", "17"), &socket.OpenError{Code: "ratelimited", Status: 429, RetryAfter: 17 * time.Second}, false},
		{"too often, no header", answer(429, ``), &socket.OpenError{Status: 429}, false},
		{"Slack is down", answer(503, `upstream`), &socket.OpenError{Status: 503}, false},
		{"Slack stumbles", answer(200, `{"ok":false,"error":"internal_error"}`), &socket.OpenError{Code: "internal_error", Status: 200}, false},
		{"somebody else answers", answer(200, `<html>`), nil, false},
		{"no URL", answer(200, `{"ok":true}`), nil, false},
		{"no network", func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") }, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openWith(tt.reply)(t.Context())
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Fatalf("open: %v, want an error without the token", err)
			}
			var got *socket.OpenError
			errors.As(err, &got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got != nil && got.Fatal() != tt.fatal {
				t.Errorf("Fatal = %v for %v", got.Fatal(), err)
			}
		})
	}
}

func TestRunEndsOnFatalErrors(t *testing.T) {
	codes := []string{"invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type", "missing_scope", "forbidden_team"}
	for _, code := range codes {
		synctest.Test(t, func(t *testing.T) {
			s := newSlack()
			w := start(t, s, socket.Config{Open: func(context.Context) (string, error) { return "", &socket.OpenError{Code: code} }})
			err := receive(t, w.ended, "end of Run")
			var refused *socket.OpenError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), ": ") {
				t.Errorf("Run = %v, want %s and a remedy", err, code)
			}
		})
	}
}

func TestRunNeedsItsParts(t *testing.T) {
	if err := socket.New(socket.Config{}).Run(t.Context()); err == nil {
		t.Error("Run without Open and Handler returns nil")
	}
}

// What worked once is not given up for what a human has to mend.
func TestRefusalsAreWaitedOut(t *testing.T) {
	var mu sync.Mutex
	var s *slack
	refusing, asked := true, 0
	refuse := func(on bool) { mu.Lock(); refusing = on; mu.Unlock() }
	open := func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if asked++; refusing {
			return "", &socket.OpenError{Code: "token_revoked"}
		}
		return s.open(ctx)
	}
	play(t, socket.Config{Open: open, Persist: true}, func(far *slack) { s = far }, func(w *world) {
		pass(time.Hour)
		mu.Lock()
		if asked < 60 || asked > 300 {
			t.Errorf("asked %d times in an hour", asked)
		}
		mu.Unlock()
		if err := w.client.State().LastError; err == nil || !strings.Contains(err.Error(), "token_revoked") {
			t.Errorf("LastError = %v", err)
		}
		refuse(false)
		w.peer()
	})
	play(t, socket.Config{Connections: 1, Open: open}, func(far *slack) { s = far }, func(w *world) {
		p := w.peer()
		refuse(true)
		p.drop()
		pass(time.Hour)
		refuse(false)
		w.peer()
	})
}

func TestLinkDisabledIsWaitedOut(t *testing.T) {
	play(t, socket.Config{Connections: 1, Handler: handler(func(context.Context, socket.Envelope) ([]byte, error) {
		<-time.After(time.Second)
		return nil, nil
	})}, nil, func(w *world) {
		p := w.peer()
		p.command("last")
		p.disconnect("link_disabled")
		w.ack(p, "last", "")
		if err := w.client.State().LastError; !errors.Is(err, socket.ErrSocketModeOff) {
			t.Errorf("LastError = %v", err)
		}
		w.peer() // it was switched on again
	})
}

func TestTooManyConnectionsBackOff(t *testing.T) {
	play(t, socket.Config{Connections: 1}, nil, func(w *world) {
		p, asked := w.peer(), time.Now()
		p.disconnect("too_many_websockets")
		pass(time.Second)
		if err := w.client.State().LastError; err == nil || !strings.Contains(err.Error(), "too many connections") {
			t.Errorf("LastError = %v", err)
		}
		p.command("meanwhile")
		w.ack(p, "meanwhile", "")
		w.peer()
		elapsed(t, "replacement", time.Since(asked), 15*time.Second, 30*time.Second)
	})
}

func TestRetryAfterBindsTheNextOpen(t *testing.T) {
	var asked []time.Time
	limited := answer(429, ``, "Retry-After", "73")
	opened := answer(200, `{"ok":true,"url":"ws://slack.test/link/?ticket=1"}`)
	reply := func(r *http.Request) (*http.Response, error) {
		if asked = append(asked, time.Now()); len(asked) == 1 {
			return limited(r)
		}
		return opened(r)
	}
	play(t, socket.Config{Connections: 1, Open: openWith(reply)}, nil, func(w *world) {
		w.peer()
		elapsed(t, "second open", asked[1].Sub(asked[0]), 73*time.Second, 73*time.Second)
	})
}

func TestRetryAfterBindsAllSockets(t *testing.T) {
	var s *slack
	limited := false
	open := func(ctx context.Context) (string, error) {
		url, err := s.open(ctx)
		if limited {
			limited = false
			return "", &socket.OpenError{Status: 429, RetryAfter: 100 * time.Second}
		}
		return url, err
	}
	play(t, socket.Config{Open: open}, func(far *slack) { s = far }, func(w *world) {
		a, b := w.peer(), w.peer()
		pass(time.Minute)
		limited = true
		told := time.Now()
		a.drop()
		pass(10 * time.Second)
		b.drop()
		w.peer()
		w.peer()
		for _, at := range w.opens()[3:] {
			elapsed(t, "open", at.Sub(told), 100*time.Second, 100*time.Second)
		}
	})
}

func TestHandshakeRefusalsPass(t *testing.T) {
	play(t, socket.Config{Connections: 1}, func(s *slack) { s.refuse = []int{409, 503, 403, 429} }, func(w *world) {
		w.peer()
		opens := w.opens()
		if len(opens) != 5 {
			t.Fatalf("%d attempts, want 5", len(opens))
		}
		elapsed(t, "attempt after 429", opens[4].Sub(opens[3]), 40*time.Second, 40*time.Second)
	})
}

func TestShutdownFinishesWhatWasBegun(t *testing.T) {
	var handled sync.Map
	cfg := socket.Config{HandlerLimit: 1, Handler: handler(func(_ context.Context, e socket.Envelope) ([]byte, error) {
		<-time.After(2 * time.Second)
		handled.Store(e.ID, true)
		return nil, nil
	})}
	synctest.Test(t, func(t *testing.T) {
		s := newSlack()
		w := start(t, s, cfg)
		a, b := w.peer(), w.peer()
		a.command("at work")
		synctest.Wait()
		b.command("waiting")
		synctest.Wait()
		told := time.Now()
		w.stop()
		synctest.Wait()
		a.command("too late")
		w.ack(a, "at work", "")
		w.ack(b, "waiting", "")
		if err := receive(t, w.ended, "end of Run"); err != nil {
			t.Errorf("Run: %v", err)
		}
		elapsed(t, "end of Run", time.Since(told), 4*time.Second, 4*time.Second)
		for _, p := range []*peer{a, b} {
			if receive(t, p.gone, "end of the socket"); !websocket.IsCloseError(p.end, websocket.CloseNormalClosure) {
				t.Errorf("socket %d ended with %v, want a close frame", p.n, p.end)
			}
		}
		if _, late := handled.Load("too late"); late {
			t.Error("an envelope that came after the end was handled")
		}
		w.noAck()
	})
}

func TestShutdownGivesUpOnHandlersInTheEnd(t *testing.T) {
	cfg := socket.Config{Drain: 7 * time.Second, Handler: handler(func(ctx context.Context, _ socket.Envelope) ([]byte, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})}
	play(t, cfg, nil, func(w *world) {
		w.peer().command("endless")
		synctest.Wait()
		told := time.Now()
		w.stop()
		if err := receive(t, w.ended, "end of Run"); err != nil {
			t.Errorf("Run: %v", err)
		}
		elapsed(t, "end of Run", time.Since(told), 7*time.Second, 8*time.Second)
		w.noAck()
	})
}

func TestShutdownDuringTheHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlack() // nobody serves, so that the handshake is never answered
		ended := make(chan error, 1)
		ctx, stop := context.WithCancel(t.Context())
		client := socket.New(socket.Config{Open: s.open, Handler: handler(nil), Dialer: &websocket.Dialer{NetDialContext: s.dial}})
		go func() { ended <- client.Run(ctx) }()
		wire := receive(t, s.incoming, "dial")
		defer wire.Close()
		told := time.Now()
		stop()
		if err := receive(t, ended, "end of Run"); err != nil {
			t.Errorf("Run: %v", err)
		}
		elapsed(t, "end of Run", time.Since(told), 0, 0)
	})
}

func TestShutdownBetweenDialAndHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlack()
		ended := make(chan error, 1)
		ctx, stop := context.WithCancel(t.Context())
		late := func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := s.dial(ctx, network, addr)
			stop()
			synctest.Wait() // whoever closes what is dialled at the end has looked for it by now
			return conn, err
		}
		client := socket.New(socket.Config{Open: s.open, Handler: handler(nil), Dialer: &websocket.Dialer{NetDialContext: late}})
		told := time.Now()
		go func() { ended <- client.Run(ctx) }()
		defer receive(t, s.incoming, "dial").Close()
		if err := receive(t, ended, "end of Run"); err != nil {
			t.Errorf("Run: %v", err)
		}
		elapsed(t, "end of Run", time.Since(told), 0, 0)
	})
}

func TestStateTellsTheStory(t *testing.T) {
	var mu sync.Mutex
	var story []int
	cfg := socket.Config{OnState: func(s socket.State) {
		mu.Lock()
		defer mu.Unlock()
		story = append(story, s.Connected)
	}}
	play(t, cfg, nil, func(w *world) {
		a := w.peer()
		w.peer()
		synctest.Wait()
		a.disconnect("refresh_requested")
		w.peer()
		synctest.Wait()
		a.drop() // no surprise, hence no error
		synctest.Wait()
		got := w.client.State()
		want := socket.State{Connected: 2, LastHello: got.LastHello, NumConnections: 3}
		if diff := cmp.Diff(want, got); diff != "" || got.LastHello.IsZero() {
			t.Errorf("state (-want +got):\n%s", diff)
		}
		w.anyLive().drop()
		w.peer()
		synctest.Wait()
		w.stop()
		pass(time.Minute)
		if diff := cmp.Diff([]int{1, 2, 3, 2, 1, 2, 1, 0}, story); diff != "" {
			t.Errorf("connected (-want +got):\n%s", diff)
		}
	})
}

func TestTicketsStayOutOfErrors(t *testing.T) {
	broken := func(context.Context) (string, error) { return "wss://slack.test:port/?ticket=secret", nil }
	play(t, socket.Config{Open: broken}, nil, func(w *world) {
		pass(time.Second)
		if !w.log.has("invalid port") || w.log.has("secret") {
			t.Error("the log lacks the cause or shows the ticket")
		}
	})
}
