package rest

import (
	"encoding/json"
	"time"
)

// TimeFormat is how the platform API writes and takes dates. It is not RFC 3339:
// the offset has no colon.
const TimeFormat = "2006-01-02T15:04:05.000-0700"

// ParseTime reads one of Jira's dates; the zero time if it is none.
func ParseTime(s string) time.Time {
	at, err := time.Parse(TimeFormat, s)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// ParseTimeOrMillis reads a date that may come as milliseconds.
func ParseTimeOrMillis(raw json.RawMessage) time.Time {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return ParseTime(text)
	}
	var millis int64
	if json.Unmarshal(raw, &millis) == nil {
		return time.UnixMilli(millis).UTC()
	}
	return time.Time{}
}
