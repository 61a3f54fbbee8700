package socket

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// giveUp is how long handlers whose context was cancelled get to notice.
const giveUp = time.Second

// session is one Run: its lanes, its sockets and its handlers.
type session struct {
	*Client
	log   *slog.Logger
	ctx   context.Context // ends when Run is to end; its cause is the reason
	stop  context.CancelCauseFunc
	pool  pool[job]
	lanes sync.WaitGroup
	conns sync.WaitGroup

	handling     context.Context // of the handlers; outlives ctx by the time to drain
	stopHandlers context.CancelFunc
	shared       sync.Mutex
	live         map[*conn]struct{}
	expiry       []time.Time // when Slack will refresh each lane's socket
	notBefore    time.Time   // Slack's Retry-After, which binds all lanes
}

// job is an envelope on its way to the handler, with the frame it aliases and the socket its ack belongs to.
type job struct {
	conn  *conn
	env   Envelope
	frame *buffer
}

func newSession(ctx context.Context, c *Client) *session {
	s := &session{
		Client: c,
		log:    c.cfg.Logger,
		live:   make(map[*conn]struct{}),
		expiry: make([]time.Time, c.cfg.Connections),
	}
	s.ctx, s.stop = context.WithCancelCause(ctx)
	s.handling, s.stopHandlers = context.WithCancel(context.WithoutCancel(ctx))
	s.pool = pool[job]{limit: c.cfg.HandlerLimit, serve: s.serve}
	return s
}

// start runs the lanes. Each begins when the one before it has been greeted, so that a bad token or an outage is met
// by one caller, not by all.
func (s *session) start() {
	turn := make(chan struct{})
	close(turn)
	for i := range s.cfg.Connections {
		l := &lane{session: s, index: i, turn: turn, greeted: make(chan struct{})}
		turn = l.greeted
		s.lanes.Go(func() {
			if err := l.run(); err != nil && s.ctx.Err() == nil {
				s.stop(err)
			}
		})
	}
}

// finish waits for handlers and sockets after ctx ended, no longer than allowed.
func (s *session) finish() {
	s.lanes.Wait()
	grace, cancel := context.WithTimeout(context.Background(), s.cfg.Drain)
	defer cancel()
	s.pool.wait(grace)
	s.stopHandlers()
	s.conns.Wait()
	last, cancelLast := context.WithTimeout(context.Background(), giveUp)
	defer cancelLast()
	if !s.pool.wait(last) {
		s.log.Error("stopped with handlers still at work; what they handle was not acknowledged")
	}
}

// serve handles one envelope and queues its ack for the socket it came from.
func (s *session) serve(j job) {
	defer j.conn.release()
	defer s.buffers.put(j.frame)
	if s.handling.Err() != nil {
		s.log.Warn("envelope left unhandled at shutdown", "envelope_id", j.env.ID, "type", j.env.Type)
		return
	}
	response, err := s.handle(j.env)
	if err != nil {
		s.log.Error("envelope not acknowledged: its handler failed", "envelope_id", j.env.ID, "type", j.env.Type, "error", err)
		return
	}
	body := s.buffers.get()
	if body.b, err = appendAck(body.b, j.env.ID, response); err != nil {
		s.log.Error("response not sent", "envelope_id", j.env.ID, "type", j.env.Type, "error", err)
	}
	if !j.conn.outbox.put(message{body: body, id: j.env.ID, kind: j.env.Type}) {
		s.lost(j.env.ID, j.env.Type)
	}
}

// handle calls the handler and turns its panic into an error: one bad payload, which Slack delivers again and again,
// must not take every other person's click down with it.
func (s *session) handle(e Envelope) (response []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the handler panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return s.cfg.Handler.Handle(s.handling, e)
}

func (s *session) lost(id, kind string) {
	s.log.Warn("handled, but its socket is gone and the ack with it; Slack may show an error or deliver it again",
		"envelope_id", id, "type", kind)
}

// joined counts a socket that Slack has greeted.
func (s *session) joined(c *conn, h hello) {
	s.shared.Lock()
	defer s.shared.Unlock()
	s.live[c] = struct{}{}
	connected := len(s.live)
	s.change(func(st *State) {
		st.Connected, st.NumConnections = connected, h.NumConnections
		st.LastHello, st.LastError = s.cfg.Now(), nil
	})
}

// left stops counting a socket; reason is nil if it went as planned.
func (s *session) left(c *conn, reason error) {
	s.shared.Lock()
	defer s.shared.Unlock()
	if _, counted := s.live[c]; !counted {
		return
	}
	delete(s.live, c)
	connected := len(s.live)
	s.change(func(st *State) {
		st.Connected = connected
		if reason != nil {
			st.LastError = reason
		}
	})
}

// spread notes when Slack will refresh the lane's socket and returns after how long to replace it ahead of that: half
// its life if another lane's would end at about the same time, else 0 for not at all.
func (s *session) spread(index int, life time.Duration) time.Duration {
	s.shared.Lock()
	defer s.shared.Unlock()
	s.expiry[index] = time.Time{}
	if life <= 0 {
		return 0
	}
	end := time.Now().Add(life)
	ahead := time.Duration(0)
	for _, other := range s.expiry {
		if !other.IsZero() && end.Sub(other).Abs() < life/4 {
			ahead = life / 2
		}
	}
	s.expiry[index] = end.Add(-ahead)
	return ahead
}

// pauseAll makes all lanes wait for what Slack asked of one.
func (s *session) pauseAll(d time.Duration) {
	s.shared.Lock()
	defer s.shared.Unlock()
	if until := time.Now().Add(d); until.After(s.notBefore) {
		s.notBefore = until
	}
}

func (s *session) pausedFor() time.Duration {
	s.shared.Lock()
	defer s.shared.Unlock()
	return time.Until(s.notBefore)
}
