package slack_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"latchkey/sandbox/handclock"
	"latchkey/sandbox/slack"
)

func raw(s string) json.RawMessage { return json.RawMessage(s) }

func equal(a, b []string) bool { return slices.Equal(a, b) }

// slash runs the command in the background.
func (d *desk) slash() <-chan slack.Outcome {
	done := make(chan slack.Outcome, 1)
	go func() {
		out, err := d.Slash(d.ctx(), d.maya.ID, d.general.ID, "hello")
		if err != nil {
			d.t.Error(err)
		}
		done <- out
	}()
	return done
}

func wantViolation(t *testing.T, d *desk, part string) {
	t.Helper()
	d.wait("violation "+part, func() bool {
		return slices.ContainsFunc(d.Violations(), func(v string) bool { return strings.Contains(v, part) })
	})
}

func TestNoApp(t *testing.T) {
	d := newDesk(t, slack.Config{})
	if out := <-d.slash(); out.Error != "dispatch_failed" {
		t.Errorf("with no socket: %+v", out)
	}
}

func TestLateAndDoubledAcks(t *testing.T) {
	d := newDesk(t, slack.Config{AckTimeout: 20 * time.Millisecond})
	l := d.dial()
	out := d.slash()
	f := l.read()
	if got := <-out; got.Error != "operation_timeout" {
		t.Errorf("without acknowledgement: %+v", got)
	}
	wantViolation(t, d, "no acknowledgement of slash_commands")
	l.ack(f.EnvelopeID, nil)
	wantViolation(t, d, "acknowledged late")
	l.ack(f.EnvelopeID, nil)
	wantViolation(t, d, "acknowledged twice")
	l.ack("made-up", nil)
	wantViolation(t, d, "never sent")
}

func TestOversizeAckIsDropped(t *testing.T) {
	d := newDesk(t, slack.Config{AckTimeout: 50 * time.Millisecond})
	l := d.dial()
	out := d.slash()
	l.ack(l.read().EnvelopeID, map[string]string{"text": repeat("x", 20480)})
	if got := <-out; got.Error != "operation_timeout" {
		t.Errorf("with 20 kB of answer: %+v", got)
	}
	wantViolation(t, d, "dropped")
}

func TestForeignAck(t *testing.T) {
	for accept, wait := range map[bool]time.Duration{false: 200 * time.Millisecond, true: waitLimit} {
		t.Run(fmt.Sprint(accept), func(t *testing.T) {
			d := newDesk(t, slack.Config{AckTimeout: wait, AcceptForeignAcks: accept})
			one, two := d.dial(), d.dial()
			frames := make(chan frame)
			for _, pair := range [][2]*line{{one, two}, {two, one}} {
				go func() {
					var f frame
					if pair[0].ws.ReadJSON(&f) == nil {
						pair[1].ws.WriteJSON(map[string]string{"envelope_id": f.EnvelopeID})
						frames <- f
					}
				}()
			}
			out := d.slash()
			<-frames
			if got := <-out; got.Acked != accept {
				t.Errorf("acknowledged on the other socket: %+v", got)
			}
			one.ws.Close()
			two.ws.Close()
		})
	}
}

// Ten sockets share the work; nothing is lost or delivered twice.
func TestTenSockets(t *testing.T) {
	d := newDesk(t, slack.Config{})
	var mu sync.Mutex
	got := map[int]int{}
	for i := range 10 {
		d.dial().serve(func(frame) any {
			mu.Lock()
			defer mu.Unlock()
			got[i]++
			return map[string]string{"text": "ok"}
		})
	}
	extra, res, err := websocket.DefaultDialer.Dial(d.link(), nil)
	must(t, err)
	res.Body.Close()
	defer extra.Close()
	if f := (&line{t: t, ws: extra}).read(); f.Reason != "too_many_websockets" {
		t.Errorf("eleventh socket got %+v", f)
	}
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if out := <-d.slash(); out.Reply == nil {
				t.Errorf("outcome %+v", out)
			}
		})
	}
	wg.Wait()
	mu.Lock()
	defer mu.Unlock()
	sum := 0
	for _, n := range got {
		sum += n
	}
	if sum != 200 || len(got) < 8 {
		t.Errorf("%d envelopes over %d sockets, want 200 over about 10", sum, len(got))
	}
	noViolations(t, d)
}

func TestTicketWorksOnce(t *testing.T) {
	d := newDesk(t, slack.Config{})
	link := d.link()
	ws, res, err := websocket.DefaultDialer.Dial(link, nil)
	must(t, err)
	res.Body.Close()
	defer ws.Close()
	if _, res, err = websocket.DefaultDialer.Dial(link, nil); err == nil || res.StatusCode != 403 {
		t.Errorf("second use: %v", err)
	}
	d.AddFault(slack.Fault{Method: "link", Times: 1, Status: 409})
	link = d.link()
	if _, res, err = websocket.DefaultDialer.Dial(link, nil); err == nil || res.StatusCode != 409 {
		t.Errorf("with a planned 409: %v", err)
	}
}

