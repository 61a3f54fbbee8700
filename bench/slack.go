package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// slackServer is the least of Slack that a Socket Mode client needs: tokens are
// good, sockets open, envelopes go out, acks come in. It does as little as it
// can, because it shares the processors with what is measured.
type slackServer struct {
	listener net.Listener
	http     *http.Server
	opened   chan *socketConn // greeted sockets, in order

	mu      sync.Mutex
	live    []*socketConn
	onAck   atomic.Pointer[func(n int, on *socketConn, at time.Time)]
	answers atomic.Int64 // Web API calls
}

// socketConn is one socket, on the server's side.
type socketConn struct {
	server  *slackServer
	ws      *websocket.Conn
	writing sync.Mutex
	leaving atomic.Bool
	gone    chan struct{}
	born    time.Time
	out     []byte // for whoever answers in the reader's goroutine
}

func newSlackServer() (*slackServer, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &slackServer{listener: l, opened: make(chan *socketConn, 256)}
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.api)
	mux.HandleFunc("/link", s.link)
	s.http = &http.Server{Handler: mux}
	go s.http.Serve(l) // ends with close
	return s, nil
}

func (s *slackServer) close() {
	_ = s.http.Close() // nothing is kept
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.live {
		c.ws.Close()
	}
}

func (s *slackServer) apiURL() string { return "http://" + s.listener.Addr().String() + "/api/" }

// api answers what clients ask at start.
func (s *slackServer) api(w http.ResponseWriter, r *http.Request) {
	s.answers.Add(1)
	answer := map[string]any{"ok": true}
	switch r.URL.Path {
	case "/api/apps.connections.open":
		answer["url"] = "ws://" + s.listener.Addr().String() + "/link"
	case "/api/auth.test":
		for k, v := range map[string]string{"url": "https://acme.slack.com/", "team": "Acme", "user": "latchkey", "team_id": "T0ACME", "user_id": "U0BOT", "bot_id": "B0BOT"} {
			answer[k] = v
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the client sees a broken answer
}

// link serves one socket.
func (s *slackServer) link(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{ReadBufferSize: 64 << 10, WriteBufferSize: 64 << 10, CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &socketConn{server: s, ws: ws, gone: make(chan struct{}), born: time.Now()}
	ws.SetPingHandler(func(data string) error { return c.send(rawFrame(websocket.PongMessage, []byte(data))) })
	ws.SetCloseHandler(func(code int, _ string) error {
		_ = c.send(rawFrame(websocket.CloseMessage, binary.BigEndian.AppendUint16(nil, uint16(code))))
		return nil
	})
	if c.send(textFrame([]byte(`{"type":"hello","num_connections":1,"debug_info":{"host":"applink-1","build_number":1,"approximate_connection_time":18060},"connection_info":{"app_id":"A0BENCH"}}`))) != nil {
		ws.Close()
		return
	}
	s.mu.Lock()
	s.live = append(s.live, c)
	s.mu.Unlock()
	s.opened <- c
	go c.ping()
	c.read()
	s.leave(c)
}

func (s *slackServer) leave(c *socketConn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, other := range s.live {
		if other == c {
			s.live = append(s.live[:i:i], s.live[i+1:]...)
		}
	}
	close(c.gone)
	c.ws.Close()
}

// serving are the sockets that take envelopes.
func (s *slackServer) serving() []*socketConn {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*socketConn
	for _, c := range s.live {
		if !c.leaving.Load() {
			out = append(out, c)
		}
	}
	return out
}

// ping keeps the socket alive as Slack does.
func (c *socketConn) ping() {
	ticker := time.NewTicker(5 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if c.send(rawFrame(websocket.PingMessage, []byte("Ping from applink-1"))) != nil {
				return
			}
		case <-c.gone:
			return
		}
	}
}

func (c *socketConn) read() {
	buf := make([]byte, 64<<10)
	for {
		_, r, err := c.ws.NextReader()
		if err != nil {
			return
		}
		n, err := io.ReadFull(r, buf)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return
		}
		if number, ok := ackedNumber(buf[:n]); ok {
			if f := c.server.onAck.Load(); f != nil {
				(*f)(number, c, time.Now())
			}
		}
	}
}

// ackedNumber reads the number that stands in the last twelve places of an
// acknowledged envelope's id.
func ackedNumber(ack []byte) (int, bool) {
	const field = `"envelope_id":`
	i := bytes.Index(ack, []byte(field))
	if i < 0 {
		return 0, false
	}
	rest := bytes.TrimLeft(ack[i+len(field):], ` "`)
	if len(rest) < len(idPrefix)+12 {
		return 0, false
	}
	n := 0
	for _, d := range rest[len(idPrefix) : len(idPrefix)+12] {
		if d < '0' || d > '9' {
			return 0, false
		}
		n = n*10 + int(d-'0')
	}
	return n, true
}

// send writes one finished frame.
func (c *socketConn) send(frame []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_, err := c.ws.NetConn().Write(frame)
	return err
}

// disconnect asks the client to reconnect and sends nothing more here.
func (c *socketConn) disconnect() error {
	c.leaving.Store(true)
	return c.send(textFrame([]byte(`{"type":"disconnect","reason":"refresh_requested","debug_info":{"host":"applink-1"}}`)))
}

// textFrame is text as an unmasked WebSocket frame (RFC 6455, 5.2).
func textFrame(text []byte) []byte {
	switch n := len(text); {
	case n < 126:
		return append([]byte{0x81, byte(n)}, text...)
	case n < 1<<16:
		return append(binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(n)), text...)
	default:
		return append(binary.BigEndian.AppendUint64([]byte{0x81, 127}, uint64(n)), text...)
	}
}

func rawFrame(kind byte, data []byte) []byte {
	return append([]byte{0x80 | kind, byte(len(data))}, data...)
}

// connected waits for sockets that have been greeted.
func (s *slackServer) connected(n int, p *process, within time.Duration) error {
	timeout := time.After(within)
	for range n {
		select {
		case <-s.opened:
		case <-p.ended:
			return p.gone()
		case <-timeout:
			return fmt.Errorf("no connection within %v: %s", within, p.errs)
		}
	}
	return nil
}
