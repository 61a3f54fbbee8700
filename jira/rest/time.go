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

// leastMillis is the least number that is taken for milliseconds (in 1973); what is
// less counts seconds.
const leastMillis = 100_000_000_000

// ParseAnyTime reads a date that may also come as a number. Atlassian doesn't say of
// what: its examples show seconds ("Bulk fetch changelogs"), sites send
// milliseconds. A second is taken for its end, so that nothing seems to have
// happened before what it followed.
func ParseAnyTime(raw json.RawMessage) time.Time {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return ParseTime(text)
	}
	var n int64
	switch {
	case json.Unmarshal(raw, &n) != nil || n <= 0:
		return time.Time{}
	case n < leastMillis:
		return time.Unix(n+1, 0).UTC().Add(-time.Millisecond)
	}
	return time.UnixMilli(n).UTC()
}
