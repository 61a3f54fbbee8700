package jira

import "time"

// platformTime is the platform's date: milliseconds and an offset without a
// colon, which is not RFC 3339.
const platformTime = "2006-01-02T15:04:05.000-0700"

func stamp(t time.Time, loc *time.Location) string { return t.In(loc).Format(platformTime) }

// deskDate is the service desk's date object.
func deskDate(t time.Time, loc *time.Location) obj {
	local := t.In(loc)
	return obj{
		"iso8601":     local.Format("2006-01-02T15:04:05-0700"),
		"jira":        local.Format(platformTime),
		"friendly":    local.Format("02/Jan/06 3:04 PM"),
		"epochMillis": t.UnixMilli(),
	}
}
