package socket

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

var errMalformed = errors.New("the frame is not a JSON object")

// scanned holds the raw JSON values found at the top level of a frame, nil where absent. They alias the frame.
type scanned struct {
	id, kind, accepts, attempt, reason, payload []byte
}

// scan finds the top-level values in one pass. It checks the structure it walks over and leaves the inside of values
// to whoever decodes them. As in encoding/json the last of two equal keys counts.
func scan(frame []byte) (scanned, error) {
	var found scanned
	i := skipSpace(frame, 0)
	if i == len(frame) || frame[i] != '{' {
		return scanned{}, errMalformed
	}
	i = skipSpace(frame, i+1)
	if i < len(frame) && frame[i] == '}' {
		return found, nothingAfter(frame, i+1)
	}
	for {
		next, err := found.member(frame, i)
		if err != nil {
			return scanned{}, err
		}
		switch {
		case next < len(frame) && frame[next] == ',':
			i = skipSpace(frame, next+1)
		case next < len(frame) && frame[next] == '}':
			return found, nothingAfter(frame, next+1)
		default:
			return scanned{}, errMalformed
		}
	}
}

// member reads one "key": value at i and returns the index of what follows it.
func (s *scanned) member(b []byte, i int) (int, error) {
	if i == len(b) || b[i] != '"' {
		return 0, errMalformed
	}
	end := skipString(b, i)
	if end < 0 {
		return 0, errMalformed
	}
	key := b[i:end]
	i = skipSpace(b, end)
	if i == len(b) || b[i] != ':' {
		return 0, errMalformed
	}
	i = skipSpace(b, i+1)
	if end = skipValue(b, i); end < 0 {
		return 0, errMalformed
	}
	s.set(key, b[i:end:end])
	return skipSpace(b, end), nil
}

func (s *scanned) set(key, value []byte) {
	name := key[1 : len(key)-1]
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(text(key))
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
		ID:              text(s.id),
		Type:            s.name(),
		AcceptsResponse: string(bytes.Trim(s.accepts, `"`)) == "true",
		RetryAttempt:    number(s.attempt),
		RetryReason:     text(s.reason),
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
	return text(s.kind)
}

// text decodes a JSON string; anything else is "".
func text(raw []byte) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
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

func nothingAfter(b []byte, i int) error {
	if skipSpace(b, i) != len(b) {
		return errMalformed
	}
	return nil
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns the index after the value at i, or -1.
func skipValue(b []byte, i int) int {
	if i == len(b) {
		return -1
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipNested(b, i)
	}
	return skipLiteral(b, i)
}

// skipString returns the index after the string that opens at i, or -1. Searching for the closing quote is several
// times faster than looking at each byte, and strings are most of a payload.
func skipString(b []byte, i int) int {
	start := i + 1
	for i = start; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return -1
		}
		i += n
		back := i
		for back > start && b[back-1] == '\\' {
			back--
		}
		if (i-back)%2 == 0 {
			return i + 1
		}
	}
}

func skipNested(b []byte, i int) int {
	for depth := 0; i < len(b); i++ {
		switch b[i] {
		case '"':
			end := skipString(b, i)
			if end < 0 {
				return -1
			}
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// skipLiteral passes a number, true, false or null.
func skipLiteral(b []byte, i int) int {
	start := i
	for i < len(b) && (b[i] == '-' || b[i] == '+' || b[i] == '.' || '0' <= b[i] && b[i] <= '9' || 'a' <= b[i] && b[i] <= 'z' || b[i] == 'E') {
		i++
	}
	if i == start {
		return -1
	}
	return i
}
