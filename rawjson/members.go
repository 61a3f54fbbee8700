// Package rawjson finds values in JSON text without decoding it. Most of what Slack
// sends is the view or the message that the bot made itself and never reads again, and
// of a hundred thousand people a review wants to know two words each: to decode all that
// would take longer than to skip it, by far.
//
// What is skipped is not checked: whoever reads a value checks it by decoding it.
package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

// ErrMalformed says that a text is not a JSON object, or not an array.
var ErrMalformed = errors.New("not the JSON that it should be")

// Members calls visit with each key, as it is written with its quotes, and its value
// of the object that b is. Both alias b. The structure that it walks over is checked,
// the inside of values is not. Equal keys are visited one after the other.
func Members(b []byte, visit func(key, value []byte)) error {
	i := skipSpace(b, 0)
	if i == len(b) || b[i] != '{' {
		return ErrMalformed
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return nothingAfter(b, i+1)
	}
	for {
		next, err := member(b, i, visit)
		switch {
		case err != nil:
			return err
		case next < len(b) && b[next] == ',':
			i = skipSpace(b, next+1)
		case next < len(b) && b[next] == '}':
			return nothingAfter(b, next+1)
		default:
			return ErrMalformed
		}
	}
}

// Elements calls visit with each value of the array that b is, as Members does.
func Elements(b []byte, visit func(value []byte)) error {
	i := skipSpace(b, 0)
	if i == len(b) || b[i] != '[' {
		return ErrMalformed
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return nothingAfter(b, i+1)
	}
	for {
		end := skipValue(b, i)
		if end < 0 {
			return ErrMalformed
		}
		visit(b[i:end:end])
		next := skipSpace(b, end)
		switch {
		case next < len(b) && b[next] == ',':
			i = skipSpace(b, next+1)
		case next < len(b) && b[next] == ']':
			return nothingAfter(b, next+1)
		default:
			return ErrMalformed
		}
	}
}

// member visits one "key": value at i and returns the index of what follows it.
func member(b []byte, i int, visit func(key, value []byte)) (int, error) {
	if i == len(b) || b[i] != '"' {
		return 0, ErrMalformed
	}
	end := skipString(b, i)
	if end < 0 {
		return 0, ErrMalformed
	}
	key := b[i:end:end]
	i = skipSpace(b, end)
	if i == len(b) || b[i] != ':' {
		return 0, ErrMalformed
	}
	i = skipSpace(b, i+1)
	if end = skipValue(b, i); end < 0 {
		return 0, ErrMalformed
	}
	visit(key, b[i:end:end])
	return skipSpace(b, end), nil
}

func nothingAfter(b []byte, i int) error {
	if skipSpace(b, i) != len(b) {
		return ErrMalformed
	}
	return nil
}

// Text decodes a JSON string; anything else is "".
func Text(raw []byte) string {
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
