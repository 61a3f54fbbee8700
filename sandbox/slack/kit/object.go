package kit

import (
	"encoding/json"
	"maps"
	"slices"
)

// Object is a JSON object kept as it came, so that keys this package has no
// opinion about survive the round trip.
type Object = map[string]any

// Str is the string under key; empty if there is none.
func Str(o Object, key string) string {
	s, _ := o[key].(string)
	return s
}

// Flag is the boolean under key; false if there is none.
func Flag(o Object, key string) bool {
	b, _ := o[key].(bool)
	return b
}

// Sub is the object under key; nil if there is none.
func Sub(o Object, key string) Object {
	m, _ := o[key].(Object)
	return m
}

// Objects returns the elements of a JSON array that are objects.
func Objects(v any) []Object {
	switch list := v.(type) {
	case []Object:
		return list
	case []any:
		out := make([]Object, 0, len(list))
		for _, item := range list {
			if o, ok := item.(Object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

// Clone copies JSON-like data deeply.
func Clone[T any](v T) T { return CloneAny(v).(T) }

// CloneAny copies JSON-like data deeply.
func CloneAny(v any) any {
	switch t := v.(type) {
	case Object:
		out := maps.Clone(t)
		for k, item := range out {
			out[k] = CloneAny(item)
		}
		return out
	case []Object:
		out := slices.Clone(t)
		for i := range out {
			out[i] = Clone(out[i])
		}
		return out
	case []any:
		out := slices.Clone(t)
		for i := range out {
			out[i] = CloneAny(out[i])
		}
		return out
	}
	return v
}

// Plain is a plain_text object.
func Plain(text string) Object {
	return Object{"type": "plain_text", "text": text, "emoji": true}
}

// TextOf returns the text of a text object.
func TextOf(o Object, key string) string { return Str(Sub(o, key), "text") }

// Number reads a JSON number, whichever way it was decoded.
func Number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	case int64:
		return float64(n), true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}
