package slack

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// checker collects what Slack would complain about in Block Kit JSON, worded
// and located the way Slack does it.
type checker struct {
	problems   []string
	unmodelled string // a type Slack knows and the emulator does not
	blockIDs   map[string]bool
	chars      int // text seen in all blocks
	home       bool
	message    bool
}

func (c *checker) fail(at, format string, args ...any) {
	c.problems = append(c.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+at+"]")
}

// text checks the text object under key. kind "plain_text" insists on it.
func (c *checker) text(at string, o object, key string, limit int, kind string, required bool) {
	v, present := o[key]
	if !present || v == nil {
		if required {
			c.fail(at, "missing required field: %s", key)
		}
		return
	}
	c.textObject(at+"/"+key, v, limit, kind)
}

func (c *checker) textObject(at string, v any, limit int, kind string) {
	t, ok := v.(object)
	if !ok {
		c.fail(at, "must provide an object")
		return
	}
	c.keys(at, t, "type", "text", "emoji", "verbatim")
	switch got := str(t, "type"); {
	case got != "plain_text" && got != "mrkdwn":
		c.fail(at+"/type", "unsupported type: %s", got)
		return
	case kind != "" && got != kind:
		c.fail(at, "failed to match all allowed schemas")
		return
	}
	c.length(at+"/text", t["text"], 1, limit)
	c.chars += utf8.RuneCountInString(str(t, "text"))
}

// length checks a string that is present.
func (c *checker) length(at string, v any, least, most int) {
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
func (c *checker) max(at string, o object, key string, most int) {
	if v, ok := o[key]; ok && v != nil {
		c.length(at+"/"+key, v, 0, most)
	}
}

// list checks the size of a required array and returns its objects.
func (c *checker) list(at string, o object, key string, least, most int) []object {
	v, ok := o[key]
	if !ok || v == nil {
		c.fail(at, "missing required field: %s", key)
		return nil
	}
	raw, n := objects(v), size(v)
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

func size(v any) int {
	switch l := v.(type) {
	case []any:
		return len(l)
	case []object:
		return len(l)
	}
	return -1
}

// keys refuses properties Slack does not know.
func (c *checker) keys(at string, o object, allowed ...string) {
	for _, k := range sortedKeys(o) {
		if !slices.Contains(allowed, k) {
			c.fail(at, "invalid additional property: %s", k)
		}
	}
}

func (c *checker) wholeNumber(at string, o object, key string, least, most int) {
	v, ok := o[key]
	if !ok || v == nil {
		return
	}
	n, isNumber := number(v)
	switch {
	case !isNumber:
		c.fail(at+"/"+key, "must be an integer")
	case int(n) < least:
		c.fail(at+"/"+key, "must be greater than or equal to %d", least)
	case int(n) > most:
		c.fail(at+"/"+key, "must be less than or equal to %d", most)
	}
}

func sortedKeys(o object) []string {
	keys := make([]string, 0, len(o))
	for k := range o {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
