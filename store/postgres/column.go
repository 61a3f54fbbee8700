package postgres

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/moment"
	"latchkey/store/postgres/pipeline"
)

// How columns become Go's values. All of them are read as bytes.

// text is a text that is kept as bytes.
type text string

// ScanBytes implements pgtype.BytesScanner.
func (t *text) ScanBytes(b []byte) error {
	*t = text(b)
	return nil
}

// body are bytes; nil if there are none.
type body []byte

// ScanBytes implements pgtype.BytesScanner.
func (p *body) ScanBytes(b []byte) error {
	*p = append([]byte(nil), b...)
	return nil
}

// when is a time; NULL is the zero time.
type when time.Time

// ScanBytes implements pgtype.BytesScanner.
func (w *when) ScanBytes(b []byte) error {
	switch len(b) {
	case 0:
		*w = when{}
	case moment.Size:
		*w = when(moment.Of(b))
	default:
		return fmt.Errorf("%d bytes are no time", len(b))
	}
	return nil
}

// noTime is the zero time as it is kept.
func noTime() []byte { return moment.Append(nil, time.Time{}) }

// hash is a hash; NULL is none.
type hash access.Hash

// ScanBytes implements pgtype.BytesScanner.
func (h *hash) ScanBytes(b []byte) error {
	switch len(b) {
	case 0:
		*h = hash{}
	case len(h):
		*h = hash(b)
	default:
		return fmt.Errorf("%d bytes are no hash", len(b))
	}
	return nil
}

// hashed is a hash as it is kept: none is nothing.
func hashed(h access.Hash) []byte {
	if h == (access.Hash{}) {
		return []byte{}
	}
	return h[:]
}

// array is an array of texts, in the database's words for one: an array of arrays of different
// lengths is none.
func array(texts []string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, text := range texts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`"\\x` + hex.EncodeToString([]byte(text)) + `"`)
	}
	b.WriteByte('}')
	return b.String()
}

// first is the time in the first row of a statement; ok is false if there is no row.
func (h *handle) first(about pipeline.Part, sql string, args ...any) (at time.Time, ok bool, err error) {
	err = h.one(about, sql, args, (*when)(&at))
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, false, nil
	}
	return at, err == nil, err
}
