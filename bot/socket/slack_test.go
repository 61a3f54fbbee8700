package socket_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"latchkey/bot/socket"
)

// slack is the far end: a Socket Mode server on in-memory connections, so that tests run on virtual time.
type slack struct {
	acks chan ack   // everything acked, in order of arrival
	conn chan *peer // every socket, once greeted

	silent   bool   // no pings
	noHello  bool   // no hello
	greeting string // in place of the usual hello
	refuse   []int  // statuses for the next handshakes; 0 accepts

	incoming chan net.Conn
	closing  chan struct{}
	server   *http.Server

	mu      sync.Mutex
	live    []*peer
	fewest  int // live sockets at any time after the first
	greeted int
	opened  []time.Time
}

// peer is the server's end of one socket.
type peer struct {
	*slack
	n     int
	ws    *websocket.Conn
	pongs chan string
	gone  chan struct{}
	end   error // how reading ended

	writing sync.Mutex
}

type ack struct {
	peer    *peer
	id      string
	payload string
	at      time.Time
}

func newSlack() *slack {
	s := &slack{
		acks: make(chan ack, 1<<16), conn: make(chan *peer, 1<<10),
		incoming: make(chan net.Conn), closing: make(chan struct{}), fewest: 1 << 10,
	}
	s.server = &http.Server{Handler: s}
	return s
}

// Accept, Close and Addr make slack its own net.Listener.
func (s *slack) Accept() (net.Conn, error) {
	select {
	case c := <-s.incoming:
		return c, nil
	case <-s.closing:
		return nil, net.ErrClosed
	}
}

func (s *slack) Close() error   { close(s.closing); return nil }
func (s *slack) Addr() net.Addr { return &net.UnixAddr{Name: "slack"} }

func (s *slack) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case s.incoming <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *slack) open(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.opened = append(s.opened, time.Now())
	return fmt.Sprintf("ws://slack.test/link/?ticket=%d", len(s.opened)), nil
}

func (s *slack) opens() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.opened...)
}

func (s *slack) nextRefusal() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.refuse) == 0 {
		return 0
	}
	status := s.refuse[0]
	s.refuse = s.refuse[1:]
	return status
}

func (s *slack) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if status := s.nextRefusal(); status != 0 {
		w.Header().Set("Retry-After", "40")
		w.WriteHeader(status)
		return
	}
	upgrader := websocket.Upgrader{}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer ws.Close()
	p := &peer{slack: s, ws: ws, pongs: make(chan string, 1<<14), gone: make(chan struct{})}
	ws.SetPongHandler(func(data string) error { p.pongs <- data; return nil })
	var pinging sync.WaitGroup
	defer pinging.Wait()
	pinging.Go(p.welcome)
	p.end = p.read()
	s.leave(p)
	close(p.gone)
}

// welcome sends the hello and then a ping every five seconds.
func (p *peer) welcome() {
	if !p.noHello {
		p.send(p.join())
	}
	p.conn <- p
	ticker := time.NewTicker(5 * time.Second)
	defer ticker.Stop()
	for n := 0; ; n++ {
		select {
		case <-ticker.C:
		case <-p.gone:
			return
		}
		if !p.silent {
			p.ping(fmt.Sprintf("beat %d", n))
		}
	}
}

func (p *peer) join() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n = p.greeted
	p.greeted++
	p.live = append(p.live, p)
	if p.greeting != "" {
		return p.greeting
	}
	return fmt.Sprintf(`{"type":"hello","num_connections":%d,"debug_info":{"host":"applink-1","build_number":10},`+
		`"connection_info":{"app_id":"A1"}}`, len(p.live))
}

func (s *slack) leave(p *peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.live {
		if other == p {
			s.live = append(s.live[:i:i], s.live[i+1:]...)
			s.fewest = min(s.fewest, len(s.live))
		}
	}
}

