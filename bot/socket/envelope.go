package socket

import (
	"context"
	"time"
)

// Envelope is one delivery from Slack (docs.slack.dev, "Using Socket Mode").
type Envelope struct {
	ID              string    // envelope_id, echoed in the ack
	Type            string    // slash_commands, interactive, events_api, or one this package does not know
	AcceptsResponse bool      // accepts_response_payload: whether Slack says it reads a payload in the ack
	RetryAttempt    int       // events_api only: 0 at first, then 1, 2, 3
	RetryReason     string    // events_api only: "" at first, then usually "timeout"
	Payload         []byte    // raw JSON, nil if absent; read-only and valid only until Handle returns
	Received        time.Time // when the frame had been read; Slack's three seconds began slightly earlier
}

// Handler takes envelopes, each in a goroutine of its own and at most Config.HandlerLimit at once.
type Handler interface {
	// Handle commits whatever the envelope asks for before it returns, because the ack goes out next. The response
	// is the ack's payload as JSON, nil for a plain ack. After an error nothing is acked: Slack shows the person an
	// error, or delivers an event again. The context ends only when the client gives up waiting during shutdown.
	Handle(ctx context.Context, e Envelope) (response []byte, err error)
}

// HandlerFunc lets a function be a [Handler].
type HandlerFunc func(ctx context.Context, e Envelope) ([]byte, error)

// Handle calls f.
func (f HandlerFunc) Handle(ctx context.Context, e Envelope) ([]byte, error) { return f(ctx, e) }