func TestDisconnect(t *testing.T) {
	d := newDesk(t, slack.Config{DrainTime: time.Nanosecond})
	l := d.dial()
	d.Disconnect("refresh_requested", 0)
	if f := l.read(); f.Type != "disconnect" || f.Reason != "refresh_requested" {
		t.Errorf("got %+v", f)
	}
	if _, _, err := l.ws.ReadMessage(); err == nil {
		t.Error("the socket was not cut")
	}
	l = d.dial()
	d.DropSockets()
	if _, _, err := l.ws.ReadMessage(); err == nil {
		t.Error("the socket was not dropped")
	}
	d.wait("no sockets", func() bool { return d.Connections() == 0 })
}

func TestSocketLife(t *testing.T) {
	clock := handclock.New()
	d := newDesk(t, slack.Config{Clock: clock, SocketLife: time.Hour})
	l := d.dial()
	<-clock.Asked
	clock.Advance(time.Hour)
	if f := l.read(); f.Reason != "refresh_requested" {
		t.Errorf("after its life the socket got %+v", f)
	}
}

// A socket that was told to go gets nothing new while another is there, but
// may still acknowledge what it holds.
func TestDrainingSocket(t *testing.T) {
	d := newDesk(t, slack.Config{})
	old := d.dial()
	first := d.slash()
	held := old.read()
	d.Disconnect("refresh_requested", 1)
	if f := old.read(); f.Type != "disconnect" {
		t.Fatalf("got %+v", f)
	}
	fresh := d.dial()
	for range 8 {
		out := d.slash()
		fresh.ack(fresh.read().EnvelopeID, nil)
		if got := <-out; !got.Acked {
			t.Errorf("on the new socket: %+v", got)
		}
	}
	old.ack(held.EnvelopeID, nil)
	if got := <-first; !got.Acked {
		t.Errorf("on the old socket: %+v", got)
	}
	noViolations(t, d)
}

func TestPings(t *testing.T) {
	d := newDesk(t, slack.Config{PingInterval: time.Millisecond})
	l := d.dial()
	pinged := make(chan string, 1)
	l.ws.SetPingHandler(func(data string) error {
		select {
		case pinged <- data:
		default:
		}
		return nil
	})
	go l.ws.ReadMessage()
	select {
	case <-pinged:
	case <-d.ctx().Done():
		t.Error("no ping")
	}
	l.ws.Close()
}

func TestDuplicates(t *testing.T) {
	d := newDesk(t, slack.Config{})
	l := d.dial()
	d.DuplicateNext(1)
	out := d.slash()
	one, two := l.read(), l.read()
	l.ack(one.EnvelopeID, nil)
	l.ack(two.EnvelopeID, nil)
	if one.EnvelopeID == two.EnvelopeID || string(one.Payload) != string(two.Payload) {
		t.Errorf("twins %+v, %+v", one, two)
	}
	<-out
	out = d.slash()
	l.ack(l.read().EnvelopeID, nil)
	<-out
	if n := d.Stats()["envelope:slash_commands"]; n != 3 {
		t.Errorf("%d envelopes sent, want 3", n)
	}
	noViolations(t, d)
}

// An unacknowledged event comes again at once, after a minute and after five,
// under the same event id.
func TestEventRetries(t *testing.T) {
	clock := handclock.New()
	d := newDesk(t, slack.Config{Clock: clock, AckTimeout: 20 * time.Millisecond})
	l := d.dial()
	go d.Say(d.ctx(), d.maya.ID, d.DM(d.maya.ID), "", "hello")
	ids := map[string]bool{}
	envelopes := map[string]bool{}
	for attempt, wait := range []time.Duration{0, 0, time.Minute, 5 * time.Minute} {
		if wait > 0 {
			<-clock.Asked
			clock.Advance(wait)
		}
		f := l.read()
		var p struct {
			EventID string `json:"event_id"`
		}
		f.decode(t, &p)
		ids[p.EventID], envelopes[f.EnvelopeID] = true, true
		if f.Attempt == nil || *f.Attempt != attempt || (f.RetryWhy == "timeout") != (attempt > 0) {
			t.Errorf("attempt %d came as %+v", attempt, f)
		}
		if attempt == 3 {
			l.ack(f.EnvelopeID, nil)
		}
	}
	if len(ids) != 1 || len(envelopes) != 4 {
		t.Errorf("%d event ids in %d envelopes, want 1 in 4", len(ids), len(envelopes))
	}
}
