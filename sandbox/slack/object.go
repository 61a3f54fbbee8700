package slack

import (
	"encoding/json"
	"maps"
	"slices"
)

// object is a JSON object kept as it came, so that keys this package has no
// opinion about survive the round trip.
type object = map[string]any

func str(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

func flag(o object, key string) bool {
	b, _ := o[key].(bool)
	return b
}

func sub(o object, key string) object {
	m, _ := o[key].(object)
	return m
}

// objects returns the elements of a JSON array that are objects.
func objects(v any) []object {
	switch list := v.(type) {
	case []object:
		return list
	case []any:
		out := make([]object, 0, len(list))
		for _, item := range list {
			if o, ok := item.(object); ok {
				out = append(out, o)
			}
		}
		return out
	}
	return nil
}

// clone copies JSON-like data deeply.
func clone[T any](v T) T { return cloneAny(v).(T) }

func cloneAny(v any) any {
	switch t := v.(type) {
	case object:
		out := maps.Clone(t)
		for k, item := range out {
			out[k] = cloneAny(item)
		}
		return out
	case []object:
		out := slices.Clone(t)
		for i := range out {
			out[i] = clone(out[i])
		}
		return out
	case []any:
		out := slices.Clone(t)
		for i := range out {
			out[i] = cloneAny(out[i])
		}
		return out
	}
	return v
}

func plain(text string) object {
	return object{"type": "plain_text", "text": text, "emoji": true}
}

// textOf returns the text of a text object.
func textOf(o object, key string) string { return str(sub(o, key), "text") }

// number reads a JSON number, whichever way it was decoded.
func number(v any) (float64, bool) {
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
