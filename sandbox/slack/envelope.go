package slack

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// maxAck is the frame size from which Slack silently drops acknowledgements,
// in bytes. See socketmode.go of github.com/slack-go/slack.
const maxAck = 20480

// keptDeliveries is how many envelopes are remembered to tell doubled from
// unknown acknowledgements.
const keptDeliveries = 20000

// envelope is one delivery to the app.
type envelope struct {
	kind    string // slash_commands, interactive or events_api
	payload kit.Object
	replies bool // accepts_response_payload
	attempt int  // of an event
	reason  string
}

func (e envelope) wire(id string) kit.Object {
	o := kit.Object{"envelope_id": id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.replies}
	if e.kind == "events_api" {
		o["retry_attempt"], o["retry_reason"] = e.attempt, e.reason
	}
	return o
}

// Outcome is what a person sees after acting.
type Outcome struct {
	Error      string            `json:"error,omitempty"`       // operation_timeout, dispatch_failed or what a modal says
	Reply      *world.Message    `json:"reply,omitempty"`       // immediate answer to a slash command
	Errors     map[string]string `json:"errors,omitempty"`      // messages under fields of a modal, by block_id
	EnvelopeID string            `json:"envelope_id,omitempty"` // empty if nothing was sent to the app
	TS         string            `json:"ts,omitempty"`          // of the message a person posted
	Acked      bool              `json:"acked"`                 // the app acknowledged in time
	Closed     bool              `json:"closed,omitempty"`      // the modal acted upon is closed
}

// What Slack shows when the app does not answer.
const (
	timedOut       = "operation_timeout"
	dispatchFailed = "dispatch_failed"
	troubleModal   = "We had some trouble connecting. Try again?"
)

// delivery is an envelope on its way.
type delivery struct {
	id, what string
	to       *socket
	sent     time.Time
	patience time.Duration                   // from then on
	apply    func(json.RawMessage, *Outcome) // effect of the acknowledgement; runs with the lock held
	answered bool
	expired  bool
	done     chan Outcome
}

type deliveries struct {
	byID  map[string]*delivery
	order []string
}

func (d *deliveries) add(x *delivery) {
	d.byID[x.id] = x
	d.order = append(d.order, x.id)
	if len(d.order) > keptDeliveries {
		delete(d.byID, d.order[0])
		d.order = d.order[1:]
	}
}

// deliver sends an envelope to one socket and waits for the acknowledgement.
// The error is only ever the context's; what went wrong on the way is in the
// Outcome.
func (s *Server) deliver(ctx context.Context, e envelope, apply func(json.RawMessage, *Outcome)) (Outcome, error) {
	d := s.send(e, apply)
	if d == nil {
		return Outcome{Error: dispatchFailed}, nil
	}
	s.sendDuplicate(e)
	return s.await(ctx, d)
}

// sendDuplicate sends the same thing again if that was asked for. Only the first
// answer changes what the person sees.
func (s *Server) sendDuplicate(e envelope) {
	s.lock()
	defer s.unlock()
	if s.duplicates == 0 {
		return
	}
	s.duplicates--
	s.start(func() {
		if d := s.send(e, nil); d != nil {
			s.await(context.Background(), d)
		}
	})
}

// DuplicateNext makes the next n envelopes arrive twice, each time under an
// envelope id of its own but with the same payload, on any socket.
func (s *Server) DuplicateNext(n int) {
	s.lock()
	defer s.unlock()
	s.duplicates = n
}

// send picks a socket at random, as Slack promises no order among them.
func (s *Server) send(e envelope, apply func(json.RawMessage, *Outcome)) *delivery {
	for {
		s.lock()
		c := s.pick()
		if c == nil {
			s.unlock()
			return nil
		}
		d := &delivery{id: kit.UUID(), what: describe(e), to: c, sent: time.Now(), patience: s.cfg.AckTimeout, apply: apply, done: make(chan Outcome, 1)}
		s.sent.add(d)
		s.log.Count("envelope:" + e.kind)
		s.unlock()
		if c.write(e.wire(d.id)) == nil {
			return d
		}
		c.ws.Close()
		s.lock()
		s.removeSocket(c)
		s.unlock()
	}
}

func (s *Server) pick() *socket {
	var fit []*socket
	for _, c := range s.sockets {
		if !c.draining {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		fit = s.sockets
	}
	if len(fit) == 0 {
		return nil
	}
	return fit[rand.IntN(len(fit))]
}

// describe names an envelope in violations.
func describe(e envelope) string {
	if inner := kit.Str(kit.Sub(e.payload, "event"), "type"); inner != "" {
		return "event " + inner
	}
	if t := kit.Str(e.payload, "type"); t != "" {
		return t
	}
	return e.kind
}

func (s *Server) await(ctx context.Context, d *delivery) (Outcome, error) {
	t := time.NewTimer(d.patience - time.Since(d.sent))
	defer t.Stop()
	select {
	case out := <-d.done:
		return out, nil
	case <-t.C:
		return s.expire(d), nil
	case <-ctx.Done():
		return Outcome{EnvelopeID: d.id}, ctx.Err()
	case <-s.done:
		return Outcome{EnvelopeID: d.id, Error: dispatchFailed}, nil
	}
}

// expire ends the wait. An app whose socket died is not blamed.
func (s *Server) expire(d *delivery) Outcome {
	s.lock()
	defer s.unlock()
	if d.answered {
		return <-d.done
	}
	d.expired = true
	if !d.to.gone {
		s.violate("no acknowledgement of %s within %v", d.what, d.patience)
	}
	return Outcome{EnvelopeID: d.id, Error: timedOut}
}

// acknowledge takes one frame from the app.
func (s *Server) acknowledge(from *socket, frame []byte) {
	var ack struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	s.lock()
	defer s.unlock()
	if len(frame) >= maxAck {
		s.violate("acknowledgement of %d bytes dropped, the limit is %d", len(frame), maxAck)
		return
	}
	if json.Unmarshal(frame, &ack) != nil || ack.EnvelopeID == "" {
		s.violate("frame that is no acknowledgement: %.80q", frame)
		return
	}
	d := s.sent.byID[ack.EnvelopeID]
	switch {
	case d == nil:
		s.violate("acknowledgement of an envelope that was never sent")
	case d.answered:
		s.violate("%s acknowledged twice", d.what)
	case d.to != from && !s.cfg.AcceptForeignAcks:
		s.violate("%s acknowledged on another socket than the one that delivered it", d.what)
	case d.expired:
		s.violate("%s acknowledged late, after %v", d.what, time.Since(d.sent).Round(time.Millisecond))
		d.answered = true
	default:
		s.complete(d, ack.Payload)
	}
}

func (s *Server) complete(d *delivery, payload json.RawMessage) {
	d.answered = true
	out := Outcome{EnvelopeID: d.id, Acked: true}
	if text := string(payload); text == "null" || text == "{}" {
		payload = nil
	}
	if d.apply != nil {
		d.apply(payload, &out)
	}
	d.done <- out
}
