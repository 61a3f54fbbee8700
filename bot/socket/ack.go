package socket

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
)

// ackLimit is the size in bytes from which Slack silently drops an ack (found by slack-go's authors: the constant in
// its socketmode/socketmode.go, changelog 0.21.0).
const ackLimit = 20_480

// buffer is a reusable byte slice. Very large ones are left to the garbage collector.
type buffer struct{ b []byte }

const bufferKeep = 64 << 10

// buffers recycles frames and acks; a plain sync.Pool with its type restored.
type buffers struct{ pool sync.Pool }

func (p *buffers) get() *buffer {
	if b, ok := p.pool.Get().(*buffer); ok {
		b.b = b.b[:0]
		return b
	}
	return &buffer{b: make([]byte, 0, 4<<10)}
}

func (p *buffers) put(b *buffer) {
	if b != nil && cap(b.b) <= bufferKeep {
		p.pool.Put(b)
	}
}

var errResponseNotJSON = errors.New("the response is not valid JSON; a plain ack goes out instead")

// appendAck writes the ack for id to dst. A response that Slack would drop or could not read is left out and
// reported, because a plain ack still spares the person an error.
func appendAck(dst []byte, id string, response []byte) ([]byte, error) {
	start := len(dst)
	dst = append(dst, `{"envelope_id":`...)
	dst = appendString(dst, id)
	plain := len(dst)
	if len(response) == 0 {
		return append(dst, '}'), nil
	}
	if !json.Valid(response) {
		return append(dst, '}'), errResponseNotJSON
	}
	dst = append(dst, `,"payload":`...)
	dst = append(dst, response...)
	dst = append(dst, '}')
	if size := len(dst) - start; size >= ackLimit {
		return append(dst[:plain], '}'), fmt.Errorf("the response makes an ack of %d bytes and Slack drops those of %d or more; "+
			"a plain ack goes out instead, show large views with views.update", size, ackLimit)
	}
	return dst, nil
}

// appendString quotes s. Slack's ids are UUIDs, which need no escaping.
func appendString(dst []byte, s string) []byte {
	for _, r := range []byte(s) {
		if r < ' ' || r == '"' || r == '\\' || r > '~' {
			quoted, err := json.Marshal(s)
			if err != nil { // cannot happen to a string
				return append(dst, `""`...)
			}
			return append(dst, quoted...)
		}
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}