func (p *peer) read() error {
	for {
		_, data, err := p.ws.ReadMessage()
		if err != nil {
			return err
		}
		var got struct {
			ID      string          `json:"envelope_id"`
			Payload json.RawMessage `json:"payload"`
		}
		if err := json.Unmarshal(data, &got); err != nil {
			return fmt.Errorf("ack %q: %w", data, err)
		}
		p.acks <- ack{peer: p, id: got.ID, payload: string(got.Payload), at: time.Now()}
	}
}

func (p *peer) send(frame string) {
	p.writing.Lock()
	defer p.writing.Unlock()
	_ = p.ws.WriteMessage(websocket.TextMessage, []byte(frame)) // a dead socket shows in read
}

func (p *peer) ping(data string) {
	_ = p.ws.WriteControl(websocket.PingMessage, []byte(data), time.Now().Add(time.Second))
}

func (p *peer) command(id string) {
	p.send(`{"envelope_id":"` + id + `","payload":{"command":"/access"},"type":"slash_commands","accepts_response_payload":true}`)
}

func (p *peer) disconnect(reason string) {
	p.send(`{"type":"disconnect","reason":"` + reason + `","debug_info":{"host":"applink-1"}}`)
}

// drop cuts the wire without a word.
func (p *peer) drop() { p.ws.NetConn().Close() }

// world is a client running against a slack.
type world struct {
	*slack
	t      *testing.T
	client *socket.Client
	stop   context.CancelFunc
	ended  chan error
	log    *logbook
}

// play runs a client against a slack in a bubble of virtual time, and afterwards asks for a clean end unless the test
// already saw one.
func play(t *testing.T, cfg socket.Config, prepare func(*slack), test func(*world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { run(t, cfg, prepare, test) })
}

func run(t *testing.T, cfg socket.Config, prepare func(*slack), test func(*world)) {
	t.Helper()
	s := newSlack()
	if prepare != nil {
		prepare(s)
	}
	w := start(t, s, cfg)
	w.t = t
	test(w)
	w.stop()
	if err := receive(t, w.ended, "end of Run"); err != nil {
		t.Errorf("Run: %v", err)
	}
}

func start(t *testing.T, s *slack, cfg socket.Config) *world {
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.server.Serve(s) })
	t.Cleanup(func() { s.server.Close(); serving.Wait() })
	w := &world{slack: s, t: t, ended: make(chan error, 1), log: &logbook{}}
	cfg.Dialer = &websocket.Dialer{NetDialContext: s.dial}
	cfg.Logger = slog.New(slog.NewTextHandler(w.log, nil))
	if cfg.Open == nil {
		cfg.Open = s.open
	}
	if cfg.Handler == nil {
		cfg.Handler = socket.HandlerFunc(func(context.Context, socket.Envelope) ([]byte, error) { return nil, nil })
	}
	w.client = socket.New(cfg)
	ctx, stop := context.WithCancel(t.Context())
	w.stop = stop
	go func() { w.ended <- w.client.Run(ctx); close(w.ended) }()
	return w
}

func (w *world) peer() *peer {
	w.t.Helper()
	return receive(w.t, w.conn, "socket")
}

// ack waits for the next ack and checks where it came from.
func (w *world) ack(on *peer, id, payload string) ack {
	w.t.Helper()
	a := receive(w.t, w.acks, "ack of "+id)
	if a.peer != on || a.id != id || a.payload != payload {
		w.t.Fatalf("ack of %q with %.200q on socket %d, want %q with %.200q on socket %d", a.id, a.payload, a.peer.n, id, payload, on.n)
	}
	return a
}

func (w *world) noAck() {
	w.t.Helper()
	synctest.Wait()
	select {
	case a := <-w.acks:
		w.t.Fatalf("unexpected ack of %q", a.id)
	default:
	}
}

// logbook collects what is logged.
type logbook struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.b.String(), s)
}

// receive waits for a value, a virtual day at most.
func receive[T any](t *testing.T, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(24 * time.Hour):
		t.Fatalf("no %s within a day", what)
		panic("unreachable")
	}
}

// pass lets virtual time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// elapsed compares a wait with what it should be.
func elapsed(t *testing.T, what string, got, low, high time.Duration) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s after %v, want between %v and %v", what, got, low, high)
	}
}
