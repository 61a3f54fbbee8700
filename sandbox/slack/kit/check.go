package kit

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// Checker collects what Slack would complain about in Block Kit JSON, worded
// and located the way Slack does it.
type Checker struct {
	Problems   []string
	Unmodelled string // a type Slack knows and the emulator does not
	blockIDs   map[string]bool
	Chars      int // text seen in all blocks
	home       bool
	Message    bool
}

func (c *Checker) fail(at, format string, args ...any) {
	c.Problems = append(c.Problems, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// text checks the text object under key. kind "plain_text" insists on it.
func (c *Checker) text(at string, o Object, key string, limit int, kind string, required bool) {
	v, present := o[key]
	if !present || v == nil {
		if required {
			c.fail(at, "missing required field: %s", key)
		}
		return
	}
	c.textObject(at+"/"+key, v, limit, kind)
}

func (c *Checker) textObject(at string, v any, limit int, kind string) {
	t, ok := v.(Object)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	c.keys(at, t, "type", "text", "emoji", "verbatim")
	switch got := Str(t, "type"); {
	case got != "plain_text" && got != "mrkdwn":
		c.fail(at+"/type", "unsupported type: %s", got)
		return
	case kind != "" && got != kind:
		c.fail(at, "failed to match all allowed schemas")
		return
	}
	c.length(at+"/text", t["text"], 1, limit)
	c.Chars += utf8.RuneCountInString(Str(t, "text"))
}

// length checks a string that is present.
func (c *Checker) length(at string, v any, least, most int) {
	s, ok := v.(string)
	n := utf8.RuneCountInString(s)
	switch {
	case !ok:
		c.fail(at, "must be a string")
	case n < least:
		c.fail(at, "must be more than %d characters", least-1)
	case n > most:
		c.fail(at, "must be less than %d characters", most+1)
	}
}

// max checks an optional string.
func (c *Checker) max(at string, o Object, key string, most int) {
	if v, ok := o[key]; ok && v != nil {
		c.length(at+"/"+key, v, 0, most)
	}
}

// list checks the size of a required array and returns its objects.
func (c *Checker) list(at string, o Object, key string, least, most int) []Object {
	v, ok := o[key]
	if !ok || v == nil {
		c.fail(at, "missing required field: %s", key)
		return nil
	}
	raw, n := Objects(v), Len(v)
	switch {
	case n < 0:
		c.fail(at+"/"+key, "must provide an array")
	case n < least:
		c.fail(at+"/"+key, "no fewer than %d items allowed", least)
	case n > most:
		c.fail(at+"/"+key, "no more than %d items allowed", most)
	case len(raw) < n:
		c.fail(at+"/"+key, "must provide an object")
	}
	return raw
}

// Len is the length of a JSON array; -1 if it is none.
func Len(v any) int {
	switch l := v.(type) {
	case []any:
		return len(l)
	case []Object:
		return len(l)
	}
	return -1
}

// keys refuses properties Slack does not know.
func (c *Checker) keys(at string, o Object, allowed ...string) {
	for _, k := range sortedKeys(o) {
		if !slices.Contains(allowed, k) {
			c.fail(at, "invalid additional property: %s", k)
		}
	}
}

func (c *Checker) wholeNumber(at string, o Object, key string, least, most int) {
	v, ok := o[key]
	if !ok || v == nil {
		return
	}
	n, isNumber := Number(v)
	switch {
	case !isNumber:
		c.fail(at+"/"+key, "must be an integer")
	case int(n) < least:
		c.fail(at+"/"+key, "must be greater than or equal to %d", least)
	case int(n) > most:
		c.fail(at+"/"+key, "must be less than or equal to %d", most)
	}
}

func sortedKeys(o Object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
