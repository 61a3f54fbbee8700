package slack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"latchkey/sandbox/slack/kit"
)

// writeWait bounds one write to a socket.
const writeWait = 5 * time.Second

// connectionTime is what hello promises when sockets are not refreshed, in
// seconds; captures of real connections show this figure.
const connectionTime = 18060

// socket is one Socket Mode connection. Its fields but ws are guarded by the
// server's lock; write has a lock of its own so that a slow reader at the far
// end holds up nobody else.
type socket struct {
	ws       *websocket.Conn
	writing  sync.Mutex
	draining bool // told to go away; gets no new envelopes if others can
	gone     bool
	ended    chan struct{}
}

func (c *socket) write(v any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return c.send(v)
}

// send writes one frame; the caller holds the writing lock.
func (c *socket) send(v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return c.ws.WriteMessage(websocket.TextMessage, raw)
}

// serveLink turns a ticket into a Socket Mode connection.
func (s *Server) serveLink(w http.ResponseWriter, r *http.Request) {
	s.lock()
	s.log.Count("link")
	fault := s.takeFault("link", false)
	ticket := r.URL.Query().Get("ticket")
	valid := s.tickets[ticket] && !s.closed
	s.base = baseURL(r)
	if fault == nil || !fault.fails() {
		delete(s.tickets, ticket)
	}
	s.unlock()
	if fault != nil && s.refuseLink(w, r, fault) {
		return
	}
	if !valid {
		http.Error(w, "this link was used before or never existed", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	s.serveSocket(&socket{ws: ws, ended: make(chan struct{})}, r.URL.Query().Get("debug_reconnects") == "true")
}

// refuseLink carries out a fault of the handshake; true means it was spoilt.
func (s *Server) refuseLink(w http.ResponseWriter, r *http.Request, f *Fault) bool {
	f.wait(r)
	if !f.fails() {
		return false
	}
	if f.Drop {
		cut(w)
		return true
	}
	status := f.Status
	fill(&status, http.StatusConflict)
	http.Error(w, "handshake refused", status)
	return true
}

func (s *Server) serveSocket(c *socket, debug bool) {
	defer c.ws.Close()
	if !s.addSocket(c, debug) {
		return
	}
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			break
		}
		s.acknowledge(c, data)
	}
	s.lock()
	s.removeSocket(c)
	s.unlock()
}

// addSocket takes the socket into service, unless there are too many already, and
// says hello before anything else can be written to it.
func (s *Server) addSocket(c *socket, debug bool) bool {
	c.writing.Lock()
	defer c.writing.Unlock()
	s.lock()
	if s.closed || len(s.sockets) >= s.cfg.MaxSockets {
		s.unlock()
		c.send(s.disconnectFrame("too_many_websockets"))
		return false
	}
	s.sockets = append(s.sockets, c)
	n, life := len(s.sockets), s.life(debug)
	s.start(func() { s.ping(c) })
	if life > 0 {
		s.expireSocket(c, s.cfg.Clock.After(life))
	}
	s.state.Note("socket.opened", "")
	s.unlock()
	if c.send(s.helloFrame(n, life)) != nil {
		s.lock()
		s.removeSocket(c)
		s.unlock()
		return false
	}
	return true
}

// expireSocket asks the app to reconnect when the socket's time is up.
func (s *Server) expireSocket(c *socket, due <-chan time.Time) {
	s.start(func() {
		select {
		case <-due:
			s.lock()
			s.askToReconnect(c, "refresh_requested")
			s.unlock()
		case <-c.ended:
		case <-s.done:
		}
	})
}

func (s *Server) life(debug bool) time.Duration {
	if debug {
		return 360 * time.Second // what debug_reconnects=true asks for
	}
	return s.cfg.SocketLife
}

func (s *Server) helloFrame(n int, life time.Duration) kit.Object {
	seconds := connectionTime
	if life > 0 {
		seconds = int(life.Seconds())
	}
	return kit.Object{
		"type": "hello", "num_connections": n, "connection_info": kit.Object{"app_id": s.cfg.AppID},
		"debug_info": kit.Object{"host": "applink-emulated", "build_number": 10, "approximate_connection_time": seconds},
	}
}

func (s *Server) disconnectFrame(reason string) kit.Object {
	o := kit.Object{"type": "disconnect", "reason": reason, "debug_info": kit.Object{"host": "applink-emulated"}}
	if reason == "too_many_websockets" {
		o["num_connections"] = s.cfg.MaxSockets + 1
		o["connection_info"] = kit.Object{"app_id": s.cfg.AppID}
	}
	return o
}

// ping keeps the far end convinced that we live: clients give up after 30 s.
func (s *Server) ping(c *socket) {
	t := time.NewTicker(s.cfg.PingInterval)
	defer t.Stop()
	for n := 0; ; n++ {
		select {
		case <-t.C:
			text := fmt.Appendf(nil, "Ping from applink-emulated %d", n)
			if c.ws.WriteControl(websocket.PingMessage, text, time.Now().Add(writeWait)) != nil {
				c.ws.Close()
				return
			}
		case <-c.ended:
			return
		case <-s.done:
			return
		}
	}
}

// removeSocket takes a dead socket out of service. The lock must be held.
func (s *Server) removeSocket(c *socket) {
	if c.gone {
		return
	}
	c.gone = true
	close(c.ended)
	s.sockets = slices.DeleteFunc(s.sockets, func(o *socket) bool { return o == c })
	if len(s.sockets) == 0 {
		s.limits.forgotten()
	}
	s.state.Note("socket.closed", "")
}

// askToReconnect tells a socket to go away and cuts it after a grace period. The lock
// must be held.
func (s *Server) askToReconnect(c *socket, reason string) {
	if c.gone {
		return
	}
	c.draining = c.draining || reason != "warning"
	grace := s.cfg.DrainTime
	s.start(func() {
		if c.write(s.disconnectFrame(reason)) != nil {
			c.ws.Close()
			return
		}
		t := time.NewTimer(grace)
		defer t.Stop()
		select {
		case <-t.C:
			c.ws.Close()
		case <-c.ended:
		case <-s.done:
		}
	})
}

// Disconnect tells count sockets (0 = all) to go away: refresh_requested,
// warning, link_disabled or too_many_websockets. They are cut after
// Config.DrainTime if they stay.
func (s *Server) Disconnect(reason string, count int) {
	s.lock()
	defer s.unlock()
	for i, c := range slices.Clone(s.sockets) {
		if count == 0 || i < count {
			s.askToReconnect(c, reason)
		}
	}
}

// DropSockets cuts every connection without a word.
func (s *Server) DropSockets() {
	s.lock()
	open := slices.Clone(s.sockets)
	s.unlock()
	for _, c := range open {
		c.ws.Close()
	}
}

// Connections is the number of sockets in service.
func (s *Server) Connections() int {
	s.lock()
	defer s.unlock()
	return len(s.sockets)
}
