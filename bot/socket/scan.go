package socket

import (
	"bytes"
	"fmt"
	"strconv"

	"latchkey/rawjson"
)

// scanned holds the raw JSON values found at the top level of a frame, nil where absent. They alias the frame.
type scanned struct {
	id, kind, accepts, attempt, reason, payload []byte
}

// scan finds the top-level values in one pass, and leaves the inside of values to whoever decodes them. As in
// encoding/json the last of two equal keys counts.
func scan(frame []byte) (scanned, error) {
	var found scanned
	if err := rawjson.Members(frame, found.set); err != nil {
		return scanned{}, fmt.Errorf("read a frame: %w", err)
	}
	return found, nil
}

func (s *scanned) set(key, value []byte) {
	name := key[1 : len(key)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(rawjson.Text(key))
	}
	switch string(name) {
	case "envelope_id":
		s.id = value
	case "type":
		s.kind = value
	case "accepts_response_payload":
		s.accepts = value
	case "retry_attempt":
		s.attempt = value
	case "retry_reason":
		s.reason = value
	case "payload":
		s.payload = value
	}
}

// envelope turns the raw values into an Envelope without its time. Optional values of an unexpected type count as
// absent: Slack has sent strings for booleans before, and a click is worth more than a retry counter.
func (s *scanned) envelope() Envelope {
	return Envelope{
		ID:              rawjson.Text(s.id),
		Type:            s.name(),
		AcceptsResponse: string(bytes.Trim(s.accepts, `"`)) == "true",
		RetryAttempt:    number(s.attempt),
		RetryReason:     rawjson.Text(s.reason),
		Payload:         s.payload,
	}
}

// name is the frame's type. The known ones are constants, which saves an allocation an envelope.
func (s *scanned) name() string {
	switch string(s.kind) {
	case `"slash_commands"`:
		return "slash_commands"
	case `"interactive"`:
		return "interactive"
	case `"events_api"`:
		return "events_api"
	}
	return rawjson.Text(s.kind)
}

// number decodes a whole number, quoted or not; anything else is 0.
func number(raw []byte) int {
	if len(raw) == 0 { // as in most envelopes; Atoi would allocate an error for it
		return 0
	}
	n, err := strconv.Atoi(string(bytes.Trim(raw, `"`)))
	if err != nil {
		return 0
	}
	return n
}
